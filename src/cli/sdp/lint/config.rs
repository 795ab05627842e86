//! `rtcscope.toml`: what a project says of its descriptions.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use globset::{Glob, GlobSet, GlobSetBuilder};
use serde::Deserialize;

use super::args::RuleArguments;
use crate::cli::args::FailOn;
use crate::cli::fault::Fault;
use crate::finding::Severity;
use crate::lint::{Options, Profile, Selection, Selector, Target};

/// The name that is looked for.
const NAME: &str = "rtcscope.toml";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    #[serde(default)]
    sdp: WrittenRules,
}

/// The table `[sdp]`, and each `[[sdp.files]]` in it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct WrittenRules {
    select: Vec<String>,
    ignore: Vec<String>,
    severity: BTreeMap<String, String>,
    profile: Option<String>,
    targets: Option<Vec<String>>,
    /// Of `[sdp]` alone.
    fail_on: Option<String>,
    /// Of `[sdp]` alone: what holds for some files.
    files: Vec<WrittenRules>,
    /// Of `[[sdp.files]]` alone: which files.
    glob: Vec<String>,
}

/// What is held of a file.
#[derive(Debug, Clone, Default)]
pub(in crate::cli::sdp) struct Settings {
    pub(super) options: Options,
    pub(super) targets: Option<Vec<Target>>,
    pub(super) fail_on: Option<FailOn>,
}

impl Settings {
    fn add(&mut self, rules: &Rules) {
        let Rules { select, ignore, severity, profile, targets } = rules.clone();
        let mut selection = std::mem::take(&mut self.options.selection);
        selection = select.into_iter().fold(selection, Selection::select);
        selection = ignore.into_iter().fold(selection, Selection::ignore);
        selection = severity.into_iter().fold(selection, |all, (rule, severity)| all.severity(rule, severity));
        self.options.selection = selection;
        self.options.profile = profile.or(self.options.profile);
        self.targets = targets.or(self.targets.take());
    }
}

/// The rules part, understood.
#[derive(Debug, Clone, Default)]
struct Rules {
    select: Vec<Selector>,
    ignore: Vec<Selector>,
    severity: Vec<(Selector, Severity)>,
    profile: Option<Profile>,
    targets: Option<Vec<Target>>,
}

/// One configuration file, understood.
#[derive(Debug, Default)]
struct Configuration {
    folder: PathBuf,
    rules: Rules,
    fail_on: Option<FailOn>,
    files: Vec<(GlobSet, Rules)>,
}

/// The configurations that were found, by the folder that they hold for.
#[derive(Debug)]
pub(in crate::cli::sdp) struct Configurations {
    typed: Rules,
    fail_on: Option<FailOn>,
    /// The one file that was named, instead of those that are found.
    named: Option<Configuration>,
    search: bool,
    found: BTreeMap<PathBuf, Option<std::rc::Rc<Configuration>>>,
}

impl Configurations {
    /// What was typed, and the file that was named.
    pub(super) fn new(arguments: &RuleArguments) -> Result<Self, Fault> {
        let selectors = |option: &'static str, names: &[String]| -> Result<Vec<Selector>, Fault> {
            names.iter().map(|name| selector(name, option)).collect()
        };
        let typed = Rules {
            select: selectors("--select", &arguments.select)?,
            ignore: selectors("--ignore", &arguments.ignore)?,
            severity: Vec::new(),
            profile: arguments.profile.map(Into::into),
            targets: (!arguments.target.is_empty())
                .then(|| arguments.target.iter().map(|target| (*target).into()).collect()),
        };
        let named = arguments.config.as_deref().map(Configuration::read).transpose()?;
        let search = named.is_none() && !arguments.no_config;
        Ok(Self { typed, fail_on: arguments.fail_on, named, search, found: BTreeMap::new() })
    }

    /// What is held of this file: its configuration, the parts of it for such files, and what was typed over all.
    pub(super) fn of(&mut self, path: &Path) -> Result<Settings, Fault> {
        let mut settings = Settings::default();
        if let Some(named) = &self.named {
            named.apply(path, &mut settings);
        } else if self.search {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            if let Some(found) = self.search(folder)? {
                found.apply(path, &mut settings);
            }
        }
        // What is typed selects anew instead of adding.
        if !self.typed.select.is_empty() {
            let severities = settings.options.selection.clone();
            settings.options.selection = severities.without_select();
        }
        settings.add(&self.typed);
        settings.fail_on = self.fail_on.or(settings.fail_on);
        Ok(settings)
    }

    /// The configuration of a folder: its own or the next one upwards.
    fn search(&mut self, folder: &Path) -> Result<Option<std::rc::Rc<Configuration>>, Fault> {
        let Ok(start) = folder.canonicalize() else { return Ok(None) };
        if let Some(found) = self.found.get(&start) {
            return Ok(found.clone());
        }
        let file = start.ancestors().map(|folder| folder.join(NAME)).find(|file| file.is_file());
        let found = match file {
            Some(file) => Some(std::rc::Rc::new(Configuration::read(&file)?)),
            None => None,
        };
        self.found.insert(start, found.clone());
        Ok(found)
    }
}

