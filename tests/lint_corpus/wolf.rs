//! What real browsers and native stacks made, and the examples of RFC 9429: no error that is not a real fault.

use rtcscope::lint::Role;

use super::{captured, corpus, errors, names};

/// Sources whose descriptions browsers and native WebRTC stacks made.
const MADE: &[&str] = &[
    "chime-sdk/",
    "fippo-sdp/",
    "jitsi/",
    "jitsi-chrome-internals/",
    "mozilla-webrtc-sdp/",
    "rtcstats/",
    "rust-str0m/",
    "semantic-sdp/",
    "aiortc/",
    "pion-webrtc/",
];

/// Descriptions in those sources that a person wrote, cut or put together for a test: they say nothing of a browser. Their errors
/// are right; the reason says what is wrong.
const BY_HAND: &[(&str, &str)] = &[
    ("mozilla-webrtc-sdp/", "inputs of the unit tests of a parser: no keys, attributes at every level on purpose"),
    ("pion-webrtc/", "offers written in tests: most have neither credentials nor fingerprint nor c= line"),
    ("jitsi/", "sample strings of tests: cut down, payload types without rtpmap, mids that the group does not have"),
    ("rust-str0m/0001", "cut down to what the test is about: the group names m-lines that are gone"),
    ("rust-str0m/0002", "payload types without rtpmap"),
    ("rust-str0m/0003", "one of nine of a kind: no fingerprint, a password of nine characters, no rtcp-mux"),
    ("rust-str0m/0004", "as 0003"),
    ("rust-str0m/0005", "as 0003"),
    ("rust-str0m/0006", "as 0003"),
    ("rust-str0m/0007", "as 0003"),
    ("rust-str0m/0008", "as 0003"),
    ("rust-str0m/0009", "as 0003"),
    ("rust-str0m/0010", "as 0003"),
    ("rust-str0m/0011", "as 0003"),
    ("rust-str0m/0012", "a session level with one bare m= line"),
    ("rust-str0m/0013", "the group names m-lines that are gone"),
    ("rust-str0m/0020", "an m= line without formats"),
    ("rust-str0m/0021", "no credentials, no fingerprint, no rtcp-mux"),
    ("rust-str0m/0022", "the group names m-lines that are gone"),
    ("rust-str0m/0023", "characters in the password that neither RFC nor Chrome allows"),
    ("rust-str0m/0024", "a password of a few characters"),
    ("semantic-sdp/0001", "simulcast added to an offer without the extension that carries rids"),
    ("semantic-sdp/0005", "an answer without c= line"),
    ("semantic-sdp/0010", "as 0001"),
    ("chime-sdk/0012", "the m-line of one track copied four times"),
    ("chime-sdk/0013", "the group names m-lines that are gone"),
    ("chime-sdk/0016", "the lines of a codec taken out of an offer, its payload type left"),
    ("chime-sdk/0018", "as 0016"),
    ("chime-sdk/0035", "all lines of the video codecs taken out"),
    ("chime-sdk/0038", "the group names an m-line that is gone"),
    ("chime-sdk/0043", "two m-lines of one mid, put together from two offers"),
    ("chime-sdk/0044", "as 0043"),
    ("chime-sdk/0048", "`$VALUE` where a bitrate belongs"),
    ("chime-sdk/0053", "m-lines put together from two offers, and an fmtp among those of another one"),
    ("chime-sdk/0054", "as 0053"),
    ("chime-sdk/0059", "an rtpmap with a word for its clock rate"),
    ("chime-sdk/0061", "the group names an m-line that is gone; G729B as payload type 18"),
    ("chime-sdk/0062", "as 0061, and rtpmap lines taken out"),
    ("chime-sdk/0063", "the group names an m-line that is gone"),
    ("chime-sdk/0064", "as 0063"),
];

/// Who is to blame for a real error.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Blame {
    /// A browser made it so.
    Browser,
    /// A server or another program that is no browser did.
    Other,
    /// The values were blanked by whoever published it.
    Mocked,
}

