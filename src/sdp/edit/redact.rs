//! Nothing that tells who and where: addresses, names, credentials.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::place::{part, rewrite};
use crate::sdp::attribute::{Attribute, Key};
use crate::sdp::document::Document;
use crate::sdp::line::{Line, LineType};
use crate::sdp::value::{Value, is_host_name};
use crate::text::{Edit, Span};

/// Replaces addresses, host names, user names, ICE credentials, fingerprints, SDES keys, CNAMEs, identities and
/// contact lines by placeholders: equal ones by equal ones, and valid ones, so that the description still
/// parses and still shows what belongs together. The unspecified and the loopback addresses stay.
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, redact};
/// let text = b"c=IN IP4 198.51.100.7\na=rtcp:9 IN IP4 198.51.100.7\na=tool:x\n";
/// let edited = Editor::new(text).edit(|document| Ok(redact(document)))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "c=IN IP4 198.18.0.1\na=rtcp:9 IN IP4 198.18.0.1\na=tool:x\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
#[must_use]
pub fn redact(document: &Document<'_>) -> Vec<Edit> {
    let mut names = Placeholders::default();
    document.lines().iter().flat_map(|line| of_line(line, &mut names)).collect()
}

/// Which placeholder stands for what.
#[derive(Debug, Default)]
struct Placeholders {
    known: BTreeMap<&'static str, BTreeMap<Vec<u8>, usize>>,
}

impl Placeholders {
    /// The number of this one among its kind, from 1.
    fn number(&mut self, kind: &'static str, value: &[u8]) -> usize {
        let known = self.known.entry(kind).or_default();
        let next = known.len() + 1;
        *known.entry(value.to_vec()).or_insert(next)
    }

    fn address(&mut self, address: IpAddr) -> Option<String> {
        if address.is_unspecified() || address.is_loopback() {
            return None;
        }
        let value = address.to_string();
        Some(match address {
            IpAddr::V4(_) if address.is_multicast() => {
                let number = self.number("group4", value.as_bytes());
                format!("233.252.{}.{}", (number >> 8) & 3, number & 255)
            }
            IpAddr::V6(_) if address.is_multicast() => {
                format!("ff0e::{:x}", self.number("group6", value.as_bytes()) & 0xffff)
            }
            IpAddr::V4(_) => {
                let number = self.number("ip4", value.as_bytes());
                format!("198.{}.{}.{}", 18 + ((number >> 16) & 1), (number >> 8) & 255, number & 255)
            }
            IpAddr::V6(_) => format!("2001:db8:0:5c09::{:x}", self.number("ip6", value.as_bytes()) & 0xffff),
        })
    }

    /// What stands for an address or a name.
    fn host(&mut self, host: &str) -> Option<String> {
        if let Ok(address) = host.parse() {
            return self.address(address);
        }
        let domain = if host.to_ascii_lowercase().ends_with(".local") { "local" } else { "example" };
        is_host_name(host).then(|| format!("host-{}.{domain}", self.number("host", host.as_bytes())))
    }
}

fn of_line(line: &Line<'_>, names: &mut Placeholders) -> Vec<Edit> {
    match line.line_type() {
        LineType::Email => vec![rewrite(line, "e=user@example.com")],
        LineType::Phone => vec![rewrite(line, "p=+1 555 0100")],
        LineType::Uri => vec![rewrite(line, "u=https://example.com/")],
        LineType::EncryptionKey => vec![rewrite(line, "k=prompt")],
        LineType::Information => vec![rewrite(line, "i=redacted")],
        LineType::SessionName if !matches!(line.value(), b"-" | b" " | b"") => vec![rewrite(line, "s=redacted")],
        LineType::Origin | LineType::Connection | LineType::Attribute | LineType::Unknown | LineType::Malformed => {
            of_words(line, names)
        }
        _ => Vec::new(),
    }
}

fn of_words(line: &Line<'_>, names: &mut Placeholders) -> Vec<Edit> {
    match line.parse() {
        Ok(Value::Origin(origin)) => {
            let mut edits = addresses(line, names);
            if origin.username != "-" {
                let name = format!("user{}", names.number("user", origin.username.as_bytes()));
                edits.extend(line.words().next().map(|word| Edit::replace(word.span, name)));
            }
            edits.extend(host_at(line, 5, names));
            edits
        }
        Ok(Value::Connection(connection)) if connection.address.parse::<IpAddr>().is_err() => {
            host_at(line, 2, names).into_iter().collect()
        }
        Ok(Value::Attribute(attribute)) => of_attribute(line, attribute, names),
        _ => secret_key(line).unwrap_or_else(|| addresses(line, names)),
    }
}

/// A line that should hold a secret and makes no sense shows nothing of it.
fn secret_key(line: &Line<'_>) -> Option<Vec<Edit>> {
    let secret = matches!(line.key(), Key::IcePwd | Key::IceUfrag | Key::Crypto | Key::Fingerprint | Key::TlsId);
    let value = line.attribute_value().filter(|_| secret)?;
    let start = line.content().len() - value.len();
    Some(vec![Edit::replace(part(line, start, line.content().len()), "redacted")])
}

