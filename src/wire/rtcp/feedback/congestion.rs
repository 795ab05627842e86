//! Congestion control feedback (RFC 8888 section 3.1).

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::{NtpMiddle, SequenceNumber, Ssrc};

/// Which packets arrived and when, by source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CongestionControlFeedback {
    /// Who received them.
    pub sender: Ssrc,
    /// The sources.
    pub reports: Vec<SourceMetrics>,
    /// When the report was made, as the middle of an NTP timestamp.
    pub report_timestamp: NtpMiddle,
}

/// The packets of one source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceMetrics {
    /// The source.
    pub ssrc: Ssrc,
    /// The first packet.
    pub begin: SequenceNumber,
    /// One for each packet from the first on.
    pub metrics: Vec<Metric>,
}

/// What became of a packet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Metric(pub u16);

/// How long before the report a packet arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrivalOffset {
    /// In units of 1/1024 s, at most 8189.
    Units(u16),
    /// More than 8189/1024 s.
    OverRange,
    /// Not known: it arrived after the report's timestamp, or the time was lost.
    Unavailable,
}

impl Metric {
    /// A packet that arrived with these ECN bits.
    #[must_use]
    pub fn received(ecn: u8, offset: ArrivalOffset) -> Self {
        let offset = match offset {
            ArrivalOffset::Units(units) => units.min(0x1FFD),
            ArrivalOffset::OverRange => 0x1FFE,
            ArrivalOffset::Unavailable => 0x1FFF,
        };
        Self(0x8000 | u16::from(ecn & 3) << 13 | offset)
    }

    /// Whether it arrived. If not, the other bits mean nothing.
    #[must_use]
    pub fn is_received(self) -> bool {
        self.0 & 0x8000 != 0
    }

    /// The ECN bits it arrived with: 0 not capable, 1 and 2 capable, 3 congestion experienced.
    #[must_use]
    pub fn ecn(self) -> Option<u8> {
        self.is_received().then_some((self.0 >> 13 & 3) as u8)
    }

    /// How long before the report it arrived.
    #[must_use]
    pub fn arrival_offset(self) -> Option<ArrivalOffset> {
        if !self.is_received() {
            return None;
        }
        Some(match self.0 & 0x1FFF {
            0x1FFE => ArrivalOffset::OverRange,
            0x1FFF => ArrivalOffset::Unavailable,
            units => ArrivalOffset::Units(units),
        })
    }
}

impl SourceMetrics {
    /// The packets and what became of them; sequence numbers wrap.
    pub fn packets(&self) -> impl Iterator<Item = (SequenceNumber, Metric)> {
        let begin = self.begin;
        (0..=u16::MAX).zip(&self.metrics).map(move |(place, metric)| (begin.plus(place), *metric))
    }
}

impl CongestionControlFeedback {
    pub(in crate::wire::rtcp) fn emit(&self, out: &mut Vec<u8>) -> usize {
        out.extend(self.sender.0.to_be_bytes());
        for report in &self.reports {
            let metrics = report.metrics.get(..usize::from(u16::MAX)).unwrap_or(&report.metrics);
            out.extend(report.ssrc.0.to_be_bytes());
            out.extend(report.begin.0.to_be_bytes());
            out.extend((metrics.len() as u16).to_be_bytes());
            out.extend(metrics.iter().flat_map(|metric| metric.0.to_be_bytes()));
            out.resize(out.len().next_multiple_of(4), 0);
        }
        out.extend(self.report_timestamp.0.to_be_bytes());
        0
    }
}

fn metric<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<Metric, Error> {
    let metric = Metric(cursor.code(16, "rtcp.rtpfb.ccfb.metric", "metric")?);
    cursor.means(|| match (metric.ecn(), metric.arrival_offset()) {
        (Some(ecn), Some(ArrivalOffset::Units(units))) => {
            format!("received {:.3} s before the report, ECN {ecn}", f64::from(units) / 1024.0)
        }
        (Some(ecn), Some(ArrivalOffset::OverRange)) => format!("received long before the report, ECN {ecn}"),
        (Some(ecn), _) => format!("received at an unknown time, ECN {ecn}"),
        (None, _) => "not received".to_owned(),
    });
    Ok(metric)
}

