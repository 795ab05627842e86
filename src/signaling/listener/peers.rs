//! The example server of libwebrtc, `peerconnection_server`: clients sign in, hang on `/wait`, and send `/message`.

use super::http::query;
use crate::signal::{Addressing, Matter, RoomEvent, RoomWord, Speaker};
use crate::signaling::content::Found;
use crate::signaling::http::Message;

/// Lines of one list of clients; more are not read.
const LINES: usize = 1024;
/// A longer name is none.
const NAME: usize = 256;

/// What a message says about who is there, and the number of the client whose conversation it is.
pub(super) fn hear(speaker: Speaker, message: &Message, text: &str) -> Option<(Option<String>, Vec<Found>)> {
    let target = message.head.target()?;
    let (path, after) = target.split_once('?').unwrap_or((target, ""));
    let name = path.rsplit('/').next()?;
    let peer = query(target, "peer_id");
    let response = speaker == Speaker::Server;
    // The server tells each client its number, and who a message is from, in this field.
    let pragma = message.head.field("pragma").filter(|number| is_number(number)).map(str::to_owned);
    match (name, response) {
        ("sign_in", false) if !after.is_empty() && after.len() <= NAME && !after.contains('=') => {
            Some((None, vec![found(RoomWord::Register, "sign_in", Some(after))]))
        }
        ("sign_in", true) => {
            let number = pragma?;
            let mut told = vec![found(RoomWord::Connected, "sign_in", Some(&number))];
            // The first line is the client itself, the others were there before.
            told.extend(clients(text).filter(|(_, other, there)| *other != number && *there).map(told_of));
            Some((Some(number), told))
        }
        // What comes from oneself is about others: who came, who went.
        ("wait", true) if pragma.is_some() && pragma == peer => {
            let told: Vec<Found> = clients(text).map(told_of).collect();
            (!told.is_empty()).then_some((peer, told))
        }
        ("message", false) if text.trim() == "BYE" => {
            let to = query(target, "to");
            let mut bye = found(RoomWord::Bye, "BYE", None);
            bye.addressing = Addressing { from: peer.clone(), to, ..Addressing::default() };
            Some((peer, vec![bye]))
        }
        ("wait", true) if text.trim() == "BYE" => {
            let mut bye = found(RoomWord::Bye, "BYE", None);
            bye.addressing = Addressing { from: pragma, to: peer.clone(), ..Addressing::default() };
            Some((peer, vec![bye]))
        }
        ("sign_out", false) if peer.is_some() => {
            let told = found(RoomWord::Leave, "sign_out", peer.as_deref());
            Some((peer, vec![told]))
        }
        _ => None,
    }
}

pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The lines `name,number,there`.
fn clients(text: &str) -> impl Iterator<Item = (&str, &str, bool)> {
    text.lines().take(LINES).filter_map(|line| {
        let (rest, there) = line.trim().rsplit_once(',')?;
        let (name, number) = rest.rsplit_once(',')?;
        (is_number(number) && matches!(there, "0" | "1") && name.len() <= NAME).then_some((name, number, there == "1"))
    })
}

fn told_of((name, number, there): (&str, &str, bool)) -> Found {
    let word = if there { RoomWord::OtherJoined } else { RoomWord::OtherLeft };
    found(word, name, Some(number))
}

fn found(word: RoomWord, said: &str, member: Option<&str>) -> Found {
    let event = RoomEvent { word, said: said.to_owned(), member: member.map(str::to_owned) };
    Found { addressing: Addressing::default(), matter: Matter::Room(event) }
}
