//! Descriptions of which rtcstats has left out the sections that were in another one: `v=` or `m=` stands for them.

/// Whether a section of `sdp` is left out.
pub(super) fn is_abbreviated(sdp: &str) -> bool {
    sections(sdp).any(|section| matches!(section, "v=" | "m="))
}

/// `sdp` with what was left out, out of `base`; `None` where that does not have it.
pub(super) fn restored(sdp: &str, base: &str) -> Option<String> {
    let mut known = sections(base);
    let mut whole = String::new();
    for section in sections(sdp) {
        let base = known.next();
        let section = if matches!(section, "v=" | "m=") { base? } else { section };
        // What stands for more than its own length could otherwise grow with each description.
        if matches!(section, "v=" | "m=") {
            return None;
        }
        whole.push_str(section);
        whole.push_str("\r\n");
    }
    Some(whole)
}

/// The session's section and each m-section, without the ends of their last lines.
fn sections(sdp: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(sdp);
    std::iter::from_fn(move || {
        let text = rest?;
        let (section, after) = match text.find("\nm=") {
            Some(at) => (text.get(..at)?, text.get(at + 1..)),
            None => (text, None),
        };
        rest = after;
        Some(section.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "v=0\r\ns=-\r\nm=audio 9 X 0\r\na=mid:0\r\nm=video 9 X 0\r\na=mid:1\r\n";

    #[test]
    fn sections_come_from_the_base() {
        assert_eq!(restored("v=\r\nm=\r\nm=\r\n", BASE).as_deref(), Some(BASE));
        let other = "v=\r\nm=audio 0 X 0\r\nm=\r\n";
        assert!(is_abbreviated(other) && !is_abbreviated(BASE));
        assert_eq!(restored(other, BASE), Some(BASE.replace("audio 9 X 0\r\na=mid:0", "audio 0 X 0")));
    }

    #[test]
    fn what_the_base_does_not_have_is_unknown() {
        assert_eq!(restored("v=\r\nm=\r\nm=\r\nm=\r\n", BASE), None);
        assert_eq!(restored("v=\r\n", ""), Some("\r\n".to_owned()));
        assert_eq!(restored("v=\r\n", "v="), None);
    }
}