fn source<R: Record>(cursor: &mut Cursor<'_, R>, report: &mut SourceMetrics) -> Result<bool, Error> {
    report.ssrc = Ssrc(cursor.code(32, "rtcp.mediassrc", "media source SSRC")?);
    report.begin = SequenceNumber(cursor.number(16, "rtcp.rtpfb.ccfb.begin_seq", "begin sequence number")?);
    let count: usize = cursor.number(16, "rtcp.rtpfb.ccfb.num_reports", "number of reports")?;
    let whole = cursor.list(&mut report.metrics, Some(count), metric);
    if whole && count % 2 == 1 {
        cursor.opaque(2, "rtcp.rtpfb.ccfb.padding", "padding")?;
    }
    Ok(whole)
}

pub(in crate::wire::rtcp) fn read<R: Record>(
    cursor: &mut Cursor<'_, R>,
    _: u8,
) -> Result<CongestionControlFeedback, Error> {
    let sender = Ssrc(cursor.code(32, "rtcp.senderssrc", "sender SSRC")?);
    let mut read = CongestionControlFeedback { sender, ..CongestionControlFeedback::default() };
    // The timestamp stands behind all sources: what is left above it belongs to them.
    while cursor.left() > 4 {
        let mut report = SourceMetrics::default();
        let whole = cursor.group("rtcp.rtpfb.ccfb.source", "source", |cursor| source(cursor, &mut report));
        read.reports.push(report);
        match whole {
            Ok(true) => {}
            Ok(false) => return Ok(read),
            Err(fault) => {
                cursor.keep(fault);
                return Ok(read);
            }
        }
    }
    read.report_timestamp = NtpMiddle(cursor.code(32, "rtcp.rtpfb.ccfb.timestamp", "report timestamp")?);
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_offsets_have_meanings_of_their_own() {
        assert_eq!(Metric(0x9FFD).arrival_offset(), Some(ArrivalOffset::Units(8189)));
        assert_eq!(Metric(0x9FFE).arrival_offset(), Some(ArrivalOffset::OverRange));
        assert_eq!(Metric(0x9FFF).arrival_offset(), Some(ArrivalOffset::Unavailable));
        assert_eq!(Metric::received(3, ArrivalOffset::Units(9999)), Metric(0xFFFD));
    }

    #[test]
    fn a_packet_that_did_not_arrive_has_no_other_bits() {
        assert_eq!((Metric(0x6200).ecn(), Metric(0x6200).arrival_offset()), (None, None));
    }

    #[test]
    fn packets_go_over_the_wrap() {
        let report = SourceMetrics { ssrc: Ssrc(1), begin: SequenceNumber(65535), metrics: vec![Metric(0); 2] };
        assert_eq!(report.packets().map(|(number, _)| number.0).collect::<Vec<_>>(), [65535, 0]);
    }

    #[test]
    fn sources_before_a_fault_stay() {
        let bytes = [0, 0, 0, 1, 0, 0, 0, 2, 0, 9, 0, 5, 0x80, 0, 0x80, 1, 0, 0, 0, 7];
        let mut cursor = Cursor::silent(&bytes, 4);
        let read = read(&mut cursor, 11).unwrap();
        assert_eq!(read.reports[0].metrics.len(), 4);
        assert_eq!(cursor.fault().unwrap().field, "metric");
    }

    /// Three packets of one source, so that two bytes fill up the word, and one of another behind them.
    #[test]
    fn an_odd_number_of_packets_is_padded_to_a_word() {
        let first = [0, 0, 0, 1, 0, 0, 0, 2, 0xFF, 0xFF, 0, 3, 0x80, 1, 0, 0, 0xBF, 0xFF, 0, 0];
        let bytes = [&first[..], &[0, 0, 0, 3, 0, 5, 0, 0, 0x12, 0x34, 0x56, 0x78]].concat();
        let mut cursor = Cursor::silent(&bytes, 4);
        let read = read(&mut cursor, 11).unwrap();
        assert_eq!(cursor.fault(), None);
        assert_eq!((read.reports.len(), read.report_timestamp), (2, NtpMiddle(0x1234_5678)));
        let packets: Vec<_> =
            read.reports[0].packets().map(|(number, metric)| (number.0, metric.is_received())).collect();
        assert_eq!(packets, [(65535, true), (0, false), (1, true)]);
        assert_eq!((read.reports[0].metrics[2].ecn(), read.reports[1].metrics.len()), (Some(1), 0));
        let mut out = Vec::new();
        read.emit(&mut out);
        assert_eq!(out, bytes);
    }
}
