//! Transport-wide sequence numbers.

use super::value::Value;
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::SequenceNumber;

/// The place of a packet among all packets of its transport, whatever their SSRC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransportSequence {
    /// The number, which wraps as an RTP sequence number does.
    pub sequence: SequenceNumber,
    /// What feedback the sender asks for; only in version 2, where feedback comes when it is asked for.
    pub request: Option<FeedbackRequest>,
}

/// A request for transport-wide feedback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedbackRequest {
    /// Whether arrival times shall be in it.
    pub timestamps: bool,
    /// How many packets it shall cover, the one that asks included.
    pub count: u16,
}

pub(super) fn sequence<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    let sequence = SequenceNumber(cursor.number(16, "rtp.ext.transport_cc.seq", "transport-wide sequence number")?);
    Ok(Value::TransportSequence(TransportSequence { sequence, request: None }))
}

pub(super) fn sequence_2<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    let sequence = SequenceNumber(cursor.number(16, "rtp.ext.transport_cc.seq", "transport-wide sequence number")?);
    let mut request = None;
    if cursor.left() > 0 {
        let timestamps = cursor.flag("rtp.ext.transport_cc.timing", "timestamps requested")?;
        let count = cursor.number(15, "rtp.ext.transport_cc.count", "packets requested")?;
        // A count of zero asks for nothing and only keeps the value at one length.
        request = Some(FeedbackRequest { timestamps, count }).filter(|asked| asked.count > 0);
    }
    Ok(Value::TransportSequence(TransportSequence { sequence, request }))
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    #[test]
    fn version_2_may_ask_for_feedback() {
        let read = |bytes| match Kind::TransportSequence2.decode(bytes).unwrap() {
            Value::TransportSequence(sequence) => sequence.request,
            other => panic!("{other:?}"),
        };
        assert_eq!(read(&[0, 1]), None);
        assert_eq!(read(&[0, 1, 0x80, 0x05]), Some(FeedbackRequest { timestamps: true, count: 5 }));
        assert_eq!(read(&[0, 1, 0, 0]), None);
    }

    #[test]
    fn version_1_is_a_number_and_no_request() {
        let expected = TransportSequence { sequence: SequenceNumber(0xFFFE), request: None };
        assert_eq!(Kind::TransportSequence.decode(&[0xFF, 0xFE]).unwrap(), Value::TransportSequence(expected));
        assert!(Kind::TransportSequence.decode(&[0xFF]).is_err());
    }
}
