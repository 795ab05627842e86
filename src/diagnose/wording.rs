//! Numbers, durations and lists as a sentence needs them.

use std::fmt::{Display, Write as _};
use std::time::Duration;

/// `1 check`, `240 checks`.
pub(super) fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// `was` after one, `were` after more.
pub(super) const fn was(number: u64) -> &'static str {
    if number == 1 { "was" } else { "were" }
}

/// A duration with two or three meaningful digits: `4.98 µs`, `57 ms`, `14.9 s`, `11 min 32 s`, `26 h 40 min`.
pub(super) fn duration(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if time < Duration::from_millis(1) {
        format!("{:.3} ms", seconds * 1e3)
    } else if time < Duration::from_secs(1) {
        format!("{:.0} ms", seconds * 1e3)
    } else if time < Duration::from_mins(2) {
        format!("{seconds:.1} s")
    } else if time < Duration::from_hours(2) {
        format!("{} min {} s", time.as_secs() / 60, time.as_secs() % 60)
    } else {
        format!("{} h {} min", time.as_secs() / 3600, time.as_secs() / 60 % 60)
    }
}

/// `a`, `a and b`, `a, b and c`, and past `keep` entries `a, b and 5 more`.
pub(super) fn list<T: Display>(entries: &[T], keep: usize) -> String {
    let shown = if entries.len() > keep { keep.saturating_sub(1).max(1) } else { entries.len() };
    let left = entries.len() - shown.min(entries.len());
    let mut text = String::new();
    for (place, entry) in entries.iter().take(shown).enumerate() {
        let last = left == 0 && place + 1 == shown;
        text.push_str(match place {
            0 => "",
            _ if last => " and ",
            _ => ", ",
        });
        // Writing into a String cannot fail.
        let _ = write!(text, "{entry}");
    }
    if left > 0 {
        let _ = write!(text, " and {left} more");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree_with_their_nouns() {
        assert_eq!(count(1, "check"), "1 check");
        assert_eq!(count(0, "check"), "0 checks");
    }

    #[test]
    fn durations_keep_what_matters() {
        assert_eq!(duration(Duration::from_nanos(4_978)), "0.005 ms");
        assert_eq!(duration(Duration::from_millis(57)), "57 ms");
        assert_eq!(duration(Duration::from_millis(14_940)), "14.9 s");
        assert_eq!(duration(Duration::from_secs(692)), "11 min 32 s");
        assert_eq!(duration(Duration::from_mins(1600)), "26 h 40 min");
    }

    #[test]
    fn long_lists_say_how_much_they_leave_out() {
        assert_eq!(list(&["a"], 3), "a");
        assert_eq!(list(&["a", "b", "c"], 3), "a, b and c");
        assert_eq!(list(&["a", "b", "c", "d", "e"], 3), "a, b and 3 more");
        assert_eq!(list::<&str>(&[], 3), "");
    }
}
