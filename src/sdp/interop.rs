//! From and to `sdp_types::Session`, the crate that the Rust ecosystem shares.

use sdp_types as other;

use super::document::{Document, Section};
use super::grammar::all;
use super::line::LineType;
use super::value::{Value, network_address};

/// A session of `sdp-types` with what the document says. Lines that make no sense, and those that the crate has no
/// place for, are left out; attribute values are taken as they are written.
///
/// ```
/// use rtcscope::sdp::Document;
/// use rtcscope::sdp::interop::{from_session, to_session};
///
/// let text = b"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=tool:x\r\n";
/// let session = to_session(&Document::parse(text));
/// assert_eq!(session.get_first_attribute_value("tool"), Some(Some("x")));
/// assert_eq!(from_session(&session), text);
/// ```
#[must_use]
pub fn to_session(document: &Document<'_>) -> other::Session {
    let section = document.session();
    let mut session = other::Session::new(origin(&section), String::new());
    session.times.clear();
    for line in section.lines() {
        match line.parse() {
            Ok(Value::SessionName(name)) => session.session_name = name.to_owned(),
            Ok(Value::Information(text)) => session.session_description = Some(text.to_owned()),
            Ok(Value::Uri(uri)) => session.uri = Some(uri.to_owned()),
            Ok(Value::Email(email)) => session.emails.push(email.to_owned()),
            Ok(Value::Phone(phone)) => session.phones.push(phone.to_owned()),
            Ok(Value::Timing(timing)) => session.times.push(other::Time {
                start_time: timing.start,
                stop_time: timing.stop,
                repeats: Vec::new(),
            }),
            Ok(Value::Repeat(repeat)) => add_repeat(&mut session, repeat.seconds()),
            Ok(Value::TimeZones(_)) => session.time_zones = time_zones(line.text().as_ref()),
            Ok(Value::EncryptionKey(text)) => session.key = Some(key(text)),
            _ => {}
        }
    }
    session.connection = connections(&section).into_iter().next();
    session.bandwidths = bandwidths(&section);
    session.attributes = attributes(&section);
    session.medias = document.media().filter_map(|section| media(&section)).collect();
    session
}

/// The session as a description; the crate's own writing of it.
///
/// ```
/// # use rtcscope::sdp::Document;
/// # use rtcscope::sdp::interop::{from_session, to_session};
/// let text = b"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
/// let mut session = to_session(&Document::parse(text));
/// session.session_name = "call".to_owned();
/// assert!(from_session(&session).windows(8).any(|part| part == b"s=call\r\n"));
/// ```
#[must_use]
pub fn from_session(session: &other::Session) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing into memory does not fail.
    if session.write(&mut out).is_err() {
        out.clear();
    }
    out
}

fn origin(section: &Section<'_, '_>) -> other::Origin {
    let written = section.lines_of(LineType::Origin).find_map(|line| match line.parse() {
        Ok(Value::Origin(origin)) => Some(origin),
        _ => None,
    });
    let Some(origin) = written else {
        return other::Origin::new("0", 0, other::NetType::In, other::AddrType::Ip4, "0.0.0.0");
    };
    let mut converted = other::Origin::new(
        origin.session_id,
        origin.session_version.parse().unwrap_or(u64::MAX),
        network(origin.network_type),
        address_type(origin.address_type),
        origin.address,
    );
    if origin.username != "-" {
        converted.set_username(origin.username);
    }
    converted
}

fn network(name: &str) -> other::NetType {
    other::NetType::from(name)
}

fn address_type(name: &str) -> other::AddrType {
    other::AddrType::from(name)
}

fn connections(section: &Section<'_, '_>) -> Vec<other::Connection> {
    let lines = section.lines_of(LineType::Connection);
    lines
        .filter_map(|line| {
            let value = line.utf8().ok()?;
            let (net, kind, address) = all(value, network_address).ok()?;
            Some(other::Connection::new(network(net), address_type(kind), address))
        })
        .collect()
}

fn bandwidths(section: &Section<'_, '_>) -> Vec<other::Bandwidth> {
    section
        .bandwidths()
        .map(|bandwidth| other::Bandwidth { bwtype: bandwidth.kind.to_owned(), bandwidth: bandwidth.limit })
        .collect()
}

fn attributes(section: &Section<'_, '_>) -> Vec<other::Attribute> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let lines = section.lines_of(LineType::Attribute);
    lines
        .filter_map(|line| {
            let attribute = text(line.attribute_name()?);
            Some(other::Attribute { attribute, value: line.attribute_value().map(text) })
        })
        .collect()
}

fn add_repeat(session: &mut other::Session, seconds: impl Iterator<Item = i64>) {
    let mut seconds = seconds.filter_map(|time| u64::try_from(time).ok());
    let Some(time) = session.times.last_mut() else { return };
    let (Some(repeat_interval), Some(active_duration)) = (seconds.next(), seconds.next()) else { return };
    time.repeats.push(other::Repeat { repeat_interval, active_duration, offsets: seconds.collect() });
}

fn time_zones(text: &str) -> Vec<other::TimeZone> {
    let line = super::value::Repeat { times: super::list::Words(text) };
    let times: Vec<i64> = line.seconds().collect();
    times
        .chunks(2)
        .filter_map(|pair| match pair {
            [time, offset] => Some(other::TimeZone { adjustment_time: u64::try_from(*time).ok()?, offset: *offset }),
            _ => None,
        })
        .collect()
}

fn key(text: &str) -> other::Key {
    let (method, key) = match text.split_once(':') {
        Some((method, key)) => (method, Some(key.to_owned())),
        None => (text, None),
    };
    other::Key { method: method.to_owned(), encryption_key: key }
}

fn media(section: &Section<'_, '_>) -> Option<other::Media> {
    let line = section.media()?;
    let mut media = other::Media {
        media: line.media.to_owned(),
        port: line.port,
        num_ports: line.port_count.and_then(|count| u16::try_from(count).ok()),
        proto: line.protocol.to_owned(),
        fmt: line.formats.0.to_owned(),
        media_title: None,
        connections: connections(section),
        bandwidths: bandwidths(section),
        key: None,
        attributes: attributes(section),
    };
    for line in section.lines() {
        match line.parse() {
            Ok(Value::Information(text)) => media.media_title = Some(text.to_owned()),
            Ok(Value::EncryptionKey(text)) => media.key = Some(key(text)),
            _ => {}
        }
    }
    Some(media)
}
