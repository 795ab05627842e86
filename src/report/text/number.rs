//! Numbers for people.

/// The space between groups of digits: narrow, and no place to break a line.
const THIN: char = '\u{202f}';

/// A number in groups of three digits: `2 037`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * THIN.len_utf8());
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) && digits.len() > 3 {
            text.push(THIN);
        }
        text.push(digit);
    }
    text
}

/// An amount of bytes in decimal units, to three digits: `198 kB`, `1.24 GB`.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub fn bytes(count: u64) -> String {
    if count < 1000 {
        return format!("{count} B");
    }
    let mut amount = count as f64;
    let mut unit = "B";
    for next in ["kB", "MB", "GB", "TB", "PB", "EB"] {
        if amount < 999.5 {
            break;
        }
        amount /= 1000.0;
        unit = next;
    }
    let decimals = if amount < 9.995 { 2 } else { usize::from(amount < 99.95) };
    format!("{amount:.decimals$} {unit}")
}

/// A length of time: `0.35 ms`, `1.2 ms`, `48 ms`, `14.2 s`, `5 min 03 s`, `2 h 05 min`.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "of a number that is not negative, held at the end"
)]
pub fn duration(seconds: f64) -> String {
    let milliseconds = seconds * 1e3;
    if milliseconds < 0.995 {
        format!("{milliseconds:.2} ms")
    } else if milliseconds < 9.95 {
        format!("{milliseconds:.1} ms")
    } else if milliseconds < 999.5 {
        format!("{milliseconds:.0} ms")
    } else if seconds < 99.95 {
        format!("{seconds:.1} s")
    } else {
        let whole = seconds.round() as u64;
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60);
        if hours > 0 { format!("{} h {minutes:02} min", grouped(hours)) } else { format!("{minutes} min {rest:02} s") }
    }
}

/// A time from a start, in seconds to the millisecond: `+0.048 s`.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an absolute value, held at the end")]
pub fn offset(seconds: f64) -> String {
    let milliseconds = (seconds.abs() * 1e3).round() as u64;
    let sign = if seconds < 0.0 && milliseconds > 0 { '−' } else { '+' };
    format!("{sign}{}.{:03} s", grouped(milliseconds / 1000), milliseconds % 1000)
}

/// A time from a start in whole milliseconds: `+14 ms`.
pub(super) fn milliseconds(seconds: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an absolute value, held at the end")]
    let whole = (seconds.abs() * 1e3).round() as u64;
    let sign = if seconds < 0.0 && whole > 0 { '−' } else { '+' };
    format!("{sign}{} ms", grouped(whole))
}

/// A share of one as percent: `0.5 %`, `0.03 %`, `12 %`; two digits where it is small.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.095 {
        // What is not nothing must not look like it.
        format!("{:.2} %", percent.max(0.01))
    } else if percent < 9.95 {
        format!("{percent:.1} %")
    } else {
        format!("{percent:.0} %")
    }
}

/// A rate in decimal units, to three digits: `245 kbit/s`, `1.24 Mbit/s`.
pub(super) fn bits_per_second(rate: f64) -> String {
    let mut amount = rate;
    let mut unit = "bit/s";
    for next in ["kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"] {
        if amount < 999.5 {
            break;
        }
        amount /= 1000.0;
        unit = next;
    }
    let decimals = if unit == "bit/s" || amount >= 99.95 { 0 } else { 1 + usize::from(amount < 9.995) };
    format!("{amount:.decimals$} {unit}")
}

/// `1 packet`, `2 packets`.
pub(super) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_threes() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(2037), "2\u{202f}037");
        assert_eq!(grouped(1_804_000), "1\u{202f}804\u{202f}000");
        assert_eq!(grouped(u64::MAX).chars().filter(|letter| letter.is_ascii_digit()).count(), 20);
    }

    #[test]
    fn bytes_have_three_digits() {
        assert_eq!([bytes(0), bytes(999), bytes(1000)], ["0 B", "999 B", "1.00 kB"]);
        assert_eq!([bytes(198_000), bytes(999_900), bytes(1_240_000_000)], ["198 kB", "1.00 MB", "1.24 GB"]);
        assert_eq!(bytes(u64::MAX), "18.4 EB");
    }

    #[test]
    fn times_choose_their_unit() {
        assert_eq!([duration(0.000_35), duration(0.0012), duration(0.048)], ["0.35 ms", "1.2 ms", "48 ms"]);
        assert_eq!([duration(14.2), duration(303.0), duration(7500.0)], ["14.2 s", "5 min 03 s", "2 h 05 min"]);
        assert_eq!([offset(0.048), offset(-0.1), offset(1234.5)], ["+0.048 s", "−0.100 s", "+1\u{202f}234.500 s"]);
        assert_eq!([milliseconds(12.0041), milliseconds(-0.000_1)], ["+12\u{202f}004 ms", "+0 ms"]);
    }

    #[test]
    fn shares_and_rates_have_few_digits() {
        assert_eq!(
            [percent(0.0), percent(0.000_01), percent(0.005), percent(0.123)],
            ["0.0 %", "0.01 %", "0.5 %", "12 %"]
        );
        assert_eq!(
            [
                bits_per_second(12.0),
                bits_per_second(32_040.0),
                bits_per_second(245_000.0),
                bits_per_second(1_239_000.0)
            ],
            ["12 bit/s", "32.0 kbit/s", "245 kbit/s", "1.24 Mbit/s"]
        );
    }
}
