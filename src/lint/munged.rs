//! What a browser created, and what it was changed to before it was set as the local description.

use super::context::{Context, Role};
use super::engine::{Options, run_others};
use super::finding::{Finding, Text};
use super::munging::Changes;
use super::pair::Munged;
use super::rule::Check;
use super::selection::Selection;
use crate::sdp::Document;

/// Looks for what was changed between `createOffer` or `createAnswer` and `setLocalDescription`: each kind of change once, by the
/// name and number that libwebrtc counts it under, at its first place in the changed description.
///
/// ```
/// use rtcscope::lint::{Options, check_munging};
/// use rtcscope::sdp::Document;
///
/// let created = b"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=sendrecv\r\n";
/// let changed = String::from_utf8_lossy(created).replace("sendrecv", "sendonly");
/// let (created, changed) = (Document::parse(created), Document::parse(changed.as_bytes()));
/// let found = check_munging(&created, &changed, &Options::default());
/// assert_eq!(found.len(), 1);
/// assert!(found[0].message.contains("kDirection (29)"));
/// ```
#[must_use]
pub fn check_munging(created: &Document<'_>, changed: &Document<'_>, options: &Options) -> Vec<Finding> {
    let role = options.role.or(Some(Role::Offer));
    let changed = Context::new(changed, options.profile, role);
    let created = Context::new(created, Some(changed.profile), role);
    munged(&Munged::new(&created, &changed), &options.selection)
}

impl<'c, 'd, 'a> Munged<'c, 'd, 'a> {
    pub(super) fn new(created: &Context<'d, 'a>, changed: &'c Context<'d, 'a>) -> Self {
        Self { changes: Changes::between(created, changed), changed }
    }
}

/// What the rules about changes find.
pub(super) fn munged(munged: &Munged<'_, '_, '_>, selection: &Selection) -> Vec<Finding> {
    run_others(munged.changed.profile, Text::Description, selection, |check, found| {
        if let Check::Munged(check) = check {
            check(munged, found);
        }
    })
}