fn selector(name: &str, place: &'static str) -> Result<Selector, Fault> {
    Selector::new(name).map_err(|unknown| Fault::RuleName { place: place.to_owned(), source: unknown })
}

impl Configuration {
    fn read(path: &Path) -> Result<Self, Fault> {
        let name = path.to_string_lossy().into_owned();
        let text = fs::read_to_string(path).map_err(|source| Fault::Read { path: name.clone(), source })?;
        let fault = |reason: String| Fault::Configuration { path: name.clone(), reason };
        let written: Written = toml::from_str(&text).map_err(|error| {
            // The place as a line of the file, the reason alone: the text of the error is several lines.
            let line =
                error.span().and_then(|span| text.get(..span.start)).map(|before| before.matches('\n').count() + 1);
            let place = line.map_or_else(|| name.clone(), |line| format!("{name}:{line}"));
            Fault::Configuration { path: place, reason: error.message().to_owned() }
        })?;
        let rules = written.sdp;
        if !rules.glob.is_empty() {
            return Err(fault("expected `glob` in [[sdp.files]], found it in [sdp]".to_owned()));
        }
        let fail_on = rules.fail_on.as_deref().map(|word| match word {
            "error" => Ok(FailOn::Error),
            "warning" => Ok(FailOn::Warning),
            "info" => Ok(FailOn::Info),
            "never" => Ok(FailOn::Never),
            other => Err(fault(format!("expected error, warning, info or never, found `{other}`"))),
        });
        let mut read = Self {
            folder: path.parent().map(Path::to_path_buf).unwrap_or_default(),
            rules: Rules::new(&rules, &name)?,
            fail_on: fail_on.transpose()?,
            files: Vec::new(),
        };
        for part in &rules.files {
            if part.glob.is_empty() || part.fail_on.is_some() || !part.files.is_empty() {
                let reason = "expected in [[sdp.files]] a `glob`, and neither `fail-on` nor `files`";
                return Err(fault(reason.to_owned()));
            }
            let mut globs = GlobSetBuilder::new();
            for glob in &part.glob {
                globs.add(Glob::new(glob).map_err(|error| fault(error.to_string()))?);
            }
            let globs = globs.build().map_err(|error| fault(error.to_string()))?;
            read.files.push((globs, Rules::new(part, &name)?));
        }
        Ok(read)
    }

    fn apply(&self, path: &Path, settings: &mut Settings) {
        settings.fail_on = self.fail_on;
        settings.add(&self.rules);
        // Globs are of paths below the folder of the configuration.
        let whole = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let folder = self.folder.canonicalize().unwrap_or_else(|_| self.folder.clone());
        let below = whole.strip_prefix(&folder).unwrap_or(&whole);
        self.files.iter().filter(|(globs, _)| globs.is_match(below)).for_each(|(_, rules)| settings.add(rules));
    }
}

impl Rules {
    fn new(written: &WrittenRules, path: &str) -> Result<Self, Fault> {
        let named = |name: &str| {
            Selector::new(name).map_err(|unknown| Fault::RuleName { place: path.to_owned(), source: unknown })
        };
        let fault = |reason: String| Fault::Configuration { path: path.to_owned(), reason };
        let severity = |(name, word): (&String, &String)| {
            let severity = match word.as_str() {
                "error" => Severity::Error,
                "warning" => Severity::Warning,
                "info" => Severity::Info,
                other => return Err(fault(format!("expected error, warning or info, found `{other}`"))),
            };
            Ok((named(name)?, severity))
        };
        let profile = written.profile.as_deref().map(|name| {
            Profile::from_name(name)
                .ok_or_else(|| fault(format!("expected the profile webrtc, sip or generic, found `{name}`")))
        });
        let target = |name: &String| {
            Target::from_name(name)
                .ok_or_else(|| fault(format!("expected the target chrome, firefox, safari or rfc, found `{name}`")))
        };
        Ok(Self {
            select: written.select.iter().map(|name| named(name)).collect::<Result<_, _>>()?,
            ignore: written.ignore.iter().map(|name| named(name)).collect::<Result<_, _>>()?,
            severity: written.severity.iter().map(severity).collect::<Result<_, _>>()?,
            profile: profile.transpose()?,
            targets: written
                .targets
                .as_ref()
                .map(|names| names.iter().map(target).collect::<Result<_, _>>())
                .transpose()?,
        })
    }
}
