//! In which order options were typed, which a derived structure forgets.

use std::collections::BTreeMap;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

/// For every option that was typed its places on the command line. It adds no option of its own, and must be the
/// first field of the structure that it is flattened into: reading a field takes it out of the matches.
#[derive(Debug, Clone, Default)]
pub(super) struct Order(BTreeMap<String, Vec<usize>>);

impl Order {
    /// Where the value with this index of an option stands.
    pub(super) fn place(&self, option: &str, index: usize) -> usize {
        self.0.get(option).and_then(|places| places.get(index)).copied().unwrap_or(usize::MAX)
    }
}

impl FromArgMatches for Order {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut order = Self::default();
        order.update_from_arg_matches(matches)?;
        Ok(order)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        // The group that clap makes of the structure is among the ids, and has no values of its own.
        let typed = matches.ids().map(|id| id.as_str()).filter(|id| {
            matches.try_contains_id(id).is_ok() && matches.value_source(id) == Some(ValueSource::CommandLine)
        });
        let places = typed.filter_map(|id| Some((id.to_owned(), matches.indices_of(id)?.collect())));
        self.0 = places.collect();
        Ok(())
    }
}

impl Args for Order {
    fn augment_args(command: Command) -> Command {
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        command
    }
}
