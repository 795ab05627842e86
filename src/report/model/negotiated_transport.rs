//! The two sides of what was agreed on, and its transports.

use schemars::JsonSchema;
use serde::Serialize;

use super::word::Word;
use crate::sdp::Setup;
use crate::sdp::negotiate::{AgreedTransport, Side, Sides};

/// The same thing of the offerer and of the answerer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
pub struct OfSides<T> {
    /// The offerer's.
    pub offerer: T,
    /// The answerer's.
    pub answerer: T,
}

impl<T> OfSides<T> {
    pub(super) fn new<U>(sides: &Sides<U>, take: impl Fn(&U) -> T) -> Self {
        Self { offerer: take(&sides.offerer), answerer: take(&sides.answerer) }
    }
}

/// A transport.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NegotiatedTransport {
    /// The `index` of the m-line that it belongs to.
    pub owner: usize,
    /// The `index` of each m-line on it.
    pub media: Vec<usize>,
    /// ICE; `null` where neither side has credentials.
    pub ice: Option<NegotiatedIce>,
    /// DTLS; `null` where neither side has a fingerprint.
    pub dtls: Option<NegotiatedDtls>,
}

/// ICE on a transport.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NegotiatedIce {
    /// The user fragment of each side.
    pub username_fragment: OfSides<Option<String>>,
    /// Whether each side is a lite agent.
    pub lite: OfSides<bool>,
    /// The options of each side.
    pub options: OfSides<Vec<String>>,
    /// Whether both trickle candidates.
    pub trickle: bool,
    /// Who controls where ICE begins with this offer; later rounds keep the roles.
    pub controlling: Word<Side>,
}

/// DTLS on a transport.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NegotiatedDtls {
    /// What each side says of its role.
    pub setup: OfSides<Option<Word<Setup>>>,
    /// Who is the client; `null` where the two do not settle it.
    pub client: Option<Word<Side>>,
    /// The fingerprints of each side, hash function and hash.
    pub fingerprints: OfSides<Vec<String>>,
    /// The name that each side has for the association.
    pub tls_id: OfSides<Option<String>>,
}

pub(super) fn owned(text: &Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

pub(super) fn texts<T: ToString>(list: &[T]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

pub(super) fn words<T: Copy>(sides: &Sides<T>) -> OfSides<Word<T>> {
    OfSides::new(sides, |value| Word(*value))
}

impl NegotiatedTransport {
    pub(super) fn new(transport: &AgreedTransport<'_>) -> Self {
        Self {
            owner: transport.owner,
            media: transport.media.clone(),
            ice: transport.ice.as_ref().map(|ice| NegotiatedIce {
                username_fragment: OfSides::new(&ice.username_fragments, owned),
                lite: OfSides::new(&ice.lite, |lite| *lite),
                options: OfSides::new(&ice.options, |options| texts(options)),
                trickle: ice.has_option("trickle"),
                controlling: Word(ice.controlling),
            }),
            dtls: transport.dtls.as_ref().map(|dtls| NegotiatedDtls {
                setup: OfSides::new(&dtls.setups, |setup| setup.map(Word)),
                client: dtls.client.map(Word),
                fingerprints: OfSides::new(&dtls.fingerprints, |list| texts(list)),
                tls_id: OfSides::new(&dtls.tls_ids, owned),
            }),
        }
    }
}
