//! What a peer connection did and heard, call by call: the log that all dumps have in common.

use super::budget::Budget;
use super::model::{FileClock, SideConnection, StateEvent, Subject};
use super::sections::{is_abbreviated, restored};
use super::statistics::{StatsSeries, StatsValues};
use super::text::{candidate, candidate_error, description, error, state, unwrap};
use crate::moment::{Moment, Timestamp};
use crate::signal::{Addressing, Carrier, Channel, Description, DescriptionType, Matter, Signal, Speaker};
use crate::signaling::json::Json;

/// What one side has set.
#[derive(Debug, Default)]
struct Side {
    /// The place of the description whose setting has not ended.
    pending: Option<usize>,
    /// The place of the one set last.
    last: Option<usize>,
    /// When it was told to set what it makes itself.
    implicit: Option<Timestamp>,
}

/// The log of one connection while it is read.
#[derive(Debug)]
pub(super) struct Log {
    id: String,
    page: Option<String>,
    clock: Option<FileClock>,
    now: Option<Timestamp>,
    /// `None` at the places of descriptions that were refused.
    signals: Vec<Option<Signal>>,
    events: Vec<StateEvent>,
    local: Side,
    remote: Side,
    /// The last offer and the last answer that were made.
    created: [Option<String>; 2],
    pub(super) stats: Vec<StatsSeries>,
}

impl Log {
    pub(super) fn new(id: &str, page: Option<&str>) -> Self {
        Self {
            id: super::text::short(id),
            page: page.filter(|page| !page.is_empty()).map(super::text::short),
            clock: None,
            now: None,
            signals: Vec::new(),
            events: Vec::new(),
            local: Side::default(),
            remote: Side::default(),
            created: [None, None],
            stats: Vec::new(),
        }
    }

    /// Takes the next entry. One without a time has that of the one before it.
    pub(super) fn entry(
        &mut self,
        time: Option<(Timestamp, FileClock)>,
        method: &str,
        value: &Json,
        budget: &mut Budget,
    ) {
        if let Some((time, clock)) = time {
            self.now = Some(time);
            // The coarsest of its times says how sure all of them are.
            self.clock = Some(match self.clock {
                Some(known) => FileClock {
                    resolution: known.resolution.max(clock.resolution),
                    zone_known: known.zone_known && clock.zone_known,
                },
                None => clock,
            });
        }
        let value = unwrap(value);
        let value = value.as_ref();
        let name = method.to_ascii_lowercase();
        match name.strip_prefix("on").unwrap_or(&name) {
            "createofferonsuccess" | "createansweronsuccess" => self.created(value, budget),
            "setlocaldescription" => self.set(Speaker::Client, value, budget),
            "setremotedescription" => self.set(Speaker::Server, value, budget),
            "setlocaldescriptiononsuccess" | "setlocaldescriptionimplicitonsuccess" => {
                self.succeeded(Speaker::Client, value, budget);
            }
            "setremotedescriptiononsuccess" => self.succeeded(Speaker::Server, value, budget),
            "setlocaldescriptiononfailure" => self.failed(Some(Speaker::Client), value, budget),
            "setremotedescriptiononfailure" => self.failed(Some(Speaker::Server), value, budget),
            "createofferonfailure" | "createansweronfailure" => self.failed(None, value, budget),
            "icecandidate" => self.candidate(Speaker::Client, value, budget),
            "addicecandidate" | "addicecandidatefailed" => self.candidate(Speaker::Server, value, budget),
            "addicecandidateonfailure" => self.event(Subject::AddCandidateError, error(value), budget),
            "signalingstatechange" => self.state(Subject::Signaling, value, budget),
            "iceconnectionstatechange" => self.state(Subject::IceConnection, value, budget),
            "icegatheringstatechange" => self.state(Subject::IceGathering, value, budget),
            "connectionstatechange" => self.state(Subject::Connection, value, budget),
            "icecandidateerror" => self.candidate_error(value, budget),
            "close" => self.event(Subject::Connection, "closed".to_owned(), budget),
            _ => {}
        }
    }