fn of_attribute(line: &Line<'_>, attribute: Attribute<'_>, names: &mut Placeholders) -> Vec<Edit> {
    let new = match attribute {
        Attribute::IceUfrag(ufrag) => format!("a=ice-ufrag:{}", ufrag_name(ufrag.0, names)),
        Attribute::IcePwd(pwd) => format!("a=ice-pwd:password{:016}", names.number("pwd", pwd.0.as_bytes())),
        Attribute::TlsId(id) => format!("a=tls-id:{:020}", names.number("tls-id", id.0.as_bytes())),
        Attribute::Fingerprint(fingerprint) => {
            let number = names.number("fingerprint", fingerprint.hash.as_bytes());
            let length = fingerprint.bytes().count();
            let bytes: Vec<String> = (0..length)
                .rev()
                .map(|at| {
                    format!("{:02X}", number.checked_shr(u32::try_from(at * 8).unwrap_or(u32::MAX)).unwrap_or(0) & 255)
                })
                .collect();
            format!("a=fingerprint:{} {}", fingerprint.hash_function, bytes.join(":"))
        }
        Attribute::Crypto(crypto) => {
            let keys: Vec<String> = crypto.key_parameters.split(';').map(key).collect();
            let new = crate::sdp::Crypto { key_parameters: &keys.join(";"), ..crypto };
            format!("a=crypto:{new}")
        }
        Attribute::Ssrc(ssrc) if ssrc.attribute == "cname" => {
            let number = names.number("cname", ssrc.value.unwrap_or_default().as_bytes());
            format!("a=ssrc:{} cname:cname{number}", ssrc.id)
        }
        Attribute::Identity(_) => "a=identity:redacted".to_owned(),
        Attribute::Path(_) => "a=path:msrp://host.example/redacted;tcp".to_owned(),
        Attribute::Control(control) if control.0.contains("://") => "a=control:rtsp://host.example/".to_owned(),
        Attribute::Other(other) if other.value.is_some_and(|value| value.contains("://") || value.contains('@')) => {
            format!("a={}:redacted", other.name)
        }
        Attribute::Candidate(_) => return candidate(line, names),
        _ => return addresses(line, names),
    };
    vec![rewrite(line, new)]
}

fn ufrag_name(ufrag: &str, names: &mut Placeholders) -> String {
    format!("ufrag{:03}", names.number("ufrag", ufrag.as_bytes()))
}

/// A key parameter with a key of the same length that is none; lifetime and MKI stay.
fn key(parameter: &str) -> String {
    let (method, rest) = parameter.split_once(':').unwrap_or(("inline", parameter));
    let (secret, more) = match rest.split_once('|') {
        Some((secret, more)) => (secret, format!("|{more}")),
        None => (rest, String::new()),
    };
    format!("{method}:{}{more}", "A".repeat(secret.len()))
}

fn candidate(line: &Line<'_>, names: &mut Placeholders) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut before: &[u8] = b"";
    for (index, word) in line.words().enumerate() {
        let text = str::from_utf8(word.value).unwrap_or_default();
        let new = match (index, before) {
            (4, _) | (_, b"raddr") => names.host(text),
            (_, b"ufrag") => Some(ufrag_name(text, names)),
            _ => text.parse().ok().and_then(|address| names.address(address)),
        };
        edits.extend(new.map(|new| Edit::replace(word.span, new)));
        before = word.value;
    }
    edits
}

fn host_at(line: &Line<'_>, index: usize, names: &mut Placeholders) -> Option<Edit> {
    let word = line.words().nth(index)?;
    let text = str::from_utf8(word.value).ok()?;
    text.parse::<IpAddr>().is_err().then(|| names.host(text))?.map(|new| Edit::replace(word.span, new))
}

/// Every IP address in the line, wherever it stands between separators.
fn addresses(line: &Line<'_>, names: &mut Placeholders) -> Vec<Edit> {
    let content = line.content();
    let value = line.attribute_value().map_or(2.min(content.len()), |value| content.len() - value.len());
    let mut edits = Vec::new();
    let mut start = value;
    let of_address = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':');
    while start < content.len() {
        let rest = content.get(start..).unwrap_or_default();
        let length = rest.iter().position(|byte| !of_address(byte)).unwrap_or(rest.len());
        let before = start.checked_sub(1).and_then(|at| content.get(at)).copied().unwrap_or(b' ');
        let after = rest.get(length).copied().unwrap_or(b' ');
        let alone = !before.is_ascii_alphanumeric() && !after.is_ascii_alphanumeric();
        let text = rest.get(..length).and_then(|text| str::from_utf8(text).ok()).unwrap_or_default();
        if let Some(new) = text.parse().ok().filter(|_| alone).and_then(|address| names.address(address)) {
            let base = line.span().start + start;
            edits.push(Edit::replace(Span::new(base, base + length), new));
        }
        start += length + 1;
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::apply;

    #[test]
    fn nothing_personal_is_left_and_equal_stays_equal() {
        let text = b"v=0\r\no=alice 1 1 IN IP4 pc.alice.org\r\ns=Alice's\r\nc=IN IP4 10.1.2.3/127\r\nt=0 0\r\n\
            m=audio 9 RTP/AVP 0\r\nc=IN IP4 10.1.2.3\r\na=ice-ufrag:SECR\r\na=ice-pwd:SECRETSECRETSECRETSECRET\r\n\
            a=candidate:1 1 udp 1 10.1.2.3 9 typ host ufrag SECR\r\na=candidate:2 1 udp 1 fe80::12:34 9 typ srflx raddr 10.1.2.3 rport 1\r\n\
            a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRET|2^20\r\na=oldmediaip:10.1.2.3\r\na=rtcp:9 IN IP4 0.0.0.0\r\n\
            a=fingerprint:sha-1 00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:33\r\na=ice-pwd:SECR ET\r\n";
        let out = String::from_utf8(apply(text, &redact(&Document::parse(text))).unwrap()).unwrap();
        for secret in ["SECR", "alice", "10.1.2.3", "fe80", "aa:bb", "Alice"] {
            assert!(!out.contains(secret), "{secret} in {out}");
        }
        assert_eq!(out.matches("198.18.0.1").count(), 5, "{out}");
        assert!(out.contains("a=rtcp:9 IN IP4 0.0.0.0") && out.contains("inline:AAAAAA|2^20"), "{out}");
    }
}
