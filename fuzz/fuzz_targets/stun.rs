//! One STUN message: parsed, decoded attribute by attribute, described, and its fields inside its bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtcscope::wire::stun::{Message, describe, fingerprint};

fuzz_target!(|bytes: &[u8]| {
    let Ok(message) = Message::parse(bytes) else { return };
    for attribute in &message.attributes {
        let _ = attribute.decode(&message);
    }
    let _ = fingerprint(&message);
    for field in describe(&message) {
        assert!(field.range.end <= bytes.len(), "{} ends behind the message", field.name);
    }
});
