//! Hostile descriptions of any size: many of everything that a rule may look through.

/// Makes a description of about so many bytes.
pub type Shape = fn(usize) -> Vec<u8>;

const HEAD: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
const AUDIO: &str = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\n";

/// `start`, and then lines until there are so many bytes.
fn filled(start: &str, bytes: usize, line: impl Fn(usize) -> String) -> Vec<u8> {
    let mut text = start.to_owned();
    let mut number = 0;
    while text.len() < bytes {
        text.push_str(&line(number));
        number += 1;
    }
    text.into_bytes()
}

fn in_audio(bytes: usize, line: impl Fn(usize) -> String) -> Vec<u8> {
    filled(&format!("{HEAD}{AUDIO}"), bytes, line)
}

/// The shapes by name.
pub const SHAPES: &[(&str, Shape)] = &[
    ("m-lines", |bytes| {
        filled(HEAD, bytes, |number| format!("m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:{number}\r\na=rtcp-mux\r\n"))
    }),
    ("m-lines in a bundle", |bytes| {
        let count = bytes / 70;
        let mids: Vec<String> = (0..count).map(|number| number.to_string()).collect();
        let head = format!("{HEAD}a=group:BUNDLE {}\r\n", mids.join(" "));
        let section = |number: usize| format!("m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:{number}\r\na=rtcp-mux\r\n");
        filled(&head, bytes + head.len() / 2, section)
    }),
    ("m-lines of one mid", |bytes| {
        filled(HEAD, bytes, |_| "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:same\r\n".to_owned())
    }),
    ("formats", |bytes| {
        let formats: Vec<String> = (0..bytes / 4).map(|number| (number % 128).to_string()).collect();
        format!("{HEAD}m=audio 9 RTP/AVP {}\r\n", formats.join(" ")).into_bytes()
    }),
    ("rtpmap lines", |bytes| in_audio(bytes, |number| format!("a=rtpmap:{} opus/48000/2\r\n", number % 128))),
    ("fmtp lines", |bytes| in_audio(bytes, |number| format!("a=fmtp:{} stereo=1;x={number}\r\n", number % 128))),
    ("rtcp-fb lines", |bytes| in_audio(bytes, |number| format!("a=rtcp-fb:{} nack\r\n", number % 128))),
    ("extmap lines", |bytes| in_audio(bytes, |number| format!("a=extmap:{} urn:x:{number}\r\n", number % 300))),
    ("extmap lines of one id", |bytes| in_audio(bytes, |number| format!("a=extmap:3 urn:x:{number}\r\n"))),
    ("sources", |bytes| in_audio(bytes, |number| format!("a=ssrc:{number} cname:x\r\n"))),
    ("sources of one number", |bytes| in_audio(bytes, |number| format!("a=ssrc:7 cname:{number}\r\n"))),
    ("source groups", |bytes| in_audio(bytes, |number| format!("a=ssrc-group:FID {number} {}\r\n", number + 1))),
    ("one long source group", |bytes| {
        let sources: Vec<String> = (0..bytes / 7).map(|number| number.to_string()).collect();
        format!("{HEAD}{AUDIO}a=ssrc-group:SIM {}\r\n", sources.join(" ")).into_bytes()
    }),
    ("candidates", |bytes| {
        in_audio(bytes, |number| format!("a=candidate:{number} 1 udp 1 192.0.2.1 {} typ host\r\n", number % 65_536))
    }),
    ("one candidate often", |bytes| in_audio(bytes, |_| "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n".to_owned())),
    ("rids", |bytes| in_audio(bytes, |number| format!("a=rid:{number} send\r\n"))),
    ("a simulcast of many", |bytes| {
        let rids: Vec<String> = (0..bytes / 7).map(|number| number.to_string()).collect();
        format!("{HEAD}{AUDIO}a=simulcast:send {}\r\n", rids.join(";")).into_bytes()
    }),
    ("groups", |bytes| filled(HEAD, bytes, |number| format!("a=group:LS {number}\r\n"))),
    ("fingerprints", |bytes| in_audio(bytes, |number| format!("a=fingerprint:sha-1 {number}\r\n"))),
    ("msid lines", |bytes| in_audio(bytes, |number| format!("a=msid:{number} x\r\n"))),
    ("unknown attributes", |bytes| in_audio(bytes, |number| format!("a=x{number}\r\n"))),
    ("lines that make no sense", |bytes| filled(HEAD, bytes, |_| "??\r\n".to_owned())),
    ("empty lines", |bytes| filled(HEAD, bytes, |_| "\r\n".to_owned())),
    ("one long line", |bytes| filled(&format!("{HEAD}a=x:"), bytes, |_| "y".to_owned())),
    ("lines of a time", |bytes| filled(HEAD, bytes, |_| "t=0 0\r\n".to_owned())),
    ("crypto lines", |bytes| {
        in_audio(bytes, |number| format!("a=crypto:{number} AES_CM_128_HMAC_SHA1_80 inline:x\r\n"))
    }),
];
