//! Attributes: the name, the level and the type of every one that is known.
//!
//! One family a file; one row a name in the table below, which makes [`Attribute`], [`Key`] and [`Typed`].
//! What is not in it stays readable as [`Other`].
//!
//! An attribute whose value is one text, one number or nothing has a type all the same, so that
//! [`Section::value`](super::Section::value) can be asked for it and a value of the wrong form is a fault; [`Ptime`],
//! [`SctpPort`] and [`EndOfCandidates`] show the three kinds.
//!
//! ```
//! # use rtcscope::sdp::{Document, MaxMessageSize, RtcpMux, Tool};
//! let document = Document::parse(b"a=tool:x\nm=audio 9 RTP/AVP 0\na=rtcp-mux\na=max-message-size:lots\n");
//! assert_eq!(document.session().value(), Some(Tool("x")));
//! let audio = document.media_section(0);
//! assert_eq!(audio.and_then(|audio| audio.value()), Some(RtcpMux));
//! assert_eq!(audio.and_then(|audio| audio.value::<MaxMessageSize>()), None);
//! ```

mod candidate;
mod clock;
mod crypto;
mod data;
mod direction;
mod dtls;
mod extmap;
mod feedback;
mod fmtp;
mod group;
mod ice;
mod image;
mod msid;
mod name;
mod plain;
mod precondition;
mod rid;
mod rtcp;
mod rtpmap;
mod simulcast;
mod source;
mod table;

pub use candidate::{Candidate, CandidateType, Extensions, TcpType};
pub use clock::{MediaClock, TimestampReference};
pub use crypto::Crypto;
pub use data::{DataChannelAttribute, DataChannelMap, SctpMap};
pub use direction::Direction;
pub use dtls::{ConnectionReuse, Fingerprint, Setup, TlsId};
pub use extmap::Extmap;
pub use feedback::{Feedback, RtcpFb};
pub use fmtp::Fmtp;
pub use group::{Group, Mid};
pub use ice::{IceOptions, IcePacing, IcePwd, IceUfrag, RemoteCandidates};
pub use image::ImageAttributes;
pub use msid::{Msid, MsidSemantic};
pub use name::{Block, Level, Other};
pub use plain::*;
pub use precondition::{CurrentStatus, DesiredStatus};
pub use rid::{Rid, RidDirection};
pub use rtcp::{Rtcp, SourceFilter};
pub use rtpmap::Rtpmap;
pub use simulcast::{Simulcast, SimulcastStream};
pub use source::{Ssrc, SsrcGroup};
pub use table::Typed;

use Block::{Grouping, Metadata, Network, Security, Streams};
use Level::{Both, Media, Session};