    fn side(&mut self, speaker: Speaker) -> &mut Side {
        match speaker {
            Speaker::Client => &mut self.local,
            Speaker::Server => &mut self.remote,
        }
    }

    /// A description was made. What is left out of it stands in the last one of its type that was set.
    fn created(&mut self, value: &Json, budget: &mut Budget) {
        let Some(Description { kind: Some(kind), mut sdp }) = description(value) else { return };
        if is_abbreviated(&sdp) {
            let last = self.local.last.and_then(|last| self.signals.get(last)?.as_ref());
            let base = match last.map(|last| &last.matter) {
                Some(Matter::Description(last)) if last.kind == Some(kind) => last.sdp.as_str(),
                _ => "",
            };
            sdp = whole(&sdp, base, budget).unwrap_or_default();
        }
        if let Some(slot) = self.created.get_mut(usize::from(kind != DescriptionType::Offer)) {
            *slot = Some(sdp).filter(|sdp| !sdp.is_empty());
        }
    }

    /// The last offer or the last answer that was made.
    fn last_created(&self, kind: Option<DescriptionType>) -> &str {
        let place = usize::from(kind != Some(DescriptionType::Offer));
        self.created.get(place).and_then(Option::as_deref).unwrap_or_default()
    }

    /// A description is about to be set. One with a type alone is the last that was made (W3C, `setLocalDescription`), and
    /// what is left out of one stands there too.
    fn set(&mut self, speaker: Speaker, value: &Json, budget: &mut Budget) {
        let found = description(value);
        let made = found.as_ref().map(|found| self.last_created(found.kind)).filter(|_| speaker == Speaker::Client);
        let made = made.unwrap_or_default();
        let found = match found {
            Some(found) if found.kind == Some(DescriptionType::Rollback) => Some(found),
            Some(found) if is_abbreviated(&found.sdp) => match whole(&found.sdp, made, budget) {
                Some(sdp) => Some(Description { sdp, ..found }),
                // A text that is not known is no signal.
                None => return,
            },
            Some(found) if found.sdp.is_empty() => {
                (!made.is_empty() && budget.copy(made.len())).then(|| Description { sdp: made.to_owned(), ..found })
            }
            found => found,
        };
        let now = self.now;
        self.side(speaker).implicit = found.is_none().then(|| now.unwrap_or_default());
        if let Some(found) = found {
            self.describe(speaker, now, found, budget);
        }
    }

    fn describe(&mut self, speaker: Speaker, time: Option<Timestamp>, mut found: Description, budget: &mut Budget) {
        if found.kind == Some(DescriptionType::Rollback) {
            found.sdp.clear();
        }
        let matter = Matter::Description(found);
        let last = self.side(speaker).last.and_then(|last| self.signals.get(last)?.as_ref());
        if last.is_some_and(|last| last.matter == matter) {
            return;
        }
        let place = self.push(time, speaker, matter, budget);
        let side = self.side(speaker);
        (side.pending, side.last) = (place, place.or(side.last));
    }

    fn succeeded(&mut self, speaker: Speaker, value: &Json, budget: &mut Budget) {
        self.side(speaker).pending = None;
        // What was made and set at once is told when it is done.
        if let Some(begun) = self.side(speaker).implicit.take()
            && let Some(found) = description(value).filter(|found| !found.sdp.is_empty())
        {
            self.describe(speaker, Some(begun), found, budget);
            self.side(speaker).pending = None;
        }
    }

    fn failed(&mut self, speaker: Option<Speaker>, value: &Json, budget: &mut Budget) {
        if let Some(speaker) = speaker {
            let side = self.side(speaker);
            side.implicit = None;
            if let Some(place) = side.pending.take() {
                side.last = None;
                if let Some(slot) = self.signals.get_mut(place) {
                    *slot = None;
                }
            }
        }
        self.event(Subject::DescriptionError, error(value), budget);
    }

    fn candidate(&mut self, speaker: Speaker, value: &Json, budget: &mut Budget) {
        match candidate(value) {
            Some(matter) => {
                self.push(self.now, speaker, matter, budget);
            }
            None => budget.skipped += 1,
        }
    }

