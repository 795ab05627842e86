//! What two descriptions say differently, by meaning: the order of lines and the way they are written do not
//! count, the order of codecs does.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::attribute::{Candidate, Extmap, Group, Key};
use super::codec::Codec;
use super::document::{Document, Section};

/// One difference between an old and a new description.
///
/// Its `Display` is a line for people, its fields are for programs.
///
/// ```
/// # use rtcscope::sdp::{Document, differences};
/// let (old, new) = (Document::parse(b"b=AS:64\n"), Document::parse(b"b=AS:32\n"));
/// let sections: Vec<String> = differences(&old, &new).into_iter().map(|difference| difference.section).collect();
/// assert_eq!(sections, ["session"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Difference {
    /// Where: the mid, or `m` and the index of the m-line, or `session`.
    pub section: String,
    /// What became of it.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub change: Change,
}

/// What became of something.
///
/// ```
/// # use rtcscope::sdp::{Document, differences};
/// let (old, new) = (Document::parse(b"m=audio 9 RTP/AVP 0 8\n"), Document::parse(b"m=audio 9 RTP/AVP 0\n"));
/// let changes = differences(&old, &new);
/// let gone = changes.iter().map(|difference| &difference.change).find(|change| change.subject == "codec");
/// assert_eq!(gone.map(|change| (change.old.is_some(), change.new.is_some())), Some((true, false)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Change {
    /// What kind of thing: `media`, `codec`, `codec-order`, `parameter`, `feedback`, `candidate`, `direction` and
    /// the like.
    pub subject: &'static str,
    /// Which one, where there are several; may be empty.
    pub name: String,
    /// What it was; `None` where it is new.
    pub old: Option<String>,
    /// What it is; `None` where it is gone.
    pub new: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Change { subject, name, old, new } = &self.change;
        let sign = match (old, new) {
            (None, _) => '+',
            (_, None) => '-',
            _ => '~',
        };
        write!(f, "{sign} {}: {}", self.section, subject.replace('-', " "))?;
        if !name.is_empty() {
            write!(f, " {name}")?;
        }
        match (old.as_deref(), new.as_deref()) {
            (Some(old), Some(new)) => write!(f, ": {old} → {new}"),
            (None, Some("")) | (Some(""), None) | (None, None) => Ok(()),
            (None, Some(value)) | (Some(value), None) => write!(f, ": {value}"),
        }
    }
}

/// The differences from `old` to `new`, session level first and then each m-line. M-lines are matched by their
/// mid, and by their index where they have none. Credentials are compared but not shown.
///
/// ```
/// use rtcscope::sdp::{Document, differences};
///
/// let old = Document::parse(b"m=audio 9 RTP/AVP 0 8\r\na=mid:a\r\n");
/// let new = Document::parse(b"m=audio 9 RTP/AVP 8 0\r\na=mid:a\r\na=recvonly\r\n");
/// let found: Vec<String> = differences(&old, &new).iter().map(ToString::to_string).collect();
/// assert_eq!(found, ["~ a: direction: sendrecv → recvonly", "~ a: codec order: PCMU PCMA → PCMA PCMU"]);
/// ```
#[must_use]
pub fn differences(old: &Document<'_>, new: &Document<'_>) -> Vec<Difference> {
    let mut found = Found { section: "session".to_owned(), list: Vec::new() };
    session(&old.session(), &new.session(), &mut found);
    let (before, after) = (names(old), names(new));
    let known: BTreeSet<&str> = before.iter().map(|(name, _)| name.as_str()).collect();
    let partners: BTreeMap<&str, &Section<'_, '_>> =
        after.iter().map(|(name, section)| (name.as_str(), section)).collect();
    for (name, section) in &before {
        found.section = name.clone();
        match partners.get(name.as_str()) {
            Some(other) => media(section, other, &mut found),
            None => found.push("media", "", Some(kind(section)), None),
        }
    }
    let is_new = |name: &String| !known.contains(name.as_str());
    for (name, section) in after.iter().filter(|(name, _)| is_new(name)) {
        found.section = name.clone();
        found.push("media", "", None, Some(kind(section)));
    }
    let order =
        |list: &[(String, Section<'_, '_>)]| list.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" ");
    found.section = "session".to_owned();
    if before.len() == after.len() && !after.iter().any(|(name, _)| is_new(name)) {
        found.compare("media-order", "", Some(order(&before)), Some(order(&after)));
    }
    found.list
}

