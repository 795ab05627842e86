//! The value in force for an m-line: its own, that of its bundle, or the session's.

use std::collections::BTreeMap;

use super::attribute::{Direction, Fingerprint, Group, IceOptions, IcePwd, IceUfrag, Key, Setup, TlsId, Typed};
use super::document::{Document, Section};
use super::line::LineType;
use super::value::{Bandwidth, Connection, Value};

/// Attributes that belong to a transport: in a bundle the first m-line's hold for all (RFC 9143, section 7.1.3).
const fn is_transport(key: Key) -> bool {
    matches!(
        key,
        Key::Candidate
            | Key::EndOfCandidates
            | Key::IceUfrag
            | Key::IcePwd
            | Key::IceOptions
            | Key::Fingerprint
            | Key::Setup
            | Key::TlsId
            | Key::Rtcp
            | Key::RtcpMux
            | Key::RtcpMuxOnly
    )
}

/// For each media section the index of the first of its bundle, or its own; in one pass over the description.
pub(super) fn transports(document: &Document<'_>) -> Vec<usize> {
    let mids: Vec<Option<&str>> = document.media().map(|section| section.mid()).collect();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, mid) in mids.iter().enumerate() {
        mid.map(|mid| places.entry(mid).or_insert(index));
    }
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    for group in document.groups("BUNDLE") {
        let Some(owner) = group.mids.iter().find_map(|mid| places.get(mid)) else { continue };
        for mid in group.mids.iter() {
            owners.entry(mid).or_insert(*owner);
        }
    }
    let owner = |(index, mid): (usize, &Option<&str>)| mid.and_then(|mid| owners.get(mid)).copied().unwrap_or(index);
    mids.iter().enumerate().map(owner).collect()
}

impl<'a> Document<'a> {
    /// The groups of this semantics, such as `BUNDLE`.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"a=group:BUNDLE 0 1\na=group:LS 0 1\n");
    /// let bundles: Vec<&str> = document.groups("BUNDLE").map(|group| group.mids.0).collect();
    /// assert_eq!(bundles, ["0 1"]);
    /// ```
    pub fn groups(&self, semantics: &str) -> impl Iterator<Item = Group<'a>> {
        self.session().values::<Group<'a>>().filter(move |group| group.semantics == semantics)
    }
}

impl<'d, 'a> Section<'d, 'a> {
    /// The m-line whose transport this one shares: the first of its bundle, or itself.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let text = b"a=group:BUNDLE a v\nm=audio 9 RTP/AVP 0\na=mid:a\nm=video 9 RTP/AVP 96\na=mid:v\n";
    /// let document = Document::parse(text);
    /// let owners: Vec<Option<usize>> = document.media().map(|section| section.transport().index()).collect();
    /// assert_eq!(owners, [Some(0), Some(0)]);
    /// ```
    #[must_use]
    pub fn transport(&self) -> Self {
        let owner = self.index().and_then(|index| self.document.transports().get(index));
        owner.and_then(|owner| self.document.media_section(*owner)).unwrap_or(*self)
    }

