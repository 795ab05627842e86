//! How good the capture itself is.

use std::time::Duration;

use super::Row;
use crate::diagnose::case::Case;
use crate::diagnose::facts::{Fault, FaultKind};
use crate::diagnose::name::CAPTURE;
use crate::diagnose::wording::{count, duration, was};
use crate::finding::{Evidence, Finding, Rule, Severity};

pub(super) static RULES: &[Row] = &[
    (&CUT_OFF, cut_off),
    (&DAMAGED, damaged),
    (&PACKETS_TRUNCATED, packets_truncated),
    (&KERNEL_DROPS, kernel_drops),
    (&CLOCK_WENT_BACK, clock_went_back),
    (&COPIES, copies),
];

/// A step back larger than this is no reordering between interfaces or cores: the clock was set.
const CLOCK_SET: Duration = Duration::from_secs(1);

static CUT_OFF: Rule = Rule {
    name: "capture-cut-off",
    severity: Severity::Warning,
    summary: "The capture file ends in the middle of a record",
    what: "The file, or the compressed stream around it, ends before the record that it began is whole. Everything before it was \
        analysed.",
    why: "The end of the story is missing: what seems unanswered at the end may have been answered.",
    advice: "Usual causes: the capturing program was killed, the disk was full, the file was copied while it was being written. Let tcpdump end \
        with an interrupt, or write with -U.",
    source: "pcap and pcapng (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng)",
};

fn cut_off(case: &Case<'_>) -> Vec<Finding> {
    fault(case, &CUT_OFF, |kind| kind == FaultKind::Cut)
}

static DAMAGED: Rule = Rule {
    name: "capture-damaged",
    severity: Severity::Error,
    summary: "The capture file is damaged, or could not be read on",
    what: "The bytes of the file contradict its format so that the next record cannot be found, or the system reported an error while \
        reading. Everything before that place was analysed.",
    why: "An unknown part of the capture is missing from the report.",
    advice: "Get the file again from its source and compare checksums. If it cannot be had again, tools that search for the next record may \
        recover the rest (pcapfix).",
    source: "pcap and pcapng (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng)",
};

fn damaged(case: &Case<'_>) -> Vec<Finding> {
    fault(case, &DAMAGED, |kind| kind != FaultKind::Cut)
}

fn fault(case: &Case<'_>, rule: &'static Rule, which: impl Fn(FaultKind) -> bool) -> Vec<Finding> {
    let facts = case.facts();
    let told = |fault: &Fault| {
        let message =
            format!("{}; {} before that {} analysed", fault.text, count(facts.packets, "packet"), was(facts.packets));
        let mut finding = Finding::new(rule, message).about(CAPTURE, CAPTURE);
        finding.evidence.extend(fault.offset.map(Evidence::Offset));
        finding
    };
    facts.fault.iter().filter(|fault| which(fault.kind)).map(told).collect()
}

static PACKETS_TRUNCATED: Rule = Rule {
    name: "capture-packets-truncated",
    severity: Severity::Info,
    summary: "The capture kept only the first bytes of packets (snaplen)",
    what: "Packets are longer than the bytes that were kept of them. Sizes are still right, since the original length is kept. It is a \
        warning where STUN messages were cut as well.",
    why: "Attributes at the end of STUN messages may be missing: roles, USE-CANDIDATE, MESSAGE-INTEGRITY and FINGERPRINT are then unknown, and \
        with them who nominates and whether a password fits. The payload of encrypted media is no loss.",
    advice: "Capture whole packets (tcpdump -s 0). Where only headers may be kept, 400 bytes are enough for ICE checks.",
    source: "tcpdump(8), option -s; RFC 8489, section 14.7",
};

