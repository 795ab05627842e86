//! Where frames begin in a stream that is joined in its middle, or that lost bytes.
//!
//! Two bytes of a frame's head fit much that is none. What is believed is text: behind its mask, and decompressed where that is
//! needed, it has to be UTF-8 without control characters.

use super::frame::{Frame, Head, Opcode};
use crate::signal::Speaker;
use crate::signaling::inflate::{Inflated, Inflater};

/// Text of so many bytes is believed.
const ENOUGH: usize = 8;
/// Text of a frame that goes on behind the segment is believed when so much of it is there.
const ENOUGH_OF_A_PART: usize = 64;
/// Frames of one segment that are looked at.
const FRAMES: usize = 32;
/// What is decompressed of a frame to see whether it is text.
const INFLATED: usize = 16 * 1024;
/// Bytes of a segment in which a frame is looked for.
const SEARCHED: usize = 64 * 1024;

/// Places in a segment at which a frame may begin; a random one has a 256th of its bytes.
const STARTS: usize = 64;

/// What a row of frames shows.
#[derive(Debug, Default)]
struct Row {
    /// Whether it ends where the bytes end.
    exact: bool,
    /// Whole frames.
    whole: usize,
    /// Whether one of them holds text.
    text: bool,
}

/// Who sends a segment that starts with a row of frames; `None` where it does not show text in frames.
pub(crate) fn recognise(bytes: &[u8]) -> Option<Speaker> {
    let Head::Frame(first, _) = Frame::parse(bytes) else { return None };
    let speaker = if first.mask.is_some() { Speaker::Client } else { Speaker::Server };
    row(bytes, speaker)?.text.then_some(speaker)
}

/// Where the next frame starts in a segment of `speaker`'s behind a loss: at its start, as most do, or where a row of frames with
/// text leads just to its end.
pub(super) fn resume(bytes: &[u8], speaker: Speaker) -> Option<usize> {
    if starts_whole(bytes, speaker) && row(bytes, speaker).is_some_and(|row| row.text || row.whole > 0) {
        return Some(0);
    }
    let searched = bytes.get(..SEARCHED).unwrap_or(bytes);
    let starts = searched.iter().enumerate().skip(1).filter(|(_, byte)| **byte == 0x81);
    starts.map(|(at, _)| at).take(STARTS).find(|at| {
        let row = bytes.get(*at..).and_then(|rest| row(rest, speaker));
        row.is_some_and(|row| row.text && row.exact)
    })
}

/// Whether `bytes` start with a frame that begins and ends a message.
fn starts_whole(bytes: &[u8], speaker: Speaker) -> bool {
    match Frame::parse(bytes) {
        Head::Frame(frame, _) => {
            frame.fin && frame.opcode != Opcode::Continuation && frame.mask.is_some() == (speaker == Speaker::Client)
        }
        Head::Incomplete | Head::NotAFrame => false,
    }
}

/// The row of frames at the start of `bytes`; `None` where something in it is no frame of `speaker`'s.
fn row(bytes: &[u8], speaker: Speaker) -> Option<Row> {
    let mut row = Row::default();
    let mut rest = bytes;
    while row.whole < FRAMES {
        if rest.is_empty() {
            row.exact = true;
            break;
        }
        let (frame, head) = match Frame::parse(rest) {
            Head::Frame(frame, head) => (frame, head),
            Head::Incomplete => break,
            Head::NotAFrame => return None,
        };
        // A server does not mask, a client has to (RFC 6455, section 5.1), and lengths are as short as they can be written.
        if frame.mask.is_some() != (speaker == Speaker::Client) || !frame.is_shortest(head) {
            return None;
        }
        let payload = rest.get(head..).unwrap_or_default();
        let length = usize::try_from(frame.length).unwrap_or(usize::MAX);
        let whole = payload.get(..length);
        row.text |= shows_text(frame, whole.unwrap_or(payload), whole.is_some())?;
        if whole.is_none() {
            break;
        }
        row.whole += 1;
        rest = payload.get(length..).unwrap_or_default();
    }
    Some(row)
}