    /// The attribute in force here: its own; of a transport's attributes, its bundle's; the session's.
    ///
    /// ```
    /// use rtcscope::sdp::{Document, IceUfrag};
    ///
    /// let document = Document::parse(
    ///     b"a=group:BUNDLE 0 1\nm=audio 9 RTP/AVP 0\na=mid:0\na=ice-ufrag:abcd\nm=video 0 RTP/AVP 96\na=mid:1\na=bundle-only\n",
    /// );
    /// let video = document.media_section(1).unwrap();
    /// assert_eq!(video.in_force::<IceUfrag<'_>>().unwrap().0, "abcd");
    /// ```
    #[must_use]
    pub fn in_force<T: Typed<'a>>(&self) -> Option<T> {
        self.value()
            .or_else(|| if is_transport(T::KEY) { self.transport().value() } else { None })
            .or_else(|| self.document.session().value())
    }

    /// All attributes in force here of a kind that may stand several times, such as fingerprints: those of the
    /// first of its own level, its bundle's and the session's that has any.
    ///
    /// ```
    /// # use rtcscope::sdp::{Document, Fingerprint};
    /// let document = Document::parse(
    ///     b"a=fingerprint:md5 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\nm=audio 9 RTP/AVP 0\n",
    /// );
    /// assert_eq!(document.media().map(|section| section.all_in_force::<Fingerprint<'_>>().len()).sum::<usize>(), 1);
    /// ```
    #[must_use]
    pub fn all_in_force<T: Typed<'a>>(&self) -> Vec<T> {
        let own: Vec<T> = self.values().collect();
        let own = if own.is_empty() && is_transport(T::KEY) { self.transport().values().collect() } else { own };
        if own.is_empty() { self.document.session().values().collect() } else { own }
    }

    /// Whether the attribute is in force here.
    ///
    /// ```
    /// # use rtcscope::sdp::{Document, Key};
    /// let document = Document::parse(b"a=extmap-allow-mixed\nm=audio 9 RTP/AVP 0\n");
    /// assert!(document.media().all(|section| section.has_in_force(Key::ExtmapAllowMixed)));
    /// ```
    #[must_use]
    pub fn has_in_force(&self, key: Key) -> bool {
        self.has(key) || (is_transport(key) && self.transport().has(key)) || self.document.session().has(key)
    }

    /// The direction in force; `sendrecv` where nobody says one (RFC 8866, section 6.7).
    ///
    /// ```
    /// # use rtcscope::sdp::{Direction, Document};
    /// let document = Document::parse(b"a=recvonly\nm=audio 9 RTP/AVP 0\nm=video 9 RTP/AVP 96\na=inactive\n");
    /// let directions: Vec<Direction> = document.media().map(|section| section.direction()).collect();
    /// assert_eq!(directions, [Direction::RecvOnly, Direction::Inactive]);
    /// ```
    #[must_use]
    pub fn direction(&self) -> Direction {
        let said = |section: Self| section.lines().iter().rev().find_map(|line| Direction::from_key(line.key()));
        said(*self).or_else(|| said(self.document.session())).unwrap_or(Direction::SendRecv)
    }

    /// The `c=` line in force.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"c=IN IP4 192.0.2.1\nm=audio 9 RTP/AVP 0\n");
    /// let address =
    ///     document.media().next().and_then(|section| section.connection()).map(|connection| connection.address);
    /// assert_eq!(address, Some("192.0.2.1"));
    /// ```
    #[must_use]
    pub fn connection(&self) -> Option<Connection<'a>> {
        self.own_connection().or_else(|| self.document.session().own_connection())
    }

    fn own_connection(&self) -> Option<Connection<'a>> {
        self.lines_of(LineType::Connection).find_map(|line| match line.parse() {
            Ok(Value::Connection(connection)) => Some(connection),
            _ => None,
        })
    }

    /// Its own `b=` lines.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"b=CT:1000\nb=RR:0\n");
    /// let kinds: Vec<&str> = document.session().bandwidths().map(|bandwidth| bandwidth.kind).collect();
    /// assert_eq!(kinds, ["CT", "RR"]);
    /// ```
    pub fn bandwidths(&self) -> impl Iterator<Item = Bandwidth<'a>> + use<'d, 'a> {
        self.lines_of(LineType::Bandwidth).filter_map(|line| match line.parse() {
            Ok(Value::Bandwidth(bandwidth)) => Some(bandwidth),
            _ => None,
        })
    }

    /// The limit of this kind in force, such as `TIAS`.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"b=AS:64\nm=audio 9 RTP/AVP 0\n");
    /// let limit =
    ///     document.media().next().and_then(|section| section.bandwidth("AS")).map(|bandwidth| bandwidth.limit);
    /// assert_eq!(limit, Some(64));
    /// ```
    #[must_use]
    pub fn bandwidth(&self, kind: &str) -> Option<Bandwidth<'a>> {
        let own = self.bandwidths().find(|bandwidth| bandwidth.kind == kind);
        own.or_else(|| self.document.session().bandwidths().find(|bandwidth| bandwidth.kind == kind))
    }

    /// The user fragment in force.
    ///
    /// Short for [`Section::in_force`], as are the next ones: what every WebRTC program asks for.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"a=ice-ufrag:abcd\nm=audio 9 RTP/AVP 0\n");
    /// assert_eq!(document.media().next().and_then(|section| section.ice_ufrag()), Some("abcd"));
    /// ```
    #[must_use]
    pub fn ice_ufrag(&self) -> Option<&'a str> {
        self.in_force::<IceUfrag<'a>>().map(|ufrag| ufrag.0)
    }

    /// The password in force.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"a=ice-pwd:0123456789abcdefghijkl\nm=audio 9 RTP/AVP 0\n");
    /// assert_eq!(document.media().next().and_then(|section| section.ice_pwd()), Some("0123456789abcdefghijkl"));
    /// ```
    #[must_use]
    pub fn ice_pwd(&self) -> Option<&'a str> {
        self.in_force::<IcePwd<'a>>().map(|pwd| pwd.0)
    }

    /// Whether an ICE option is in force, such as `trickle`.
    ///
    /// Session and section are added up, because both may say some.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"a=ice-options:ice2\nm=audio 9 RTP/AVP 0\na=ice-options:trickle\n");
    /// assert!(document.media().all(|section| section.has_ice_option("ice2") && section.has_ice_option("trickle")));
    /// ```
    #[must_use]
    pub fn has_ice_option(&self, option: &str) -> bool {
        let own = self.all_in_force::<IceOptions<'a>>();
        own.iter().chain(&self.document.session().all_in_force()).any(|options| options.0.iter().any(|o| o == option))
    }

    /// The fingerprints in force.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(
    ///     b"a=fingerprint:md5 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\nm=audio 9 RTP/AVP 0\n",
    /// );
    /// let first = document.media().next().and_then(|section| section.fingerprints().first().copied());
    /// assert_eq!(first.map(|fingerprint| fingerprint.hash_function), Some("md5"));
    /// ```
    #[must_use]
    pub fn fingerprints(&self) -> Vec<Fingerprint<'a>> {
        self.all_in_force()
    }

    /// The DTLS role in force.
    ///
    /// ```
    /// # use rtcscope::sdp::{Document, Setup};
    /// let document = Document::parse(b"a=setup:active\nm=audio 9 RTP/AVP 0\n");
    /// assert_eq!(document.media().next().and_then(|section| section.setup()), Some(Setup::Active));
    /// ```
    #[must_use]
    pub fn setup(&self) -> Option<Setup> {
        self.in_force()
    }

    /// The DTLS association's name in force.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"m=audio 9 RTP/AVP 0\na=tls-id:abc3de65cddef001be82\n");
    /// assert_eq!(document.media().next().and_then(|section| section.tls_id()), Some("abc3de65cddef001be82"));
    /// ```
    #[must_use]
    pub fn tls_id(&self) -> Option<&'a str> {
        self.in_force::<TlsId<'a>>().map(|id| id.0)
    }

    /// Whether the m-line is refused or stopped: port 0, and not merely waiting for its bundle.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"m=audio 0 RTP/AVP 0\nm=video 0 RTP/AVP 96\na=bundle-only\n");
    /// assert_eq!(document.media().map(|section| section.is_rejected()).collect::<Vec<_>>(), [true, false]);
    /// ```
    #[must_use]
    pub fn is_rejected(&self) -> bool {
        self.media().is_some_and(|media| media.port == 0) && !self.has(Key::BundleOnly)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"v=0\no=- 1 1 IN IP4 0.0.0.0\ns=-\nc=IN IP4 192.0.2.1\nb=AS:100\nt=0 0\na=group:BUNDLE a v\n\
        a=recvonly\na=fingerprint:sha-1 00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:33\n\
        m=audio 9 RTP/AVP 0\nc=IN IP4 192.0.2.2\na=mid:a\na=setup:actpass\na=ice-ufrag:abcd\na=sendonly\n\
        m=video 0 RTP/AVP 96\na=mid:v\na=bundle-only\nm=video 0 RTP/AVP 97\na=mid:x\n";

    #[test]
    fn own_values_come_before_the_bundles_and_those_before_the_sessions() {
        let document = Document::parse(TEXT);
        let [audio, video, other] = [0, 1, 2].map(|index| document.media_section(index).unwrap());
        assert_eq!(audio.connection().unwrap().address, "192.0.2.2");
        assert_eq!(video.connection().unwrap().address, "192.0.2.1");
        assert_eq!((audio.direction(), video.direction()), (Direction::SendOnly, Direction::RecvOnly));
        assert_eq!((video.ice_ufrag(), other.ice_ufrag()), (Some("abcd"), None));
        assert_eq!((video.setup(), other.setup()), (Some(Setup::Actpass), None));
        assert_eq!((video.fingerprints().len(), other.fingerprints().len()), (1, 1));
        assert_eq!(video.bandwidth("AS").unwrap().limit, 100);
        assert_eq!((video.is_rejected(), other.is_rejected()), (false, true));
    }
}
