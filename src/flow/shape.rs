//! What a datagram looks like by itself: the first byte of RFC 7983 and RFC 9443, and what must hold behind it.
//!
//! A shape is necessary, not sufficient: whether it is believed depends on what else the flow carries.

/// The number of leading bytes of a big-endian field that a datagram holds.
fn be_u16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2).and_then(|field| field.try_into().ok()).map(u16::from_be_bytes)
}

fn be_u32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4).and_then(|field| field.try_into().ok()).map(u32::from_be_bytes)
}

/// The magic cookie of RFC 8489, section 5.
pub(super) const MAGIC_COOKIE: u32 = 0x2112_A442;

/// Whether `bytes` start like a STUN message with the magic cookie; gives the length of the whole message as it states it.
pub(super) fn stun(bytes: &[u8]) -> Option<usize> {
    let first = *bytes.first()?;
    if first > 3 || be_u32(bytes, 4)? != MAGIC_COOKIE {
        return None;
    }
    Some(usize::from(be_u16(bytes, 2)?) + 20)
}

/// Whether `bytes` are a STUN message of RFC 3489, which has no cookie: a known type, a length that fits to the byte, and known
/// attributes that fill it.
pub(super) fn classic_stun(bytes: &[u8], length: usize) -> bool {
    let Some(kind) = be_u16(bytes, 0) else { return false };
    if !matches!(kind, 0x0001 | 0x0002 | 0x0101 | 0x0102 | 0x0111 | 0x0112) {
        return false;
    }
    let Some(stated) = be_u16(bytes, 2) else { return false };
    if usize::from(stated) + 20 != length || bytes.len() != length {
        return false;
    }
    let mut rest = bytes.get(20..).unwrap_or_default();
    while !rest.is_empty() {
        let (Some(attribute), Some(size)) = (be_u16(rest, 0), be_u16(rest, 2)) else { return false };
        let known = matches!(attribute, 0x0001..=0x000B | 0x0020 | 0x0101 | 0x0103 | 0x8020 | 0x8022);
        let Some(next) = rest.get(4 + usize::from(size)..) else { return false };
        if !known {
            return false;
        }
        rest = next;
    }
    // A response without a mapped address or an error says nothing: something else that happens to fit.
    kind & 0x0100 == 0 || stated > 0
}

/// Whether `bytes` are a message of MS-TURN without the magic cookie of RFC 8489: its own cookie comes first among the attributes
/// ([MS-TURN], section 2.2.2.1).
pub(super) fn microsoft_turn(bytes: &[u8], length: usize) -> bool {
    bytes.first().is_some_and(|first| *first <= 3)
        && bytes.get(20..28) == Some(&[0x00, 0x0F, 0x00, 0x04, 0x72, 0xC6, 0x4B, 0xC6])
        && be_u16(bytes, 2).is_some_and(|stated| usize::from(stated) + 20 == length)
}

/// What is inside a datagram that a Microsoft relay multiplexes: 0xFF10, a length, eight bytes that name the session, and the datagram.
pub(super) fn microsoft_multiplexed(bytes: &[u8], length: usize) -> Option<&[u8]> {
    let fits = bytes.starts_with(&[0xFF, 0x10]) && usize::from(be_u16(bytes, 2)?) + 4 == length;
    let inside = bytes.get(12..)?;
    (fits && stun(inside).is_some_and(|whole| whole <= length.saturating_sub(12))).then_some(inside)
}

/// Whether `bytes` are framed as TURN ChannelData in a datagram: a channel number and a length that fits, padded or not (RFC 8656,
/// section 12.4).
pub(super) fn channel_data(bytes: &[u8], length: usize) -> bool {
    let (Some(number), Some(stated)) = (be_u16(bytes, 0), be_u16(bytes, 2)) else { return false };
    let whole = usize::from(stated) + 4;
    (0x4000..=0x7FFF).contains(&number) && (whole == length || whole.next_multiple_of(4) == length)
}

/// The type of the message with which a client begins (RFC 6347, section 4.3.2).
const DTLS_CLIENT_HELLO: u8 = 1;

