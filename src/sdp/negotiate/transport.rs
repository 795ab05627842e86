//! The transports of an agreement: ICE (RFC 8839) and DTLS (RFC 8842).

use super::contradiction::{ContradictionKind, Contradictions};
use super::facts::{Facts, Said};
use super::side::{Side, Sides};
use crate::sdp::attribute::{Fingerprint, Setup};

/// A transport and the m-lines on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreedTransport<'a> {
    /// The index of the m-line that it belongs to: of a bundle the first one (RFC 9143, section 7.3.2).
    pub owner: usize,
    /// The indexes of the m-lines on it, from 0.
    pub media: Vec<usize>,
    /// ICE; `None` where neither side has credentials.
    pub ice: Option<AgreedIce<'a>>,
    /// DTLS; `None` where neither side has a fingerprint.
    pub dtls: Option<AgreedDtls<'a>>,
}

/// ICE on one transport.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreedIce<'a> {
    /// The user fragment of each side.
    pub username_fragments: Sides<Option<&'a str>>,
    /// Whether each side is a lite agent.
    pub lite: Sides<bool>,
    /// The options of each side.
    pub options: Sides<Vec<&'a str>>,
    /// Who controls where ICE begins with this offer (RFC 8445, section 6.1.1); later rounds keep the roles.
    pub controlling: Side,
}

impl AgreedIce<'_> {
    /// Whether both have this option, such as `trickle`.
    #[must_use]
    pub fn has_option(&self, option: &str) -> bool {
        self.options.offerer.contains(&option) && self.options.answerer.contains(&option)
    }
}

/// DTLS on one transport.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreedDtls<'a> {
    /// What each side says in `a=setup`.
    pub setups: Sides<Option<Setup>>,
    /// Who is the client; `None` where the two do not settle it.
    pub client: Option<Side>,
    /// The fingerprints of each side.
    pub fingerprints: Sides<Vec<Fingerprint<'a>>>,
    /// The name that each side has for the association.
    pub tls_ids: Sides<Option<&'a str>>,
}

/// Whatever both say of a transport.
struct Both<'s, 'a> {
    said: Sides<&'s Said<'a>>,
    owner: usize,
}

impl<'a> Both<'_, 'a> {
    fn each<T>(&self, take: impl Fn(&Facts<'a>) -> Option<T>) -> Sides<Option<T>> {
        self.said.map(|said| said.of_transport(self.owner, &take))
    }

    fn any(&self, take: impl Fn(&Facts<'a>) -> bool) -> Sides<bool> {
        self.each(|facts| take(facts).then_some(())).map(|found| found.is_some())
    }
}

impl<'a> AgreedTransport<'a> {
    /// The transport of the m-line at `owner`, as yet without others on it.
    pub(super) fn new(owner: usize, said: Sides<&Said<'a>>, contradictions: &mut Contradictions) -> Self {
        let both = Both { said, owner };
        let (ice, dtls) = (ice(&both, contradictions), dtls(&both, contradictions));
        Self { owner, media: vec![owner], ice, dtls }
    }
}

fn ice<'a>(both: &Both<'_, 'a>, contradictions: &mut Contradictions) -> Option<AgreedIce<'a>> {
    let username_fragments = both.each(|facts| facts.ice_ufrag);
    let (offered, answered) = (username_fragments.offerer.is_some(), username_fragments.answerer.is_some());
    if !offered && !answered {
        return None;
    }
    if offered != answered {
        contradictions.add(Some(both.owner), ContradictionKind::IceCredentialsMissing);
    }
    if both.any(|facts| facts.ice_mismatch).answerer {
        contradictions.add(Some(both.owner), ContradictionKind::IceMismatch);
    }
    let lite = both.any(|facts| facts.ice_lite);
    let controlling = if lite.offerer && !lite.answerer { Side::Answerer } else { Side::Offerer };
    // Session and m-line may both say some.
    let options = both.said.map(|said| {
        let own = said.media.get(both.owner).map(|facts| facts.ice_options.as_slice()).unwrap_or_default();
        let session = said.session.ice_options.iter().filter(|option| !own.contains(option));
        own.iter().chain(session).copied().collect()
    });
    Some(AgreedIce { username_fragments, lite, options, controlling })
}

fn dtls<'a>(both: &Both<'_, 'a>, contradictions: &mut Contradictions) -> Option<AgreedDtls<'a>> {
    let listed = |facts: &Facts<'a>| (!facts.fingerprints.is_empty()).then(|| facts.fingerprints.clone());
    let fingerprints = both.each(listed).map(Option::unwrap_or_default);
    let (offered, answered) = (!fingerprints.offerer.is_empty(), !fingerprints.answerer.is_empty());
    if !offered && !answered {
        return None;
    }
    if offered != answered {
        contradictions.add(Some(both.owner), ContradictionKind::FingerprintMissing);
    }
    let setups = both.each(|facts| facts.setup);
    let client = match client(setups.offerer, setups.answerer) {
        Ok(client) => client,
        Err(kind) => {
            contradictions.add(Some(both.owner), kind);
            None
        }
    };
    Some(AgreedDtls { setups, client, fingerprints, tls_ids: both.each(|facts| facts.tls_id) })
}

/// Who opens the connection (RFC 4145, section 4.1): the answer says it, unless the offer has said the same of itself.
fn client(offered: Option<Setup>, answered: Option<Setup>) -> Result<Option<Side>, ContradictionKind> {
    match (offered, answered) {
        (Some(Setup::Active), Some(Setup::Active))
        | (Some(Setup::Passive), Some(Setup::Passive))
        | (_, Some(Setup::Actpass)) => Err(ContradictionKind::SetupConflict),
        (Some(Setup::Holdconn), _) | (_, None | Some(Setup::Holdconn)) => Ok(None),
        (_, Some(Setup::Active)) => Ok(Some(Side::Answerer)),
        (_, Some(Setup::Passive)) => Ok(Some(Side::Offerer)),
    }
}