/// Whether a frame holds text; `None` when it says that it does and does not.
fn shows_text(frame: Frame, payload: &[u8], whole: bool) -> Option<bool> {
    if frame.opcode != Opcode::Text || (frame.compressed && !(whole && frame.fin)) {
        return Some(false);
    }
    let enough = if whole { ENOUGH } else { ENOUGH_OF_A_PART };
    let mut plain = payload.to_vec();
    frame.unmask(&mut plain, 0);
    if frame.compressed {
        let mut out = Vec::new();
        plain.extend([0, 0, 0xFF, 0xFF]);
        // Without the messages before it, it can be read only where it does not refer to them.
        let ended = Inflater::raw().inflate(&plain, &mut out, INFLATED);
        return Some(ended != Inflated::Broken && out.len() >= enough && is_text(&out, false));
    }
    is_text(&plain, whole && frame.fin).then_some(plain.len() >= enough)
}

/// Whether `bytes` are text, as far as they go where they are not all of it.
fn is_text(bytes: &[u8], all: bool) -> bool {
    let text = match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if !all && error.error_len().is_none() => {
            bytes.get(..error.valid_up_to()).and_then(|bytes| str::from_utf8(bytes).ok()).unwrap_or_default()
        }
        Err(_) => return false,
    };
    text.chars().all(|letter| !letter.is_control() || matches!(letter, '\r' | '\n' | '\t' | '\u{1e}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &[u8]) -> Vec<u8> {
        let key = [9, 250, 77, 130];
        let mut out = vec![0x81, 0x80 | text.len() as u8];
        out.extend(key);
        out.extend(text.iter().enumerate().map(|(at, byte)| byte ^ key[at % 4]));
        out
    }

    fn plain(text: &[u8]) -> Vec<u8> {
        [&[0x81, text.len() as u8], text].concat()
    }

    #[test]
    fn text_in_frames_is_recognised_and_nothing_else() {
        assert_eq!(recognise(&plain(b"{\"type\":\"bye\"}")), Some(Speaker::Server));
        assert_eq!(recognise(&masked(b"{\"type\":\"bye\"}")), Some(Speaker::Client));
        let long = [&[0x81, 126, 0x10, 0x00][..], &[b'x'; 100]].concat();
        assert_eq!(recognise(&long), Some(Speaker::Server));
        for other in
            [&b"\x16\x03\x01\x00\x05"[..], b"\x81", b"\x81\x02hi", b"\x81\x10\x00\x01\x02", b"\x89\x00", b"GET / "]
        {
            assert_eq!(recognise(other), None, "{other:x?}");
        }
        let not_shortest = [&[0x81, 126, 0, 14][..], b"{\"type\":\"bye\"}"].concat();
        assert_eq!(recognise(&not_shortest), None);
    }

    #[test]
    fn frames_behind_the_rest_of_another_are_found() {
        let mut segment = b"the rest \x81 of a frame".to_vec();
        let at = segment.len();
        segment.extend(plain(b"{\"type\":\"one\"}"));
        segment.extend(plain(b"{\"type\":\"two\"}"));
        assert_eq!(resume(&segment, Speaker::Server), Some(at));
        assert_eq!(resume(&segment, Speaker::Client), None);
        segment.pop();
        assert_eq!(resume(&segment, Speaker::Server), None);
    }

    #[test]
    fn noise_is_not_taken_for_text() {
        let mut state = 1_u64;
        let mut found = 0;
        for _ in 0..20_000 {
            let noise: Vec<u8> = (0..200)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    (state >> 56) as u8
                })
                .collect();
            found += usize::from(recognise(&noise).is_some());
            found += usize::from(resume(&noise, Speaker::Server).is_some_and(|at| at > 0));
        }
        assert_eq!(found, 0);
    }
}
