//! How large a description is.

use crate::finding::{Rule, Severity};
use crate::lint::context::Context;
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::Verdicts;

/// The size of a request from which on it may not travel over UDP, where nothing is known of the path.
const LARGEST_REQUEST: usize = 1300;

/// What the request line and the header fields of an INVITE take at least: those of the example in RFC 3261, section 4, are some
/// 330 bytes, and real ones are longer.
const LEAST_HEADER: usize = 330;

/// What that leaves for a description.
const ROOM: usize = LARGEST_REQUEST - LEAST_HEADER;

pub(super) static RULES: &[SdpRule] = &[SdpRule {
    rule: Rule {
        name: "sdp-oversized-udp",
        severity: Severity::Warning,
        summary: "The description is too large for a SIP request over UDP",
        what: "A SIP request of more than 1300 bytes must go over TCP or another transport that watches congestion, and header \
            fields take at least 330 of them.",
        why: "A stack that sends it over UDP all the same has it cut into fragments, which firewalls and NATs often drop: the call \
            never rings.",
        advice: "Offer fewer codecs and candidates, or send the request over TCP or TLS.",
        source: "RFC 3261, section 18.1.1",
    },
    profiles: &[Profile::Sip],
    verdicts: Verdicts::NOT_KNOWN,
    fix: None,
    invalid: &[Example::whole(concat!(
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n«m=audio 49170 RTP/AVP 0»\r\n",
        "a=x-long:0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\r\n",
        "a=x-long:0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\r\n",
        "a=x-long:0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\r\n",
        "a=x-long:0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\r\n",
        "a=x-long:0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\r\n",
        "a=x-long:0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\r\n",
        "a=x-long:0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\r\n",
        "a=x-long:0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\r\n",
    ))],
    valid: &[Example::whole(
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 49170 RTP/AVP 0\r\n",
    )],
    check: Check::Description(too_large),
}];

/// Shown at the first `m=` line, because what belongs to media is what makes it large.
fn too_large(context: &Context<'_, '_>, found: &mut Findings) {
    let size = context.document.text().len();
    if size > ROOM {
        let place = context.media.first().unwrap_or(&context.session).head();
        found.at(place, format!("{size} bytes; a SIP request over UDP has room for {ROOM}"));
    }
}