/// The media sections with a name each: the mid, or `m` and the index; a mid that comes again gets a number.
fn names<'d, 'a>(document: &'d Document<'a>) -> Vec<(String, Section<'d, 'a>)> {
    let named: Vec<(String, String)> = document
        .media()
        .map(|section| {
            let index = || format!("m{}", section.index().unwrap_or_default());
            (section.mid().map_or_else(index, str::to_owned), String::new())
        })
        .collect();
    numbered(&named).into_iter().map(|(name, _)| name).zip(document.media()).collect()
}

struct Found {
    section: String,
    list: Vec<Difference>,
}

impl Found {
    fn push(&mut self, subject: &'static str, name: &str, old: Option<String>, new: Option<String>) {
        let change = Change { subject, name: name.to_owned(), old, new };
        self.list.push(Difference { section: self.section.clone(), change });
    }

    fn compare(&mut self, subject: &'static str, name: &str, old: Option<String>, new: Option<String>) {
        if old != new {
            self.push(subject, name, old, new);
        }
    }

    /// Compares secrets without showing them.
    fn compare_hidden(&mut self, subject: &'static str, old: Option<String>, new: Option<String>) {
        if old != new {
            let hide = |value: Option<String>, word: &str| value.map(|_| format!("({word})"));
            self.push(subject, "", hide(old, "one"), hide(new, "another"));
        }
    }

    /// Compares things that have a name each; the order does not count.
    fn compare_named(&mut self, subject: &'static str, old: &[(String, String)], new: &[(String, String)]) {
        let (old, new) = (numbered(old), numbered(new));
        let table = |list: &[(String, String)]| -> BTreeMap<String, String> { list.iter().cloned().collect() };
        let (before, after) = (table(&old), table(&new));
        for (name, value) in &old {
            self.compare(subject, name, Some(value.clone()), after.get(name).cloned());
        }
        for (name, value) in new.iter().filter(|(name, _)| !before.contains_key(name)) {
            self.push(subject, name, None, Some(value.clone()));
        }
    }
}

/// The same with names of their own: of equal ones the second gets a number.
fn numbered(list: &[(String, String)]) -> Vec<(String, String)> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let unique = list.iter().map(|(name, value)| {
        let count = seen.entry(name).and_modify(|count| *count += 1).or_insert(1);
        (if *count > 1 { format!("{name} ({count})") } else { name.clone() }, value.clone())
    });
    unique.collect()
}

fn kind(section: &Section<'_, '_>) -> String {
    section.media().map_or_else(String::new, |media| format!("{} {}", media.media, media.protocol))
}

/// The value of the first line of each of the attributes that have one value and are compared as they are.
fn plain(section: &Section<'_, '_>) -> Vec<(String, String)> {
    let compared =
        |key: Key| key.is_single() && !matches!(key, Key::IceUfrag | Key::IcePwd | Key::Mid) && !is_direction(key);
    let lines = section.lines().iter().filter(|line| compared(line.key()));
    lines
        .map(|line| {
            (
                line.key().name().to_owned(),
                String::from_utf8_lossy(line.attribute_value().unwrap_or_default()).trim().to_owned(),
            )
        })
        .collect()
}

const fn is_direction(key: Key) -> bool {
    matches!(key, Key::SendRecv | Key::SendOnly | Key::RecvOnly | Key::Inactive)
}

/// Lines of attributes that may stand several times, and of unknown ones: each is its own name.
fn repeated(section: &Section<'_, '_>) -> Vec<(String, String)> {
    let own =
        [Key::Rtpmap, Key::Fmtp, Key::RtcpFb, Key::Candidate, Key::Extmap, Key::Group, Key::Crypto, Key::Fingerprint];
    let lines = section
        .lines()
        .iter()
        .filter(|line| line.attribute_name().is_some() && !line.key().is_single() && !own.contains(&line.key()));
    lines.map(|line| (line.text().trim().to_owned(), String::new())).collect()
}

