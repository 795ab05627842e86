//! What was lost of a stream, and in which runs.

use super::amount::share;
use super::sheet::Fact;
use crate::report::model::{RunClass, Stream};
use crate::report::text::number::{counted, grouped, offset, percent};

/// Holes told in a line.
const GAPS: usize = 6;

/// Counts, with those of RFC 3550 beside them, and runs where something was lost.
pub(super) fn facts(stream: &Stream) -> Vec<Fact> {
    let lost = match stream.packets_lost {
        0 => "none lost".to_owned(),
        lost => format!("{} lost ({})", grouped(lost), percent(share(stream.packets_received, lost))),
    };
    let counts = [
        (stream.packets_duplicated, "duplicated"),
        (stream.packets_reordered, "reordered"),
        (stream.packets_stray, "far off the sequence"),
    ];
    let mut packets = vec![format!("{} received", grouped(stream.packets_received)), lost];
    packets.extend(
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{} {what}", grouped(*count))),
    );
    let rfc = format!("{} expected, {} lost", grouped(stream.packets_expected), stream.packets_lost_rfc3550);
    let mut facts = vec![("packets", packets.join(", ")), ("by RFC 3550", rfc)];
    let bursts = &stream.loss_bursts;
    if bursts.count == 0 {
        return facts;
    }
    let number = |name: &str, value: Option<f64>, digits: usize| value.map(|value| format!("{name} {value:.digits$}"));
    let runs = [
        Some(counted(bursts.count, "run", "runs")),
        number("mean length", bursts.mean_length, 2),
        Some(format!("longest {}", grouped(bursts.longest))),
        number("packets between two", bursts.mean_gap, 1),
        number("Gilbert p", bursts.p, 4),
        number("r", bursts.r, 3),
        number("burst ratio", bursts.burst_ratio, 2),
    ];
    facts.push(("loss", runs.into_iter().flatten().collect::<Vec<_>>().join(", ")));
    facts.push(("run lengths", classes(&bursts.lengths)));
    if !bursts.gap_lengths.is_empty() {
        facts.push(("good runs", classes(&bursts.gap_lengths)));
    }
    let mut gaps: Vec<String> = bursts
        .gaps
        .iter()
        .take(GAPS)
        .map(|gap| format!("{} at {} #{}", grouped(gap.packets), offset(gap.time), gap.frame))
        .collect();
    let more = (bursts.gaps.len().saturating_sub(GAPS) as u64).saturating_add(bursts.gaps_omitted);
    if more > 0 {
        gaps.push(format!("{} more", grouped(more)));
    }
    if !gaps.is_empty() {
        facts.push(("holes", gaps.join(", ")));
    }
    facts
}

/// `1: 12, 2: 3, 5–8: 1, over 64: 1`.
fn classes(classes: &[RunClass]) -> String {
    let named = classes.iter().map(|class| {
        let lengths = match class.to {
            Some(to) if to == class.from => to.to_string(),
            Some(to) => format!("{}–{to}", class.from),
            None => format!("over {}", class.from.saturating_sub(1)),
        };
        format!("{lengths}: {}", grouped(class.count))
    });
    named.collect::<Vec<_>>().join(", ")
}
