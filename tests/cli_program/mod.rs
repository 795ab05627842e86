//! Runs the built program, and makes the small captures that it is run on.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The program with `arguments`, and nothing of the environment that could change what it says.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rtcscope"));
    command.args(arguments).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
    command
}

pub(crate) fn run(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the built program runs")
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// A folder of its own for the test `name`.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Writes `bytes` to `name` in `folder` and gives the path as an argument.
pub(crate) fn file(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("a file");
    path.to_str().expect("UTF-8").to_owned()
}

/// The header of a pcap file of raw IP packets with microseconds, little-endian.
pub(crate) const HEADER: [u8; 24] =
    [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 101, 0, 0, 0];

/// A record with a UDP datagram from `source` to `destination`, which are the last bytes of addresses in 192.0.2.0/24.
pub(crate) fn record(milliseconds: u32, source: (u8, u16), destination: (u8, u16), payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 28).expect("a short payload");
    let mut packet = vec![0x45, 0];
    packet.extend(length.to_be_bytes());
    packet.extend([0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, source.0, 192, 0, 2, destination.0]);
    packet.extend(source.1.to_be_bytes());
    packet.extend(destination.1.to_be_bytes());
    packet.extend((length - 20).to_be_bytes());
    packet.extend([0, 0]);
    packet.extend(payload);
    let mut record = Vec::new();
    record.extend((1_795_236_333 + milliseconds / 1000).to_le_bytes());
    record.extend((milliseconds % 1000 * 1000).to_le_bytes());
    record.extend(u32::from(length).to_le_bytes());
    record.extend(u32::from(length).to_le_bytes());
    record.extend(packet);
    record
}

/// A STUN message of `kind` with the transaction `id` and attributes as they are on the wire.
pub(crate) fn stun(kind: u16, id: u8, attributes: &[u8]) -> Vec<u8> {
    let mut message = kind.to_be_bytes().to_vec();
    message.extend(u16::try_from(attributes.len()).expect("short attributes").to_be_bytes());
    message.extend([0x21, 0x12, 0xa4, 0x42]);
    message.extend([id; 12]);
    message.extend(attributes);
    message
}

/// The attributes of a check from `Ctrl` to `Peer`: USERNAME, PRIORITY, ICE-CONTROLLING and USE-CANDIDATE.
pub(crate) const CHECK: [u8; 40] = [
    0x00, 0x06, 0, 9, b'P', b'e', b'e', b'r', b':', b'C', b't', b'r', b'l', 0, 0, 0, //
    0x00, 0x24, 0, 4, 0x6e, 0, 0x1e, 0xff, //
    0x80, 0x2a, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, //
    0x00, 0x25, 0, 0,
];

/// A check that is answered, twice.
pub(crate) fn call() -> Vec<u8> {
    let mut capture = HEADER.to_vec();
    let (agent, peer) = ((11, 50_000), (12, 50_002));
    for (number, at) in [(1, 0), (2, 50)] {
        capture.extend(record(at, agent, peer, &stun(0x0001, number, &CHECK)));
        capture.extend(record(at + 7, peer, agent, &stun(0x0101, number, &[])));
    }
    capture
}
