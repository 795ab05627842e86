//! One RTCP datagram: parsed, decoded, made again, described, and its fields inside its bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtcscope::wire::rtcp::{Body, Builder, Compound, SecureLayout, SecureTrailer, describe, describe_secure};

fuzz_target!(|bytes: &[u8]| {
    let Ok(compound) = Compound::parse(bytes) else { return };
    for body in compound.bodies() {
        if let Body::TransportWideFeedback(feedback) = &body {
            assert!(feedback.packets().count() <= usize::from(feedback.status_count));
        }
        let _ = Builder::new().packet(&body).emit();
    }
    let trailers = SecureLayout::ALL.iter().map(|layout| SecureTrailer::parse(bytes, *layout).ok());
    let secure = trailers.filter_map(|trailer| describe_secure(bytes, trailer.as_ref()).ok()).flatten();
    for field in describe(&compound).into_iter().chain(secure) {
        assert!(field.range.end <= bytes.len(), "{} ends behind the datagram", field.name);
    }
});
