//! What RTCP tells, and that it is not there.

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::grouping::group;
use crate::diagnose::media::{Placed, seconds, stream, way};
use crate::diagnose::name::{self, STREAM};
use crate::diagnose::wording::duration;
use crate::finding::{Finding, Rule, Severity};
use crate::session::media::Stream;

pub(super) static RULES: &[Row] = &[(&MISSING, missing)];

/// Life of a stream, in seconds, after which its sender has reported twice: every five seconds, give or take a half (RFC 3550, section 6.3.1).
const REPORTED_BY: f64 = 10.0;

static MISSING: Rule = Rule {
    name: "rtcp-missing",
    severity: Severity::Warning,
    summary: "A sender of media sends no RTCP",
    what: "Media went one way for ten seconds or longer, and no RTCP came from any of its senders, in the clear or encrypted. Senders of \
        media report at least every few seconds. Without ICE it is information, since many telephones do not report and a capture of one \
        port does not show RTCP on the next one.",
    why: "Without sender reports sound and pictures cannot be put in step; without receiver reports nobody learns of loss, and senders do not \
        adapt. In a WebRTC call it means that RTCP is lost or blocked on its way.",
    advice: "See whether rtcp-mux was agreed on: if not, RTCP goes to another port, which a firewall or the filter of the capture may drop. \
        b=RS:0 and b=RR:0 in a description switch it off.",
    source: "RFC 3550, section 6; RFC 8834, section 4.1; RFC 5761; RFC 3556",
};

fn missing(case: &Case<'_>) -> Vec<Finding> {
    // A sender with several streams reports on all of them, so that the silence of one of them tells nothing.
    let flows = group(case.media().map(|(place, stream)| (stream.path.flow().0, (place, stream))));
    flows
        .into_iter()
        .filter_map(|(_, members)| {
            let silent = |(_, one): &Placed<'_>| {
                let mut same = members.iter().filter(|(_, other)| other.path.source == one.path.source);
                same.all(|(_, other)| other.reports.packets == 0)
            };
            let silent: Vec<Placed<'_>> = members.iter().copied().filter(silent).collect();
            let (place, known) =
                *silent.iter().rev().max_by(|(_, one), (_, other)| spoke(one).total_cmp(&spoke(other)))?;
            if spoke(known) < REPORTED_BY {
                return None;
            }
            let back = silent.iter().any(|(_, other)| other.path.source != known.path.source);
            let message = format!(
                "{} {}: no RTCP of its sender in {}{}",
                stream(place, known),
                way(known),
                duration(seconds(known.seconds())),
                if back { ", and none of the other side" } else { "" }
            );
            let severity = if known.session.is_some() { Severity::Warning } else { Severity::Info };
            let finding = resting(Finding::new(&MISSING, message), [Some(known.first), Some(known.last)]);
            Some(finding.with_severity(severity).about(STREAM, name::stream_id(place)))
        })
        .collect()
}

/// For how long a stream was sent, without its pauses.
fn spoke(stream: &Stream) -> f64 {
    stream.seconds() - stream.paused_seconds
}
