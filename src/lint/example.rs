//! Examples of a rule: short in its page, whole when a test runs them.

use super::context::Role;
use super::finding::Text;
use super::profile::Profile;

/// What an example adds its lines to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Around {
    /// It is a whole description.
    Nothing,
    /// Lines of the session level of a good description.
    Session,
    /// Lines of the audio section of a good description; a `m=` line replaces the section.
    Media,
    /// Lines of a good description of telephony; a `m=` line replaces its section.
    Telephony,
}

/// A description, or the lines of one that matter, that breaks a rule or keeps it.
///
/// In those that break it the text at fault stands between `«` and `»`; of something that is missing the two stand together, or
/// around the line that lacks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    text: &'static str,
    around: Around,
    profile: Option<Profile>,
    role: Option<Role>,
    other: Option<(Text, &'static str)>,
}

/// The session level that examples are put into.
const HEAD: &[&str] = &["v=0", "o=- 4611731400430051336 2 IN IP4 127.0.0.1", "s=-", "t=0 0"];

/// What stands at session level behind it.
const SESSION: &[&str] = &["a=group:BUNDLE 0", "a=extmap-allow-mixed", "a=msid-semantic:WMS *"];

/// The media line.
const AUDIO: &str = "m=audio 9 UDP/TLS/RTP/SAVPF 111";

/// Where its media goes.
const ADDRESS: &str = "c=IN IP4 0.0.0.0";

/// What its payload type is.
const CODEC: &str = "a=rtpmap:111 opus/48000/2";

/// What stands in a media section whatever its codecs are.
const MEDIA: &[&str] = &[
    "a=rtcp:9 IN IP4 0.0.0.0",
    "a=ice-ufrag:F7gI",
    "a=ice-pwd:x9cml/YzichV2+XlhiMu8g3F",
    "a=ice-options:trickle ice2",
    "a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08",
    "a=setup:actpass",
    "a=mid:0",
    "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
    "a=sendrecv",
    "a=msid:- 7c3a4a51",
    "a=rtcp-mux",
    "a=rtcp-rsize",
    "a=ssrc:2231627014 cname:4TOk42mSjXCkVIa6",
];

/// What stands in an answer instead: its own transport, credentials and sources.
const ANSWERED: &[(&str, &str)] = &[
    ("o", "o=- 7154083923147291305 2 IN IP4 127.0.0.1"),
    ("ice-ufrag", "a=ice-ufrag:k2Qp"),
    ("ice-pwd", "a=ice-pwd:mPq0Wd7eTfRz3YbH5uJvKsLx"),
    (
        "fingerprint",
        "a=fingerprint:sha-256 29:E2:1C:3B:4B:9F:81:E6:B8:5C:F4:A5:A8:D8:73:04:BB:05:2F:70:9F:04:A9:0E:05:E9:26:33:E8:70:88:A2",
    ),
    ("setup", "a=setup:active"),
    ("ssrc", "a=ssrc:3570614608 cname:Gz0k1WvYhQm8sXrP"),
];

/// The session level of telephony, and its section.
const TELEPHONY: &[&str] = &["v=0", "o=- 2890844526 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"];

/// The section of telephony where the example has none.
const CALL: &[&str] = &["m=audio 49170 RTP/AVP 0", "a=sendrecv"];

impl Example {
    /// These lines in the audio section of a good description; lines of the same name there make way, and a `m=` line replaces
    /// the codecs too.
    #[must_use]
    pub const fn media(text: &'static str) -> Self {
        Self { text, around: Around::Media, profile: None, role: None, other: None }
    }

    /// These lines at the session level of a good description; lines of the same name there make way.
    #[must_use]
    pub const fn session(text: &'static str) -> Self {
        Self { text, around: Around::Session, profile: None, role: None, other: None }
    }

    /// These lines behind the session level of a good description of telephony (and in its audio section, where they bring no
    /// `m=` line of their own), held to its profile.
    #[must_use]
    pub const fn telephony(text: &'static str) -> Self {
        Self { text, around: Around::Telephony, profile: Some(Profile::Sip), role: None, other: None }
    }

    /// A whole description.
    #[must_use]
    pub const fn whole(text: &'static str) -> Self {
        Self { text, around: Around::Nothing, profile: None, role: None, other: None }
    }

    /// The same, held to this profile.
    #[must_use]
    pub const fn in_profile(mut self, profile: Profile) -> Self {
        self.profile = Some(profile);
        self
    }

    /// The same as an offer or an answer.
    #[must_use]
    pub const fn as_role(mut self, role: Role) -> Self {
        self.role = Some(role);
        self
    }

    /// The same beside another text: its offer, what was agreed on before, what it was created as.
    #[must_use]
    pub const fn beside(mut self, text: Text, other: &'static str) -> Self {
        // What stands beside an offer answers it.
        if matches!(text, Text::Offer) {
            self.role = Some(Role::Answer);
        }
        self.other = Some((text, other));
        self
    }

    /// The text as a person reads it, without marks.
    #[must_use]
    pub fn shown(&self) -> String {
        self.text.replace(['«', '»'], "")
    }

    /// Between which columns of [`Example::shown`] the fault is, as byte offsets; `None` where nothing is marked.
    #[must_use]
    pub fn mark(&self) -> Option<(usize, usize)> {
        let start = self.text.find('«')?;
        let end = self.text.find('»')?.checked_sub('«'.len_utf8())?;
        Some((start, end))
    }