    fn push(
        &mut self,
        time: Option<Timestamp>,
        speaker: Speaker,
        matter: Matter,
        budget: &mut Budget,
    ) -> Option<usize> {
        budget.entry().then(|| {
            self.signals.push(Some(Signal {
                moment: Moment { time: time.unwrap_or_default(), ..Moment::default() },
                carrier: Carrier::Internals,
                channel: Channel(0),
                speaker,
                source: None,
                destination: None,
                addressing: Addressing::default(),
                matter,
            }));
            self.signals.len() - 1
        })
    }

    fn state(&mut self, subject: Subject, value: &Json, budget: &mut Budget) {
        match state(value) {
            Some(word) => self.event(subject, word, budget),
            None => budget.skipped += 1,
        }
    }

    fn candidate_error(&mut self, value: &Json, budget: &mut Budget) {
        let found = candidate_error(value);
        let word = [found.code.map(|code| code.to_string()), found.text.clone()];
        let word = word.into_iter().flatten().collect::<Vec<_>>().join(" ");
        if budget.entry() {
            let time = self.now.unwrap_or_default();
            self.events.push(StateEvent { time, subject: Subject::CandidateError, word, error: Some(found) });
        }
    }

    fn event(&mut self, subject: Subject, word: String, budget: &mut Budget) {
        if budget.entry() {
            let time = self.now.unwrap_or_default();
            self.events.push(StateEvent { time, subject, word, error: None });
        }
    }

    /// The DTLS states that the statistics of transports show, where these have the clock of the log.
    fn dtls_states(&mut self, budget: &mut Budget) {
        if self.clock.is_some_and(|clock| !clock.zone_known) {
            return;
        }
        for series in self.stats.iter().filter(|series| series.name == "dtlsState") {
            let StatsValues::Texts(words) = &series.values else { continue };
            let mut before = None;
            for (index, word) in words.iter().enumerate() {
                let Some(word) = word else { continue };
                if before != Some(word)
                    && let Some(time) = series.time(index)
                    && budget.entry()
                {
                    let word = super::text::short(word);
                    self.events.push(StateEvent { time, subject: Subject::Dtls, word, error: None });
                }
                before = Some(word);
            }
        }
    }

    /// The connection, with the number `channel`.
    pub(super) fn finish(mut self, channel: Channel, budget: &mut Budget) -> SideConnection {
        self.dtls_states(budget);
        let mut signals: Vec<Signal> =
            self.signals.into_iter().flatten().map(|signal| Signal { channel, ..signal }).collect();
        signals.sort_by_key(|signal| signal.moment.time);
        self.events.sort_by_key(|event| event.time);
        SideConnection {
            id: self.id,
            page: self.page,
            channel,
            clock: self.clock,
            signals,
            events: self.events,
            stats: self.stats,
        }
    }
}

