//! One RTP packet: parsed, its elements and its payload decoded in every way, described, and its fields inside its bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtcscope::wire::rtp::extension::Kind;
use rtcscope::wire::rtp::payload::Codec;
use rtcscope::wire::rtp::{Context, Packet, describe};

fuzz_target!(|bytes: &[u8]| {
    let Ok(packet) = Packet::parse(bytes) else { return };
    for element in packet.elements() {
        for kind in Kind::ALL {
            let _ = kind.decode(element.value);
        }
    }
    let kinds = |id: u8| Kind::ALL.get(usize::from(id) % Kind::ALL.len()).copied();
    for codec in Codec::ALL {
        let _ = codec.parse(packet.payload(), packet.csrcs().len()).map(|header| header.picture());
        let context = Context { extensions: Some(&kinds), codec: Some(*codec), ..Context::default() };
        for field in describe(&packet, &context) {
            assert!(field.range.end <= bytes.len(), "{} ends behind the packet", field.name);
        }
    }
});