fn packets_truncated(case: &Case<'_>) -> Vec<Finding> {
    let facts = case.facts();
    if facts.truncated_packets == 0 {
        return Vec::new();
    }
    let cut = case.messages_cut();
    let stun = case.sessions().stun().fingerprint.unknown;
    let among = if cut { format!(", among them {}", count(stun, "STUN message")) } else { String::new() };
    let message = format!(
        "{} of {} {} cut by the capture{among}",
        facts.truncated_packets,
        count(facts.packets, "packet"),
        was(facts.truncated_packets)
    );
    let severity = if cut { Severity::Warning } else { Severity::Info };
    let finding = Finding::new(&PACKETS_TRUNCATED, message).with_severity(severity).about(CAPTURE, CAPTURE);
    vec![finding.frames(facts.first_truncated)]
}

static KERNEL_DROPS: Rule = Rule {
    name: "capture-kernel-drops",
    severity: Severity::Warning,
    summary: "The kernel dropped packets before the capturing program got them",
    what: "The capture's statistics say that packets arrived and were dropped because the capturing program did not fetch them in time. They \
        are missing from the file although they were on the wire.",
    why: "What looks like loss, an unanswered check or a missing refresh may be a hole in the capture.",
    advice: "Capture with a larger buffer (tcpdump -B, dumpcap -B), with a filter, with a snaplen, or to a faster disk.",
    source: "pcapng, Interface Statistics Block, isb_ifdrop (draft-ietf-opsawg-pcapng, section 4.6)",
};

fn kernel_drops(case: &Case<'_>) -> Vec<Finding> {
    let dropped = case.facts().dropped_by_kernel.filter(|dropped| *dropped > 0);
    let told = |dropped: u64| {
        let message = format!("the kernel dropped {} while this was captured", count(dropped, "packet"));
        Finding::new(&KERNEL_DROPS, message).about(CAPTURE, CAPTURE)
    };
    dropped.map(told).into_iter().collect()
}

static CLOCK_WENT_BACK: Rule = Rule {
    name: "capture-clock-went-back",
    severity: Severity::Info,
    summary: "Packets have earlier times than the packets before them",
    what: "The time of a packet is before that of the packet in front of it. Small steps come from several interfaces or processor cores that \
        write into one file; a step of a second or more means that the clock was set during the capture (then this is a warning).",
    why: "Timers run on the greatest time seen, so expiry and lost consent are not affected by small steps. After a clock was set back, \
        durations and round trips across the step are wrong.",
    advice: "For small steps nothing; reordercap sorts a file by time. For large ones, capture with a clock that is only slewed, or at least not \
        set while capturing.",
    source: "pcap and pcapng do not promise that packets are in order of time",
};

fn clock_went_back(case: &Case<'_>) -> Vec<Finding> {
    let told = |step: crate::diagnose::facts::ClockStep| {
        let largest = Duration::from_nanos(u64::try_from(step.largest_ns).unwrap_or(0));
        let message = format!("the clock went back {}, at most {}", count(step.count, "time"), duration(largest));
        let severity = if largest >= CLOCK_SET { Severity::Warning } else { Severity::Info };
        let finding = Finding::new(&CLOCK_WENT_BACK, message).with_severity(severity).at(step.first);
        finding.frames([step.first.frame]).about(CAPTURE, CAPTURE)
    };
    case.facts().clock_went_back.map(told).into_iter().collect()
}

static COPIES: Rule = Rule {
    name: "capture-copies",
    severity: Severity::Info,
    summary: "The capture holds packets more than once",
    what: "The capture itself made copies: it was taken on several interfaces at once (-i any), at a bridge, or from a mirror port that \
        mirrors both ends. Each packet was counted once and its copies left out.",
    why: "Counted twice, every packet would look like a duplicate or a retransmission, and loss would come out negative.",
    advice: "Nothing. To save space, capture on one interface only.",
    source: "tcpdump(8), option -i any; dumpcap(1)",
};

fn copies(case: &Case<'_>) -> Vec<Finding> {
    let facts = case.facts();
    if facts.duplicate_packets == 0 {
        return Vec::new();
    }
    let copied = facts.duplicate_packets;
    let message = format!(
        "{} of {} {} made by the capture itself; each packet was counted once",
        copied,
        count(facts.packets, "packet"),
        if copied == 1 { "is a copy" } else { "are copies" }
    );
    vec![Finding::new(&COPIES, message).about(CAPTURE, CAPTURE)]
}
