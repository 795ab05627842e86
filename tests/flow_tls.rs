//! TLS connections of public captures, against what tshark says of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]
#![allow(missing_docs)]
#![cfg(feature = "capture")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use rtcscope::capture::Reader;
use rtcscope::flow::{EncryptedConnection, EncryptedStreams};
use rtcscope::net::{Datagram, IcmpError, Limits, Sink, Stack, TcpEvent, TcpWhat};
use rtcscope::path;

/// A line a connection: capture, client's port, SNI, ALPN offered, version, cipher suite, ALPN chosen; `-` where there is none.
/// Written by tshark with `tcp.reassemble_out_of_order`. Connections inside of tunnels (VXLAN, 4in6, PPPoE) are not among them: `net`
/// does not open those.
const TSHARK: &str = include_str!("flow_tls/tshark.txt");

#[derive(Default)]
struct Listener {
    streams: EncryptedStreams,
}

impl Sink for Listener {
    fn datagram(&mut self, _: &Datagram<'_>) {}

    fn icmp_error(&mut self, _: &IcmpError<'_>) {}

    fn tcp(&mut self, event: &TcpEvent<'_>) {
        let path = path::Path::direct(event.source, event.destination, path::Transport::Tcp);
        let (number, way) = (event.stream.0, path.flow().1.index());
        match event.what {
            TcpWhat::Bytes(bytes) => self.streams.observe(event.moment, number, &path, way, bytes),
            TcpWhat::Gap(missing) => self.streams.gap(number, way, missing),
            TcpWhat::Closed | TcpWhat::Reset => self.streams.close(event.moment, number),
            _ => {}
        }
    }
}

fn listen(capture: &std::path::Path) -> EncryptedStreams {
    let mut reader = Reader::open(capture).unwrap();
    let mut stack = Stack::new(Limits::default());
    let mut listener = Listener::default();
    while let Ok(Some(frame)) = reader.next_frame() {
        stack.observe(&frame, &mut listener);
    }
    stack.finish(&mut listener);
    listener.streams
}

fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("RTCSCOPE_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("RTCSCOPE_CORPUS is not set: skipped");
    }
    folder
}

/// The connection as a line of the table.
fn line(name: &str, connection: &EncryptedConnection) -> String {
    let or_none = |text: Option<String>| text.filter(|text| !text.is_empty()).unwrap_or_else(|| "-".to_owned());
    [
        name.to_owned(),
        connection.ends[connection.client()].port.to_string(),
        or_none(connection.server_name.clone()),
        or_none(Some(connection.offered_protocols.join(","))),
        or_none(connection.version.map(|version| format!("{:04x}", version.0))),
        or_none(connection.cipher_suite.map(|suite| format!("{:04x}", suite.0))),
        or_none(connection.chosen_protocol.clone()),
    ]
    .join(" ")
}

#[test]
fn hellos_are_read_as_tshark_reads_them() {
    let Some(corpus) = corpus() else { return };
    let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in TSHARK.lines() {
        wanted.entry(line.split(' ').next().unwrap()).or_default().push(line);
    }
    let mut faults = Vec::new();
    let mut compared = 0;
    for (name, lines) in wanted {
        let folder = corpus.join("corpus/pcaps");
        let capture = ["pcap", "pcapng"].map(|ending| folder.join(format!("{name}.{ending}")));
        let Some(capture) = capture.iter().find(|path| path.exists()) else { continue };
        let streams = listen(capture);
        let found: Vec<String> = streams
            .connections()
            .filter(|(_, connection)| !connection.offered_versions.is_empty())
            .map(|(_, connection)| line(name, connection))
            .collect();
        compared += lines.len();
        faults.extend(
            lines
                .iter()
                .filter(|line| !found.iter().any(|found| found == *line))
                .map(|line| format!("missing: {line}")),
        );
        faults.extend(found.iter().filter(|line| !lines.contains(&line.as_str())).map(|line| format!("found: {line}")));
    }
    eprintln!("{compared} connections compared");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A line a connection before TLS 1.3: capture, client's port, bytes of application data from the client and to it, the lengths of the
/// records that tshark found summed up.
const SIZES: &str = include_str!("flow_tls/sizes.txt");

#[test]
fn sizes_are_those_of_tshark() {
    let Some(corpus) = corpus() else { return };
    let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in SIZES.lines() {
        wanted.entry(line.split(' ').next().unwrap()).or_default().push(line);
    }
    let mut faults = Vec::new();
    for (name, lines) in wanted {
        let folder = corpus.join("corpus/pcaps");
        let capture = ["pcap", "pcapng"].map(|ending| folder.join(format!("{name}.{ending}")));
        let Some(capture) = capture.iter().find(|path| path.exists()) else { continue };
        let streams = listen(capture);
        for line in lines {
            let port = line.split(' ').nth(1).unwrap();
            let (_, connection) = streams
                .connections()
                .find(|(_, connection)| connection.ends[connection.client()].port.to_string() == port)
                .unwrap();
            let client = connection.client();
            let found = format!("{name} {port} {} {}", connection.bytes[client], connection.bytes[1 - client]);
            if found != line {
                faults.push(format!("{line}, found {found}, missing {:?}", connection.missing));
            }
            let sum: u64 = connection.messages.iter().map(|message| message.bytes).sum();
            if connection.messages.omitted() == 0 {
                assert_eq!(sum, connection.bytes.iter().sum::<u64>(), "{line}");
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Captures, TLS connections in them, and how many of those began before the capture. tshark names six more in `webex`, `whatsapp`,
/// `whatsapp_login_call` and `zoom`, of one record each: a single record proves nothing.
const CONNECTIONS: &[(&str, usize, usize)] = &[
    ("anyconnect-vpn.pcap", 10, 5),
    ("discord.pcap", 1, 0),
    ("geforcenow.pcapng", 1, 0),
    ("line.pcap", 2, 1),
    ("signal.pcap", 15, 3),
    ("teams.pcap", 40, 2),
    ("viber.pcap", 7, 0),
    ("wa_voice.pcap", 4, 2),
    ("webex.pcap", 49, 0),
    ("whatsapp.pcap", 1, 1),
    ("whatsapp_login_call.pcap", 5, 2),
    ("zoom.pcap", 11, 1),
];

#[test]
fn connections_joined_late_are_found_and_nothing_else_is() {
    let Some(corpus) = corpus() else { return };
    for (name, all, joined) in CONNECTIONS {
        let capture = corpus.join("corpus/pcaps").join(name);
        if capture.exists() {
            let streams = listen(&capture);
            let found: Vec<_> = streams.connections().map(|(_, connection)| connection.joined).collect();
            assert_eq!((found.len(), found.iter().filter(|joined| **joined).count()), (*all, *joined), "{name}");
        }
    }
    // Calls in a lab: TCP carries HTTP, WebSocket, TURN, ICE, but no TLS.
    let mut captures = 0;
    for entry in std::fs::read_dir(corpus.join("captures")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "pcap") {
            captures += 1;
            assert_eq!(listen(&path).connections().count(), 0, "{}", path.display());
        }
    }
    assert!(captures > 50);
}