/// Errors in descriptions that a program made: the file, the rules, who made it so, and what is wrong there.
const REAL: &[(&str, &[&str], Blame, &str)] = &[
    (
        "semantic-sdp/0009",
        &["sdp-bundle-extmap-collision"],
        Blame::Browser,
        "an old Chrome gave one id to two extensions in one bundle, which RFC 9143 forbids and today's Chrome refuses",
    ),
    ("semantic-sdp/0012", &["sdp-bundle-extmap-collision"], Blame::Browser, "as 0009"),
    ("chime-sdk/0046", &["sdp-bundle-extmap-collision"], Blame::Other, "the same of a media server"),
    (
        "rust-str0m/0018",
        &["sdp-ssrc-group-unknown"],
        Blame::Other,
        "FFmpeg's WHIP groups a retransmission stream that it does not announce",
    ),
    ("aiortc/0007", &["sdp-fingerprint-missing"], Blame::Other, "FreeSWITCH without DTLS: no browser connects to it"),
    ("aiortc/0008", &["sdp-fingerprint-missing"], Blame::Other, "as 0007"),
    (
        "chime-sdk/0049",
        &["sdp-cand-syntax"],
        Blame::Mocked,
        "addresses blanked to words, so that candidates make no sense: mocked",
    ),
    ("chime-sdk/0050", &["sdp-cand-syntax"], Blame::Mocked, "as 0049"),
    ("chime-sdk/0051", &["sdp-cand-syntax"], Blame::Mocked, "as 0049"),
    ("chime-sdk/0066", &["sdp-cand-syntax"], Blame::Mocked, "as 0049"),
];

/// The description with sound credentials and fingerprints where its source put a placeholder for them, so that what else is in it
/// can be judged.
fn unmocked(text: &[u8]) -> Vec<u8> {
    const FINGERPRINT: &str =
        "7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08";
    let text = String::from_utf8_lossy(text);
    let value = |line: &str, name: &str| line.trim_end().strip_prefix(name).map(str::to_owned);
    // What is mocked once is replaced everywhere, so that sections stay alike.
    let pwds = text.lines().filter_map(|line| value(line, "a=ice-pwd:")).any(|pwd| pwd.len() < 22);
    let ufrags = text.lines().filter_map(|line| value(line, "a=ice-ufrag:")).any(|ufrag| ufrag.len() < 4);
    let mocked = pwds || ufrags;
    let hashes = text.lines().filter_map(|line| value(line, "a=fingerprint:")).any(|hash| !hash.contains(':'));
    let mend = |line: &str| {
        let content = line.trim_end_matches(['\r', '\n']);
        let ending = line.strip_prefix(content).unwrap_or_default();
        let mended = match content.split_once(':') {
            Some(("a=ice-ufrag", _)) if mocked => Some("a=ice-ufrag:F7gI".to_owned()),
            Some(("a=ice-pwd", _)) if mocked => Some("a=ice-pwd:x9cml/YzichV2+XlhiMu8g3F".to_owned()),
            Some(("a=fingerprint", _)) if hashes => Some(format!("a=fingerprint:sha-256 {FINGERPRINT}")),
            _ => None,
        };
        mended.map_or_else(|| line.to_owned(), |mended| format!("{mended}{ending}"))
    };
    text.split_inclusive('\n').map(mend).collect::<String>().into_bytes()
}

fn role(file: &str) -> Option<Role> {
    Role::from_type(if file.contains("offer") { "offer" } else { "answer" })
}

#[test]
fn descriptions_of_browsers_have_no_error_that_is_not_a_fault() {
    let Some(root) = corpus::root() else { return };
    let mut all: Vec<(String, Vec<&'static str>)> = Vec::new();
    for entry in corpus::entries() {
        let made = MADE.iter().any(|start| entry.file.starts_with(start)) && entry.verdict == "valid";
        let by_hand = BY_HAND.iter().any(|(start, _)| entry.file.starts_with(start));
        if made && !by_hand {
            all.push((entry.file.clone(), names(&errors(&unmocked(&entry.text), None, None))));
        }
    }
    for (name, role, text) in captured(&root) {
        all.push((name, names(&errors(text.as_bytes(), None, role))));
    }
    let mut wrong = Vec::new();
    let mut by_browsers = 0;
    for (file, found) in all.iter().filter(|(_, found)| !found.is_empty()) {
        let known = REAL.iter().find(|(known, ..)| file.starts_with(known));
        by_browsers += usize::from(known.is_none_or(|(.., blame, _)| *blame == Blame::Browser));
        let known = known.map_or(&[][..], |(_, rules, ..)| rules);
        if found.iter().any(|rule| !known.contains(rule)) {
            wrong.push(format!("{file}: {found:?}"));
        }
    }
    let with_error = all.iter().filter(|(_, found)| !found.is_empty()).count();
    eprintln!("{with_error} of {} descriptions have an error, {by_browsers} by the fault of a browser", all.len());
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), all.len(), wrong.join("\n"));
    assert!(by_browsers * 100 <= all.len() * 2, "{by_browsers} of {}", all.len());
}

#[test]
fn the_examples_of_rfc_9429_have_no_error() {
    for entry in corpus::entries().iter().filter(|entry| entry.file.starts_with("jsep-rfc9429/")) {
        let found = errors(&entry.text, None, role(&entry.file));
        assert!(found.is_empty(), "{}: {:?}", entry.file, names(&found));
    }
}