fn session(old: &Section<'_, '_>, new: &Section<'_, '_>, found: &mut Found) {
    let groups = |section: &Section<'_, '_>| -> Vec<(String, String)> {
        section.values::<Group<'_>>().map(|group| (group.semantics.to_owned(), group.mids.to_string())).collect()
    };
    found.compare_named("group", &groups(old), &groups(new));
    shared(old, new, found);
}

/// What may stand at either level.
fn shared(old: &Section<'_, '_>, new: &Section<'_, '_>, found: &mut Found) {
    let bandwidths = |section: &Section<'_, '_>| -> Vec<(String, String)> {
        section.bandwidths().map(|bandwidth| (bandwidth.kind.to_owned(), bandwidth.limit.to_string())).collect()
    };
    found.compare_named("bandwidth", &bandwidths(old), &bandwidths(new));
    let fingerprint = |section: &Section<'_, '_>| -> Vec<(String, String)> {
        let own = section.values::<super::Fingerprint<'_>>();
        own.map(|own| (own.hash_function.to_ascii_lowercase(), own.hash.to_ascii_uppercase())).collect()
    };
    found.compare_named("fingerprint", &fingerprint(old), &fingerprint(new));
    let ufrag = |section: &Section<'_, '_>| section.value::<super::IceUfrag<'_>>().map(|ufrag| ufrag.0.to_owned());
    found.compare("ice-ufrag", "", ufrag(old), ufrag(new));
    let pwd = |section: &Section<'_, '_>| section.value::<super::IcePwd<'_>>().map(|pwd| pwd.0.to_owned());
    found.compare_hidden("ice-pwd", pwd(old), pwd(new));
    let keys = |section: &Section<'_, '_>| {
        let keys: Vec<String> = section.values::<super::Crypto<'_>>().map(|crypto| crypto.to_string()).collect();
        (!keys.is_empty()).then(|| keys.join("\n"))
    };
    found.compare_hidden("crypto", keys(old), keys(new));
    let extensions = |section: &Section<'_, '_>| -> Vec<(String, String)> {
        let own = section.values::<Extmap<'_>>();
        own.map(|own| {
            (own.uri.to_owned(), format!("{}{}", own.id, own.direction.map_or(String::new(), |way| format!("/{way}"))))
        })
        .collect()
    };
    found.compare_named("header-extension", &extensions(old), &extensions(new));
    found.compare_named("attribute", &plain(old), &plain(new));
    found.compare_named("line", &repeated(old), &repeated(new));
}

fn media(old: &Section<'_, '_>, new: &Section<'_, '_>, found: &mut Found) {
    let text = |section: &Section<'_, '_>, member: fn(&super::Media<'_>) -> String| {
        section.media().map(|media| member(&media))
    };
    for (subject, member) in [
        ("media-type", (|media| media.media.to_owned()) as fn(&super::Media<'_>) -> String),
        ("port", |media| media.port.to_string()),
        ("protocol", |media| media.protocol.to_owned()),
    ] {
        found.compare(subject, "", text(old, member), text(new, member));
    }
    let connection = |section: &Section<'_, '_>| section.connection().map(|connection| connection.to_string());
    found.compare("connection", "", connection(old), connection(new));
    found.compare("direction", "", Some(old.direction().to_string()), Some(new.direction().to_string()));
    codecs(&old.codecs(), &new.codecs(), found);
    shared(old, new, found);
    let candidates = |section: &Section<'_, '_>| -> Vec<(String, String)> {
        section.values::<Candidate<'_>>().map(|candidate| (of_candidate(&candidate), String::new())).collect()
    };
    found.compare_named("candidate", &candidates(old), &candidates(new));
}

fn of_candidate(candidate: &Candidate<'_>) -> String {
    let Candidate { component, address, port, candidate_type, priority, .. } = candidate;
    let transport = candidate.transport.to_ascii_lowercase();
    let address = if address.contains(':') { format!("[{address}]") } else { (*address).to_owned() };
    format!("{candidate_type} {transport} {address}:{port} component {component} priority {priority}")
}

/// What names a codec: its name, rate and channels, and the parameters that make it another one.
fn identity(codec: &Codec<'_, '_>) -> String {
    let Some(rtpmap) = codec.rtpmap else { return codec.payload_type.to_string() };
    let mut name = rtpmap.encoding.to_owned();
    let parameters = codec.fmtp.map(|fmtp| fmtp.parameters).unwrap_or_default();
    for own in ["profile-level-id", "packetization-mode", "profile-id", "profile", "apt"] {
        if let Some(value) = parameters.value(own) {
            name = format!("{name} {own}={value}");
        }
    }
    if ["rtx", "telephone-event", "red", "CN"].iter().any(|known| rtpmap.is(known)) {
        name = format!("{name}/{}", rtpmap.clock_rate);
    }
    name
}

/// The codecs with their names, equal ones numbered.
fn named<'c, 'd, 'a>(codecs: &'c [Codec<'d, 'a>]) -> Vec<(String, &'c Codec<'d, 'a>)> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let numbered = codecs.iter().map(|codec| {
        let name = identity(codec);
        let count = seen.entry(name.clone()).and_modify(|count| *count += 1).or_insert(1);
        (if *count > 1 { format!("{name} ({count})") } else { name }, codec)
    });
    numbered.collect()
}