    /// The profile that it is held to; `None` for the one that it looks like.
    #[must_use]
    pub const fn profile(&self) -> Option<Profile> {
        self.profile
    }

    /// Whether it offers or answers, where that matters.
    #[must_use]
    pub const fn role(&self) -> Option<Role> {
        self.role
    }

    /// The other text that it is beside.
    #[must_use]
    pub const fn other(&self) -> Option<(Text, &'static str)> {
        self.other
    }

    /// The whole offer that it answers; `None` where it is beside no offer.
    #[must_use]
    pub fn offer(&self) -> Option<String> {
        let (Text::Offer, text) = self.other? else { return None };
        Some(Self { text, around: self.around, profile: self.profile, role: Some(Role::Offer), other: None }.marked())
    }

    /// The other text that it is beside, whole: what of it is a description is put into the good one, and one of the round before
    /// has the session version before, where the example says none.
    #[must_use]
    pub fn beside_whole(&self) -> Option<(Text, String)> {
        let (which, text) = self.other?;
        // Candidates are no description, what they are for is one.
        let around = if which == Text::Description { Around::Media } else { self.around };
        let whole = Self { text, around, profile: self.profile, role: self.role, other: None }.marked();
        let says = text.split_inclusive('\n').any(|line| name(line) == "o");
        let before = matches!(which, Text::PreviousOffer | Text::PreviousAnswer) && !says;
        Some((which, if before { whole.replacen(" 2 IN IP4 ", " 1 IN IP4 ", 1) } else { whole }))
    }

    /// The whole description, with its marks.
    #[must_use]
    pub fn marked(&self) -> String {
        match self.around {
            Around::Nothing => return self.text.to_owned(),
            Around::Telephony => return self.call(),
            Around::Session | Around::Media => {}
        }
        let answered = |line: &&'static str| -> &'static str {
            let own = ANSWERED.iter().find(|(name, _)| self.role == Some(Role::Answer) && *name == self::name(line));
            own.map_or(*line, |(_, own)| own)
        };
        let own: Vec<&str> = self.text.split_inclusive('\n').collect();
        let makes_way = |line: &&&str| !own.iter().any(|new| name(new) == name(line));
        let mut lines: Vec<String> = Vec::new();
        let mut put = |line: &str| lines.push(format!("{}\r\n", line.trim_end_matches(['\r', '\n'])));
        let session = self.around == Around::Session;
        let [attributes, others]: [Vec<&str>; 2] =
            [true, false].map(|attribute| own.iter().copied().filter(|line| is_attribute(line) == attribute).collect());
        if session {
            // Lines other than attributes go where RFC 8866 wants them.
            let head = HEAD.iter().filter(makes_way).map(answered).chain(others.iter().copied());
            let mut head: Vec<&str> = head.collect();
            head.sort_by_key(|line| rank(line));
            head.into_iter().for_each(&mut put);
            SESSION.iter().filter(makes_way).for_each(|line| put(line));
            attributes.iter().for_each(|line| put(line));
            [AUDIO, ADDRESS, CODEC].iter().chain(MEDIA).for_each(|line| put(answered(line)));
        } else {
            HEAD.iter().chain(SESSION).for_each(|line| put(answered(line)));
            let replaced = own.iter().any(|line| name(line) == "m");
            // Lines other than attributes go where RFC 8866 wants them.
            let head = [AUDIO, ADDRESS];
            let mut head: Vec<&str> = head.iter().filter(makes_way).copied().chain(others).collect();
            head.sort_by_key(|line| media_rank(line));
            head.into_iter().for_each(&mut put);
            if !replaced {
                put(CODEC);
            }
            MEDIA.iter().filter(makes_way).for_each(|line| put(answered(line)));
            attributes.iter().for_each(|line| put(line));
        }
        lines.concat()
    }

    /// The description of telephony.
    fn call(&self) -> String {
        let own: Vec<&str> = self.text.lines().collect();
        let whole = own.iter().any(|line| name(line) == "m");
        let call = CALL.iter().filter(|line| !whole && !own.iter().any(|own| is_direction(own) && is_direction(line)));
        let lines = TELEPHONY.iter().chain(call).chain(&own);
        lines.map(|line| format!("{line}\r\n")).collect()
    }
}

/// A line without its marks.
fn plain(line: &str) -> String {
    line.replace(['«', '»'], "")
}

/// What lines make way for: the type of a line, of an attribute its name.
fn name(line: &str) -> String {
    let line = plain(line);
    match line.trim_end().strip_prefix("a=") {
        // The four directions are one: each makes way for the others.
        Some("sendonly" | "recvonly" | "inactive") => "sendrecv".to_owned(),
        Some(attribute) => attribute.split(':').next().unwrap_or_default().to_owned(),
        None => line.chars().take(1).collect(),
    }
}

fn is_attribute(line: &str) -> bool {
    plain(line).starts_with("a=")
}

fn is_direction(line: &str) -> bool {
    ["sendrecv", "sendonly", "recvonly", "inactive"].contains(&name(line).as_str())
}

/// The place of a session line in RFC 8866, section 5.
fn rank(line: &str) -> usize {
    "vosiuepcbtrzk".find(plain(line).chars().next().unwrap_or('a')).unwrap_or(usize::MAX)
}

/// The place of a line in a media section there.
fn media_rank(line: &str) -> usize {
    "micbk".find(plain(line).chars().next().unwrap_or('a')).unwrap_or(usize::MAX)
}
