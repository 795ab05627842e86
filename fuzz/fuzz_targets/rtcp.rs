//! One RTCP datagram: parsed, decoded, made again, described, and its fields inside its bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtcscope::wire::rtcp::{Body, Builder, Compound, describe};

fuzz_target!(|bytes: &[u8]| {
    let Ok(compound) = Compound::parse(bytes) else { return };
    for body in compound.bodies() {
        if let Body::TransportWideFeedback(feedback) = &body {
            assert!(feedback.packets().count() <= usize::from(feedback.status_count));
        }
        let _ = Builder::new().packet(&body).emit();
    }
    for field in describe(&compound) {
        assert!(field.range.end <= bytes.len(), "{} ends behind the datagram", field.name);
    }
});
