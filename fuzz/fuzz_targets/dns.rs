//! One DNS message: parsed, remembered, described, and its fields inside its bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtcscope::moment::Moment;
use rtcscope::path::Endpoint;
use rtcscope::session::Names;
use rtcscope::wire::dns::{Message, NAME_LENGTH, describe};

fuzz_target!(|bytes: &[u8]| {
    for field in describe(bytes) {
        assert!(field.range.end <= bytes.len(), "{} ends behind the message", field.name);
    }
    let Ok(message) = Message::parse(bytes) else { return };
    for record in message.records() {
        // Each byte is four letters at most.
        assert!(record.name.as_str().len() <= 4 * NAME_LENGTH);
    }
    let mut names = Names::new();
    names.observe(Moment::default(), Endpoint::new([192, 0, 2, 1].into(), 5353), &message);
});
