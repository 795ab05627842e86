//! `a=simulcast`: several encodings of one source (RFC 8853), and the draft before it.

use std::fmt;

use super::rid::{RidDirection, is_rid};
use crate::sdp::error::Expected;
use crate::sdp::grammar::{Fault, Parsed, fault, spaces, word};

/// What is sent and what is received. Streams are split by `;`, alternatives of a stream by `,`.
///
/// ```
/// # use rtcscope::sdp::{RidDirection, Simulcast, Typed};
/// let simulcast = Simulcast::parse_value("send h;m;~l recv x");
/// assert_eq!(simulcast.map(|simulcast| simulcast.streams(RidDirection::Send).count()), Ok(3));
/// assert_eq!(simulcast.map(|simulcast| simulcast.recv), Ok(Some("x")));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Simulcast<'a> {
    /// The list behind `send`, as it is written.
    pub send: Option<&'a str>,
    /// The list behind `recv`, as it is written.
    pub recv: Option<&'a str>,
    /// Of draft-ietf-mmusic-sdp-simulcast-03 and before: `rid` or `pt`, and lists that begin so
    /// (`send rid=1;2`).
    pub draft: Option<&'a str>,
    /// Of the draft: which of the streams that are sent start paused.
    pub send_paused: Option<&'a str>,
    /// Of the draft: which of the streams that are received start paused.
    pub recv_paused: Option<&'a str>,
    /// Whether the list behind `recv` comes first.
    pub recv_first: bool,
}

/// One alternative of one stream.
///
/// ```
/// # use rtcscope::sdp::{RidDirection, Simulcast, SimulcastStream, Typed};
/// let low =
///     Simulcast::parse_value("send h;~l").map(|simulcast| simulcast.streams(RidDirection::Send).flatten().last());
/// assert_eq!(low, Ok(Some(SimulcastStream { id: "l", paused: true })));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct SimulcastStream<'a> {
    /// The rid (in the draft's `pt` form a payload type).
    pub id: &'a str,
    /// Whether it starts paused (`~`).
    pub paused: bool,
}

impl<'a> Simulcast<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let mut rest = spaces(input);
        let mut simulcast =
            Self { send: None, recv: None, draft: None, send_paused: None, recv_paused: None, recv_first: false };
        loop {
            let (after, direction) = RidDirection::parse(rest)?;
            let at = spaces(after);
            let (after, whole) = word("simulcast stream")(at)?;
            let list = match whole.split_once('=') {
                Some((kind @ ("rid" | "pt"), list)) => {
                    simulcast.draft = Some(kind);
                    list
                }
                _ => whole,
            };
            check_list(at, list)?;
            let slot = if direction == RidDirection::Send { &mut simulcast.send } else { &mut simulcast.recv };
            if slot.is_some() {
                return fault(rest, Expected::End);
            }
            simulcast.recv_first |= direction == RidDirection::Recv && simulcast.send.is_none();
            let slot = if direction == RidDirection::Send { &mut simulcast.send } else { &mut simulcast.recv };
            *slot = Some(list);
            rest = spaces(after);
            if let Some(paused) = rest.strip_prefix("paused=").filter(|_| simulcast.draft.is_some()) {
                let (after, paused) = word("paused stream")(paused)?;
                match direction {
                    RidDirection::Send => simulcast.send_paused = Some(paused),
                    RidDirection::Recv => simulcast.recv_paused = Some(paused),
                }
                rest = spaces(after);
            }
            if rest.is_empty() {
                return Ok((rest, simulcast));
            }
        }
    }

    /// The streams of one direction, each with its alternatives; the first one is preferred.
    ///
    /// An iterator of iterators: the sender sends every stream, each in one of its alternatives.
    pub fn streams(
        &self,
        direction: RidDirection,
    ) -> impl Iterator<Item = impl Iterator<Item = SimulcastStream<'a>> + use<'a>> + use<'a> {
        let list = match direction {
            RidDirection::Send => self.send,
            RidDirection::Recv => self.recv,
        };
        list.into_iter().flat_map(|list| list.split(';')).map(|stream| {
            stream.split(',').map(|id| match id.strip_prefix('~') {
                Some(id) => SimulcastStream { id, paused: true },
                None => SimulcastStream { id, paused: false },
            })
        })
    }
}

fn check_list<'a>(at: &'a str, list: &'a str) -> Result<(), nom::Err<Fault<'a>>> {
    let ids = list.split(';').flat_map(|stream| stream.split(','));
    if ids.map(|id| id.strip_prefix('~').unwrap_or(id)).all(is_rid) {
        return Ok(());
    }
    let allowed = "rids between `;` and `,`";
    Err(nom::Err::Error(Fault { at, expected: Expected::Characters { field: "simulcast stream", allowed } }))
}

impl fmt::Display for Simulcast<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lead, prefix) = match self.draft {
            Some(kind) => (" ", format!("{kind}=")),
            None => ("", String::new()),
        };
        let paused = |list: Option<&str>| list.map_or(String::new(), |list| format!(" paused={list}"));
        let send = self.send.map(|list| format!("send {prefix}{list}{}", paused(self.send_paused)));
        let recv = self.recv.map(|list| format!("recv {prefix}{list}{}", paused(self.recv_paused)));
        let order = if self.recv_first { [recv, send] } else { [send, recv] };
        let parts: Vec<String> = order.into_iter().flatten().collect();
        write!(f, "{lead}{}", parts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdp::grammar::all;

    #[test]
    fn both_directions_and_alternatives_are_read() {
        let simulcast = all("send 1,~4;2;~3 recv 6", Simulcast::parse).unwrap();
        let send: Vec<Vec<_>> =
            simulcast.streams(RidDirection::Send).map(|stream| stream.map(|s| (s.id, s.paused)).collect()).collect();
        assert_eq!(send, [vec![("1", false), ("4", true)], vec![("2", false)], vec![("3", true)]]);
        assert_eq!(simulcast.to_string(), "send 1,~4;2;~3 recv 6");
    }

    #[test]
    fn the_draft_is_read_too() {
        let simulcast = all(" recv rid=4;5 send rid=6;7 paused=6", Simulcast::parse).unwrap();
        assert_eq!((simulcast.draft, simulcast.send, simulcast.recv), (Some("rid"), Some("6;7"), Some("4;5")));
        assert_eq!(simulcast.to_string(), " recv rid=4;5 send rid=6;7 paused=6");
    }

    #[test]
    fn a_direction_stands_once_and_is_never_empty() {
        assert!(all("send 1 send 2", Simulcast::parse).is_err());
        assert!(all("", Simulcast::parse).is_err());
        assert!(all("send", Simulcast::parse).is_err());
        assert!(all("send 1;;2", Simulcast::parse).is_err());
    }
}