/// A DTLS record that is in the clear enough to be told (RFC 6347, RFC 9147).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DtlsShape {
    /// A plaintext handshake record that begins with a ClientHello or a fragment of one.
    ClientHello,
    /// Another plaintext handshake record.
    Handshake,
    /// Another record with the header of DTLS 1.2.
    Record,
    /// The unified header of DTLS 1.3, which any byte in its range fits.
    Unified,
}

/// Whether `bytes` start like a DTLS record.
pub(super) fn dtls(bytes: &[u8], length: usize) -> Option<DtlsShape> {
    let first = *bytes.first()?;
    if (0x20..0x40).contains(&first) {
        // Two bytes of sequence number and of length at most, and a tag of at least eight bytes.
        return (length >= 11).then_some(DtlsShape::Unified);
    }
    if !(20..=26).contains(&first) {
        return None;
    }
    let version = be_u16(bytes, 1)?;
    if !matches!(version, 0xFEFF | 0xFEFD | 0xFEFC | 0x0100) {
        return None;
    }
    let whole = usize::from(be_u16(bytes, 11)?) + 13;
    if whole > length {
        return None;
    }
    if first != 22 || be_u16(bytes, 3)? != 0 {
        return Some(DtlsShape::Record);
    }
    // Each fragment of a message repeats its type (RFC 6347, section 4.2.3).
    let hello = bytes.get(13) == Some(&DTLS_CLIENT_HELLO);
    Some(if hello { DtlsShape::ClientHello } else { DtlsShape::Handshake })
}

/// What the headers of RTP and RTCP have in common with RFC 7983's range 128 to 191.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RtpShape {
    /// A fixed header of RTP whose variable parts fit.
    Rtp {
        /// The synchronisation source.
        ssrc: u32,
        /// The sequence number.
        sequence: u16,
    },
    /// A header of RTCP; the second byte is in 192..=223 (RFC 5761, section 4).
    Rtcp {
        /// The synchronisation source of the sender.
        ssrc: u32,
        /// Whether it begins with a sender or receiver report and its packets fill the datagram to the byte.
        compound: bool,
    },
}

/// Whether `bytes` start like RTP or RTCP version 2.
pub(super) fn rtp(bytes: &[u8], length: usize) -> Option<RtpShape> {
    let (first, second) = (*bytes.first()?, *bytes.get(1)?);
    if first & 0xC0 != 0x80 {
        return None;
    }
    if (192..=223).contains(&second) {
        return Some(RtpShape::Rtcp { ssrc: be_u32(bytes, 4)?, compound: rtcp_compound(bytes, length) });
    }
    let mut header = 12 + 4 * usize::from(first & 0x0F);
    if first & 0x10 != 0 {
        // The snaplen may hide the extension's length: then only what is there can be held against it.
        header += 4 + be_u16(bytes, header + 2).map_or(0, |words| 4 * usize::from(words));
    }
    if header > length {
        return None;
    }
    Some(RtpShape::Rtp { ssrc: be_u32(bytes, 8)?, sequence: be_u16(bytes, 2)? })
}

/// Whether `bytes` are a compound RTCP packet in the clear (RFC 3550, section 6.1): reports first, and lengths that add up.
fn rtcp_compound(bytes: &[u8], length: usize) -> bool {
    if bytes.len() != length || !matches!(bytes.get(1), Some(200 | 201)) {
        return false;
    }
    let mut rest = bytes;
    while !rest.is_empty() {
        let (Some(first), Some(kind), Some(words)) = (rest.first(), rest.get(1), be_u16(rest, 2)) else { return false };
        if first & 0xC0 != 0x80 || !(192..=223).contains(kind) {
            return false;
        }
        match rest.get(4 * (usize::from(words) + 1)..) {
            Some(next) => rest = next,
            None => return false,
        }
    }
    true
}

/// Whether `bytes` start like ZRTP (RFC 6189, section 5).
pub(super) fn zrtp(bytes: &[u8]) -> bool {
    bytes.first() == Some(&0x10) && bytes.get(4..8) == Some(b"ZRTP")
}