table::attributes! {
    // The network block: how packets get through.
    Candidate(Candidate<'a>)               "candidate"             Media   Network  many;
    EndOfCandidates(EndOfCandidates)       "end-of-candidates"     Both    Network  once;
    RemoteCandidates(RemoteCandidates<'a>) "remote-candidates"     Media   Network  once;
    IceUfrag(IceUfrag<'a>)                 "ice-ufrag"             Both    Network  once;
    IcePwd(IcePwd<'a>)                     "ice-pwd"               Both    Network  once;
    IceOptions(IceOptions<'a>)             "ice-options"           Both    Network  many;
    IceLite(IceLite)                       "ice-lite"              Session Network  once;
    IceMismatch(IceMismatch)               "ice-mismatch"          Media   Network  once;
    IcePacing(IcePacing)                   "ice-pacing"            Session Network  once;
    Rtcp(Rtcp<'a>)                         "rtcp"                  Media   Network  once;
    RtcpMux(RtcpMux)                       "rtcp-mux"              Media   Network  once;
    RtcpMuxOnly(RtcpMuxOnly)               "rtcp-mux-only"         Media   Network  once;
    SourceFilter(SourceFilter<'a>)         "source-filter"         Both    Network  many;
    Connection(ConnectionReuse)            "connection"            Both    Network  once;
    SctpPort(SctpPort)                     "sctp-port"             Media   Network  once;
    SctpMap(SctpMap<'a>)                   "sctpmap"               Media   Network  many;
    MaxMessageSize(MaxMessageSize)         "max-message-size"      Media   Network  once;
    SctpInit(SctpInit<'a>)                 "sctp-init"             Media   Network  once;
    // The streams block: what is sent, in which format.
    Rtpmap(Rtpmap<'a>)                     "rtpmap"                Media   Streams  many;
    Fmtp(Fmtp<'a>)                         "fmtp"                  Media   Streams  many;
    Extmap(Extmap<'a>)                     "extmap"                Both    Streams  many;
    ExtmapAllowMixed(ExtmapAllowMixed)     "extmap-allow-mixed"    Both    Streams  once;
    SendRecv(SendRecv)                     "sendrecv"              Both    Streams  once;
    SendOnly(SendOnly)                     "sendonly"              Both    Streams  once;
    RecvOnly(RecvOnly)                     "recvonly"              Both    Streams  once;
    Inactive(Inactive)                     "inactive"              Both    Streams  once;
    Msid(Msid<'a>)                         "msid"                  Media   Streams  many;
    MsidSemantic(MsidSemantic<'a>)         "msid-semantic"         Session Streams  many;
    Ssrc(Ssrc<'a>)                         "ssrc"                  Media   Streams  many;
    SsrcGroup(SsrcGroup<'a>)               "ssrc-group"            Media   Streams  many;
    Rid(Rid<'a>)                           "rid"                   Media   Streams  many;
    Simulcast(Simulcast<'a>)               "simulcast"             Media   Streams  once;
    ImageAttributes(ImageAttributes<'a>)   "imageattr"             Media   Streams  many;
    Ptime(Ptime<'a>)                       "ptime"                 Media   Streams  once;
    Maxptime(Maxptime<'a>)                 "maxptime"              Media   Streams  once;
    Mptime(Mptime<'a>)                     "mptime"                Media   Streams  once;
    Framerate(Framerate<'a>)               "framerate"             Media   Streams  once;
    Framesize(Framesize<'a>)               "framesize"             Media   Streams  many;
    Content(Content<'a>)                   "content"               Media   Streams  once;
    Label(Label<'a>)                       "label"                 Media   Streams  once;
    Orient(Orient<'a>)                     "orient"                Media   Streams  once;
    Quality(Quality)                       "quality"               Media   Streams  once;
    SilenceSupp(SilenceSupp<'a>)           "silenceSupp"           Media   Streams  once;
    Dcmap(DataChannelMap<'a>)              "dcmap"                 Media   Streams  many;
    Dcsa(DataChannelAttribute<'a>)         "dcsa"                  Media   Streams  many;
    XGoogleFlag(XGoogleFlag<'a>)           "x-google-flag"         Media   Streams  many;
    T38FaxVersion(T38FaxVersion)           "T38FaxVersion"         Media   Streams  once;
    T38MaxBitRate(T38MaxBitRate)           "T38MaxBitRate"         Media   Streams  once;
    T38FaxMaxBuffer(T38FaxMaxBuffer)       "T38FaxMaxBuffer"       Media   Streams  once;
    T38FaxMaxDatagram(T38FaxMaxDatagram)   "T38FaxMaxDatagram"     Media   Streams  once;
    T38FaxRateManagement(T38FaxRateManagement<'a>) "T38FaxRateManagement" Media Streams once;
    T38FaxUdpEC(T38FaxUdpEC<'a>)           "T38FaxUdpEC"           Media   Streams  once;
    TimestampReference(TimestampReference<'a>) "ts-refclk"         Both    Streams  many;
    MediaClock(MediaClock<'a>)             "mediaclk"              Both    Streams  once;
    Control(Control<'a>)                   "control"               Both    Streams  once;
    Range(Range<'a>)                       "range"                 Both    Streams  once;
    Path(Path<'a>)                         "path"                  Media   Streams  once;
    AcceptTypes(AcceptTypes<'a>)           "accept-types"          Media   Streams  once;
    FloorControl(FloorControl<'a>)         "floorctrl"             Media   Streams  once;
    ConferenceId(ConferenceId)             "confid"                Media   Streams  once;
    UserId(UserId)                         "userid"                Media   Streams  once;
    FloorId(FloorId<'a>)                   "floorid"               Media   Streams  many;
    // The security block: who it is, and with which keys.
    Fingerprint(Fingerprint<'a>)           "fingerprint"           Both    Security many;
    Setup(Setup)                           "setup"                 Both    Security once;
    TlsId(TlsId<'a>)                       "tls-id"                Both    Security once;
    Crypto(Crypto<'a>)                     "crypto"                Media   Security many;
    Cryptex(Cryptex)                       "cryptex"               Both    Security once;
    Identity(Identity<'a>)                 "identity"              Session Security once;
    // Quality and grouping: what belongs together, and how losses are answered.
    RtcpFb(RtcpFb<'a>)                     "rtcp-fb"               Media   Grouping many;
    RtcpRsize(RtcpRsize)                   "rtcp-rsize"            Media   Grouping once;
    RtcpXr(RtcpXr<'a>)                     "rtcp-xr"               Both    Grouping many;
    Group(Group<'a>)                       "group"                 Session Grouping many;
    Mid(Mid<'a>)                           "mid"                   Media   Grouping once;
    BundleOnly(BundleOnly)                 "bundle-only"           Media   Grouping once;
    CurrentStatus(CurrentStatus<'a>)       "curr"                  Media   Grouping many;
    DesiredStatus(DesiredStatus<'a>)       "des"                   Media   Grouping many;
    TrafficClass(TrafficClass<'a>)         "trafficclass"          Media   Grouping once;
    // Session metadata: what it is about.
    Tool(Tool<'a>)                         "tool"                  Session Metadata once;
    Category(Category<'a>)                 "cat"                   Session Metadata once;
    Keywords(Keywords<'a>)                 "keywds"                Session Metadata once;
    ConferenceType(ConferenceType<'a>)     "type"                  Session Metadata once;
    Charset(Charset<'a>)                   "charset"               Session Metadata once;
    SdpLang(SdpLang<'a>)                   "sdplang"               Both    Metadata many;
    Lang(Lang<'a>)                         "lang"                  Both    Metadata many;
}
