//! Small files of each kind, as they are read.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use rtcscope::signal::{DescriptionType, Matter};
use rtcscope::signaling::Limits;
use rtcscope::signaling::file::{FileError, SideFile};

pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/files").join(name)
}

/// All that a file tells, a line each.
fn told(name: &str) -> String {
    let file = SideFile::read(&fixture(name), &Limits::default()).unwrap();
    let mut out = format!("{}, {} skipped, {} omitted\n", file.kind.name(), file.skipped, file.omitted);
    for connection in &file.connections {
        let clock = connection.clock.map(|clock| (clock.resolution, clock.zone_known));
        writeln!(out, "connection {} of {:?}, clock {clock:?}", connection.id, connection.page).unwrap();
        for signal in &connection.signals {
            let matter = match &signal.matter {
                Matter::Description(found) => {
                    let session = found.sdp.lines().find(|line| line.starts_with("o=")).unwrap_or_default();
                    let kind = found.kind.map_or("?", DescriptionType::name);
                    format!("{kind}, {} bytes, {session}", found.sdp.len())
                }
                other => format!("{other:?}"),
            };
            let names = &signal.addressing;
            let names = [&names.from, &names.to, &names.room].map(|name| name.as_deref().unwrap_or("-")).join(" ");
            let (time, speaker, carrier) = (signal.moment.time.0, signal.speaker, signal.carrier.name());
            writeln!(out, "  {time} {speaker:?} {carrier} [{names}] {matter}").unwrap();
        }
        for event in &connection.events {
            let (time, subject) = (event.time.0, event.subject.name());
            writeln!(out, "  {time} {subject} {} {:?}", event.word, event.error).unwrap();
        }
        for series in &connection.stats {
            let (start, end) = (series.start.0, series.end.0);
            writeln!(out, "  {} {} {} {start}..{end} {:?}", series.kind, series.id, series.name, series.values)
                .unwrap();
        }
        for anchor in connection.anchors() {
            let kind = format!("{:?}", anchor.kind);
            writeln!(out, "  anchor {} {}", anchor.time.0, kind.chars().take(80).collect::<String>()).unwrap();
        }
    }
    out
}

#[test]
fn internals_of_2017() {
    insta::assert_snapshot!(told("internals-2017.json"));
}

#[test]
fn rtcstats_3() {
    insta::assert_snapshot!(told("rtcstats-3.txt"));
}

#[test]
fn rtcstats_legacy() {
    insta::assert_snapshot!(told("rtcstats-legacy.jsonl"));
}

#[test]
fn an_http_archive() {
    insta::assert_snapshot!(told("call.har"));
}

#[test]
fn plain_files() {
    insta::assert_snapshot!(told("two.sdp") + &told("messages.jsonl"));
}

#[test]
fn a_list_of_entries_is_the_same_as_lines_of_them() {
    let lines = std::fs::read_to_string(fixture("rtcstats-legacy.jsonl")).unwrap();
    let list = format!("[{}]", lines.trim().replace('\n', ","));
    let read = |text: &str| SideFile::parse("x", text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(read(&list), read(&lines));
}

#[test]
fn what_is_packed_is_read_like_what_is_not() {
    use std::io::Write;
    let bytes = std::fs::read(fixture("internals-2017.json")).unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&bytes).unwrap();
    let packed = packed.finish().unwrap();
    let read = |bytes: &[u8]| SideFile::parse("x", bytes, &Limits::default());
    assert_eq!(read(&packed).unwrap(), read(&bytes).unwrap());
    let small = Limits { file_bytes: bytes.len() - 1, ..Limits::default() };
    assert!(matches!(SideFile::parse("x", &packed, &small), Err(FileError::TooLarge { .. })));
}

#[test]
fn errors_say_what_was_expected_and_where() {
    let error = |bytes: &[u8]| SideFile::parse("x", bytes, &Limits::default()).unwrap_err().to_string();
    let shown = [
        error(b" \n"),
        error(b"hello"),
        error(b"{\"PeerConnections\": {\n\"1\": }"),
        error(b"{\"a\": 1}"),
        error(b"v=0\r\n\xff"),
        error(b"\x1f\x8b\x08\0\0\0\0\0\0\0\xff\xff\xff"),
    ];
    insta::assert_snapshot!(shown.join("\n"));
    let missing = SideFile::read(Path::new("no such file"), &Limits::default()).unwrap_err();
    assert!(matches!(missing, FileError::Read { .. }));
}
