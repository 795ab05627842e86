//! How voice is likely to sound, and on what that rests.

use super::sheet::Fact;
use crate::report::model::{Quality, Stream};
use crate::report::text::number::{duration, percent};

pub(super) fn facts(stream: &Stream) -> Vec<Fact> {
    stream.quality.iter().map(|quality| ("quality", rating(quality))).collect()
}

/// `R 79.9, MOS 4.03 by the E-model, with heuristic values (…); from 1.0 % loss, …`.
fn rating(quality: &Quality) -> String {
    let basis = &quality.basis;
    let bursts =
        basis.burst_ratio.map(|ratio| format!(" in runs {ratio:.2} times those of chance")).unwrap_or_default();
    let delay = match basis.one_way_delay {
        Some(delay) => format!("{} one way", duration(delay)),
        None => "delay not known, so at best".to_owned(),
    };
    format!(
        "R {:.1}, MOS {:.2} by the E-model from {} loss{bursts}, {delay}; codec by {} values: {}",
        quality.r_factor,
        quality.mos,
        percent(basis.loss),
        basis.origin,
        basis.source
    )
}
