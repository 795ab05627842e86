//! Where media goes without ICE.

use std::net::IpAddr;

use super::place::{insert_in_order, rewrite};
use super::{EditError, Scope};
use crate::sdp::attribute::Rtcp;
use crate::sdp::document::Document;
use crate::sdp::line::LineType;
use crate::text::Edit;

/// Replaces the address of `c=` lines, and of `a=rtcp` where it has one, in each section in scope. A section
/// whose address is the session's gets a line of its own.
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, Scope, set_connection_address};
/// # use std::net::{IpAddr, Ipv6Addr};
/// let address = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1));
/// let text = b"m=audio 9 RTP/AVP 0\nc=IN IP4 0.0.0.0\n";
/// let edited = Editor::new(text).edit(|document| set_connection_address(document, Scope::All, address))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=audio 9 RTP/AVP 0\nc=IN IP6 2001:db8::1\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`].
pub fn set_connection_address(
    document: &Document<'_>,
    scope: Scope<'_>,
    address: IpAddr,
) -> Result<Vec<Edit>, EditError> {
    let kind = if address.is_ipv4() { "IP4" } else { "IP6" };
    let content = format!("c=IN {kind} {address}");
    let mut edits = Vec::new();
    for section in scope.sections(document)? {
        let mut own = section.lines_of(LineType::Connection).peekable();
        if own.peek().is_none() {
            edits.push(insert_in_order(&section, LineType::Connection, &content));
        }
        edits.extend(
            own.filter(|line| line.content() != content.as_bytes()).map(|line| rewrite(line, content.as_str())),
        );
        for (line, rtcp) in section.lines_with::<Rtcp<'_>>().filter(|(_, rtcp)| rtcp.address.is_some()) {
            edits.push(rewrite(line, format!("a=rtcp:{} IN {kind} {address}", rtcp.port)));
        }
    }
    Ok(edits)
}