/// Whether `bytes` start with a long header of QUIC in a version that exists (RFC 9000, section 17.2; RFC 9369; drafts; gQUIC).
pub(super) fn quic_long(bytes: &[u8]) -> bool {
    let (Some(first), Some(version)) = (bytes.first(), be_u32(bytes, 1)) else { return false };
    let known = matches!(version, 1 | 0x6B33_43CF)
        || version >> 8 == 0x00FF_0000
        || (version >> 24 == 0x51 && version >> 16 & 0xF0 == 0x30);
    first & 0x80 != 0 && known && bytes.get(5).is_some_and(|size| *size <= 20)
}

/// Whether `bytes` start like a SIP message (RFC 3261, section 7).
pub(super) fn sip(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"SIP/2.0 ") {
        return true;
    }
    let line = bytes.get(..bytes.len().min(512)).unwrap_or_default();
    let line = line.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    let Some(space) = line.iter().position(|byte| *byte == b' ') else { return false };
    let (method, rest) = line.split_at(space);
    (3..=16).contains(&method.len()) && method.iter().all(u8::is_ascii_uppercase) && rest.ends_with(b" SIP/2.0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sip_and_ssdp_are_not_channel_data_though_their_first_bytes_fit() {
        let invite = b"INVITE sip:bob@example.org SIP/2.0\r\n";
        assert!(!channel_data(invite, invite.len()) && sip(invite));
        let search = b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n";
        assert!(!channel_data(search, search.len()) && !sip(search));
    }

    #[test]
    fn channel_data_may_be_padded_in_a_datagram() {
        assert!(channel_data(b"\x40\x01\0\x05hello", 9));
        assert!(channel_data(b"\x40\x01\0\x05hello\0\0\0", 12));
        assert!(!channel_data(b"\x40\x01\0\x05hello\0\0", 11));
        assert!(!channel_data(b"\x80\x01\0\x05hello", 9));
    }

    #[test]
    fn classic_stun_must_fit_to_the_byte() {
        let mut request = b"\0\x01\0\0".to_vec();
        request.extend([7; 16]);
        assert!(classic_stun(&request, 20));
        request.push(0);
        assert!(!classic_stun(&request, 21));
        let mut response = b"\x01\x01\0\0".to_vec();
        response.extend([7; 16]);
        assert!(!classic_stun(&response, 20), "a success response carries a mapped address");
    }

    #[test]
    fn a_microsoft_relay_wraps_datagrams_in_twelve_bytes() {
        let mut wrapped = b"\xFF\x10\0\x1CSESSION!".to_vec();
        wrapped.extend(b"\0\x01\0\0\x21\x12\xA4\x42twelve bytes");
        assert_eq!(microsoft_multiplexed(&wrapped, wrapped.len()).map(<[u8]>::len), Some(20));
        assert_eq!(microsoft_multiplexed(&wrapped, wrapped.len() + 1), None);
    }

    #[test]
    fn rtcp_is_told_from_rtp_by_its_second_byte() {
        let report = b"\x81\xC9\0\x07\0\0\0\x01aaaabbbbccccddddeeeeffff";
        assert_eq!(rtp(report, report.len()), Some(RtpShape::Rtcp { ssrc: 1, compound: true }));
        let packet = b"\x80\xEF\0\x07\0\0\0\x01\0\0\0\x09";
        assert_eq!(rtp(packet, packet.len()), Some(RtpShape::Rtp { ssrc: 9, sequence: 7 }));
    }

    #[test]
    fn an_rtp_header_must_fit_into_its_datagram() {
        assert_eq!(rtp(b"\x8F\x60\0\x07\0\0\0\x01\0\0\0\x09", 12), None, "fifteen contributing sources need 72 bytes");
    }

    #[test]
    fn a_dtls_record_states_its_length() {
        let hello = b"\x16\xFE\xFD\0\0\0\0\0\0\0\0\0\x01\x01";
        assert_eq!(dtls(hello, 14), Some(DtlsShape::ClientHello));
        assert_eq!(dtls(hello, 13), None);
        assert_eq!(dtls(b"\x16\x03\x01\0\0\0\0\0\0\0\0\0\0", 13), None, "TLS is not DTLS");
    }
}
