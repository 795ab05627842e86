//! Times as files write them, as nanoseconds since the Unix epoch.

use std::time::Duration;

use super::model::FileClock;
use crate::moment::Timestamp;
use crate::signaling::json::Json;

/// Milliseconds with fractions.
pub(super) const MILLISECONDS_F: FileClock = FileClock { resolution: Duration::from_micros(1), zone_known: true };
/// Whole milliseconds.
pub(super) const MILLISECONDS: FileClock = FileClock { resolution: Duration::from_millis(1), zone_known: true };
/// Whole seconds of an unknown zone.
const SECONDS: FileClock = FileClock { resolution: Duration::from_secs(1), zone_known: false };

/// `number` units of `unit` nanoseconds.
pub(super) fn scaled(number: f64, unit: f64) -> Option<Timestamp> {
    // Far inside the range of an i64, so that sums of times stay inside it too.
    if !number.is_finite() || (number * unit).abs() > 4e18 {
        return None;
    }
    // The product has more digits than a float: whole units and their parts each have few enough.
    let (whole, part) = (number.trunc() as i64, (number.fract() * unit).round() as i64);
    Some(Timestamp(whole.saturating_mul(unit as i64).saturating_add(part)))
}

/// A time in milliseconds, as a number or as a text of one, or as a date.
pub(super) fn of_json(value: &Json) -> Option<(Timestamp, FileClock)> {
    let word = value.word()?;
    if let Ok(number) = word.parse::<f64>() {
        let clock = if word.contains('.') { MILLISECONDS_F } else { MILLISECONDS };
        return Some((scaled(number, 1e6)?, clock));
    }
    of_text(word)
}

/// A date as ISO 8601 or as the United States write it.
pub(super) fn of_text(text: &str) -> Option<(Timestamp, FileClock)> {
    iso(text).map(|time| (time, MILLISECONDS)).or_else(|| american(text).map(|time| (time, SECONDS)))
}

/// `2026-11-21T04:47:04.992Z`, with `+01:00` too; without a zone it is UTC.
fn iso(text: &str) -> Option<Timestamp> {
    let (date, time) = text.trim().split_once(['T', ' '])?;
    let [year, month, day] = numbers::<3>(date, '-')?;
    let (time, zone) = match time.find(['Z', '+', '-']) {
        Some(at) => time.split_at_checked(at)?,
        None => (time, "Z"),
    };
    let zone = match zone.split_at_checked(1)? {
        ("Z", "") => 0,
        (sign, hours) => {
            let [hours, minutes] = numbers::<2>(hours, ':')?;
            (hours * 60 + minutes) * if sign == "-" { -60 } else { 60 }
        }
    };
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [hours, minutes, seconds] = numbers::<3>(time, ':')?;
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nanoseconds = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
    let nanoseconds = nanoseconds.fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    stamp(year, month, day, hours * 3600 + minutes * 60 + seconds - zone, nanoseconds)
}

/// `6/30/2017, 6:02:21 PM`
fn american(text: &str) -> Option<Timestamp> {
    let (date, time) = text.trim().split_once(", ")?;
    let [month, day, year] = numbers::<3>(date, '/')?;
    // Newer browsers part the time from its half of the day with a narrow space.
    let (time, half) = time.trim().rsplit_once([' ', '\u{202f}'])?;
    let [hours, minutes, seconds] = numbers::<3>(time, ':')?;
    let half = match half {
        "AM" => 0,
        "PM" => 12,
        _ => return None,
    };
    (1..=12).contains(&hours).then_some(())?;
    stamp(year, month, day, (hours % 12 + half) * 3600 + minutes * 60 + seconds, 0)
}

/// As many whole numbers with `between` between them.
fn numbers<const N: usize>(text: &str, between: char) -> Option<[i64; N]> {
    let mut found = [0; N];
    let mut parts = text.split(between);
    for slot in &mut found {
        let part = parts.next().filter(|part| (1..=4).contains(&part.len()))?;
        *slot = part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())??;
    }
    parts.next().is_none().then_some(found)
}

/// The time of `seconds` into a day of the Gregorian calendar.
fn stamp(year: i64, month: i64, day: i64, seconds: i64, nanoseconds: i64) -> Option<Timestamp> {
    if !(1970..=2200).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years begin in March here, so that the day that leap years have more is the last one.
    let shifted = if month > 2 { year } else { year - 1 };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + of_year - 719_468;
    Some(Timestamp((days * 86_400 + seconds) * 1_000_000_000 + nanoseconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read() {
        let seconds = |text: &str| of_text(text).map(|(time, _)| time.0 / 1_000_000).unwrap_or_default();
        assert_eq!(seconds("1970-01-01T00:00:00Z"), 0);
        assert_eq!(seconds("2026-11-21T04:47:04.992Z"), 1_795_236_424_992);
        assert_eq!(seconds("2026-11-21T05:47:04.992+01:00"), 1_795_236_424_992);
        assert_eq!(seconds("2024-02-29T23:59:59.5Z"), 1_709_251_199_500);
        assert_eq!(seconds("6/30/2017, 6:02:21 PM"), 1_498_845_741_000);
        assert_eq!(seconds("12/31/1999, 12:00:00 AM"), 946_598_400_000);
        assert!(!of_text("6/30/2017, 6:02:21 PM").unwrap().1.zone_known);
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in
            ["", "T", "2026-11-21", "2026-13-01T00:00:00Z", "2026-1-1T0:0:0.Z", "13/13/2017, 6:02:21 PM", "a, b c"]
        {
            assert_eq!(of_text(text), None, "{text}");
        }
        assert_eq!(scaled(f64::NAN, 1.0), None);
        assert_eq!(scaled(1e300, 1e6), None);
        assert_eq!(scaled(1_000_000_000_001.5, 1e6), Some(Timestamp(1_000_000_000_001_500_000)));
    }
}