/// The text of which `sdp` leaves out what `base` has; `None` where that does not have it, or is too much.
fn whole(sdp: &str, base: &str, budget: &mut Budget) -> Option<String> {
    let found = if budget.copy(base.len()) { restored(sdp, base) } else { None };
    let found = found.filter(|found| found.starts_with("v=0"));
    budget.skipped += u64::from(found.is_none());
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signaling::Limits;
    use crate::signaling::file::time::of_json;

    const SDP: &str = "v=0\r\ns=-\r\n";

    fn read(entries: &[(&str, &str)]) -> SideConnection {
        let mut budget = Budget::new(&Limits::default());
        let mut log = Log::new("1-1", None);
        for (at, (method, value)) in entries.iter().enumerate() {
            let time = of_json(&Json::Number((1000 + at).to_string()));
            log.entry(time, method, &Json::Text((*value).to_owned()), &mut budget);
        }
        log.finish(Channel(1), &mut budget)
    }

    fn told(entries: &[(&str, &str)]) -> Vec<String> {
        let tell = |signal: Signal| match signal.matter {
            Matter::Description(found) => {
                format!("{:?} {} {}", signal.speaker, found.kind.map_or("?", DescriptionType::name), found.sdp == SDP)
            }
            other => format!("{other:?}"),
        };
        read(entries).signals.into_iter().map(tell).collect()
    }

    const OFFER: &str = "type: offer, sdp: v=0\r\ns=-\r\n";
    const ANSWER: &str = "type: answer, sdp: v=0\r\ns=-\r\n";

    #[test]
    fn what_was_made_and_not_set_is_no_signal() {
        assert_eq!(told(&[("createOfferOnSuccess", OFFER)]), Vec::<String>::new());
        assert_eq!(told(&[("createOfferOnSuccess", OFFER), ("setLocalDescription", OFFER)]), ["Client offer true"]);
    }

    #[test]
    fn what_is_set_twice_counts_once() {
        let log = [("setRemoteDescription", OFFER), ("setRemoteDescription", OFFER), ("setLocalDescription", ANSWER)];
        assert_eq!(told(&log), ["Server offer true", "Client answer true"]);
    }

    #[test]
    fn what_was_refused_is_no_signal_until_it_is_taken() {
        let mut log = vec![("setLocalDescription", OFFER), ("setLocalDescriptionOnFailure", "no")];
        assert_eq!(told(&log), Vec::<String>::new());
        assert_eq!(read(&log).events[0].subject, Subject::DescriptionError);
        log.push(("setLocalDescription", OFFER));
        assert_eq!(told(&log), ["Client offer true"]);
    }

    #[test]
    fn what_is_made_and_set_at_once_is_told_at_its_end() {
        let log = [("setLocalDescription", ""), ("setLocalDescriptionOnSuccess", OFFER)];
        assert_eq!(told(&log), ["Client offer true"]);
        assert_eq!(read(&log).signals[0].moment.time, Timestamp(1_000_000_000));
        assert_eq!(told(&[("setLocalDescription", ""), ("setLocalDescriptionOnSuccess", "")]), Vec::<String>::new());
    }

    #[test]
    fn a_type_alone_means_the_last_that_was_made() {
        let log = [("createOfferOnSuccess", OFFER), ("setLocalDescription", r#"{"type":"offer"}"#)];
        assert_eq!(told(&log), ["Client offer true"]);
        assert_eq!(told(&[("setLocalDescription", r#"{"type":"rollback","sdp":""}"#)]), ["Client rollback false"]);
    }

    #[test]
    fn what_is_left_out_stands_in_the_one_before() {
        let short = "type: offer, sdp: v=\r\n";
        assert_eq!(told(&[("createOfferOnSuccess", OFFER), ("setLocalDescription", short)]), ["Client offer true"]);
        assert_eq!(told(&[("setLocalDescription", short)]), Vec::<String>::new());
        assert_eq!(told(&[("createAnswerOnSuccess", ANSWER), ("setLocalDescription", short)]), Vec::<String>::new());
    }

    #[test]
    fn few_bytes_cannot_stand_for_many_for_ever() {
        let mut budget = Budget::new(&Limits::default());
        let mut log = Log::new("1-1", None);
        let long = format!("type: offer, sdp: v=0\r\n{}", "x".repeat(1 << 20));
        log.entry(None, "createOfferOnSuccess", &Json::Text(long), &mut budget);
        for _ in 0..1000 {
            log.entry(None, "setLocalDescription", &Json::Text(r#"{"type":"offer"}"#.to_owned()), &mut budget);
            log.entry(None, "setLocalDescription", &Json::Text(r#"{"type":"rollback"}"#.to_owned()), &mut budget);
        }
        let found = log.finish(Channel(1), &mut budget);
        let offers = found.signals.iter().filter(
            |signal| matches!(&signal.matter, Matter::Description(found) if found.kind == Some(DescriptionType::Offer)),
        );
        assert_eq!(offers.count(), 63);
    }

    #[test]
    fn entries_are_bounded() {
        let mut budget = Budget::new(&Limits { file_entries: 10, ..Limits::default() });
        let mut log = Log::new("1-1", None);
        for _ in 0..100 {
            log.entry(None, "oniceconnectionstatechange", &Json::Text("checking".to_owned()), &mut budget);
        }
        assert_eq!(log.finish(Channel(1), &mut budget).events.len(), 10);
        assert_eq!(budget.omitted, 90);
    }
}