fn codecs(old: &[Codec<'_, '_>], new: &[Codec<'_, '_>], found: &mut Found) {
    let (old, new) = (named(old), named(new));
    let payload_type = |codec: &Codec<'_, '_>| codec.payload_type.to_string();
    for (name, codec) in &old {
        let Some((_, other)) = new.iter().find(|(found, _)| found == name) else {
            found.push("codec", name, Some(payload_type(codec)), None);
            continue;
        };
        found.compare("payload-type", name, Some(payload_type(codec)), Some(payload_type(other)));
        let parameters = |codec: &Codec<'_, '_>| -> Vec<(String, String)> {
            let own = codec.fmtp.map(|fmtp| fmtp.parameters).unwrap_or_default();
            own.iter()
                .map(|(parameter, value)| (format!("{name} {parameter}").trim_end().to_owned(), value.to_owned()))
                .collect()
        };
        found.compare_named("parameter", &parameters(codec), &parameters(other));
        let feedback = |codec: &Codec<'_, '_>| -> Vec<(String, String)> {
            codec.feedback().map(|feedback| (format!("{name} {feedback}"), String::new())).collect()
        };
        found.compare_named("feedback", &feedback(codec), &feedback(other));
    }
    for (name, codec) in new.iter().filter(|(name, _)| !old.iter().any(|(found, _)| found == name)) {
        found.push("codec", name, None, Some(payload_type(codec)));
    }
    let order = |own: &[(String, &Codec<'_, '_>)], other: &[(String, &Codec<'_, '_>)]| {
        let both = own.iter().filter(|(name, _)| other.iter().any(|(found, _)| found == name));
        both.map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    let (before, after) = (order(&old, &new), order(&new, &old));
    if before != after {
        let names = |names: &[String]| {
            names.iter().map(|name| name.split(' ').next().unwrap_or_default()).collect::<Vec<_>>().join(" ")
        };
        found.push("codec-order", "", Some(names(&before)), Some(names(&after)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_it_is_written_does_not_count() {
        let old = b"v=0\nm=audio 9 RTP/AVP 111\na=mid:a\na=rtpmap:111 opus/48000/2\na=fmtp:111 a=1;b=2\n";
        let new = b"v=0\r\nm=audio 9 RTP/AVP 111\r\na=fmtp:111 b=2; a=1\r\na=rtpmap:111 opus/48000/2\r\na=mid:a\r\n";
        assert_eq!(differences(&Document::parse(old), &Document::parse(new)), []);
    }

    #[test]
    fn a_password_is_compared_and_not_shown() {
        let old = Document::parse(b"a=ice-pwd:0123456789012345678901\n");
        let new = Document::parse(b"a=ice-pwd:0123456789012345678902\n");
        let found: Vec<String> = differences(&old, &new).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["~ session: ice pwd: (one) → (another)"]);
    }

    #[test]
    fn a_mid_that_comes_twice_is_compared_with_its_own() {
        let text = b"m=audio 9 RTP/AVP 0\na=mid:a\nm=video 9 RTP/AVP 96\na=mid:a\n";
        assert_eq!(differences(&Document::parse(text), &Document::parse(text)), []);
    }
}
