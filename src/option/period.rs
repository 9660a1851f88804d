//! Parses periods such as `"100ms"`, `"1.5s"`, `"1m30s"`, `"2h 30m"`.

use std::time::Duration;

const SECOND: u64 = 1_000_000_000;

/// The units and their length in nanoseconds.
const UNITS: &[(&[&str], u64)] = &[
    (&["ns", "nsec"], 1),
    (&["us", "usec"], 1_000),
    (&["ms", "msec", "millis"], 1_000_000),
    (&["s", "sec", "secs", "second", "seconds"], SECOND),
    (&["m", "min", "mins", "minute", "minutes"], 60 * SECOND),
    (&["h", "hr", "hrs", "hour", "hours"], 3600 * SECOND),
    (&["d", "day", "days"], 24 * 3600 * SECOND),
];

/// Returns the sum of numbers with units, or `None` for other text.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut sum = Duration::ZERO;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let (number, after) = split(rest, |c| c.is_ascii_digit() || c == '.');
        let (unit, after) = split(after.trim_start(), |c| c.is_ascii_alphabetic());
        let (_, unit) = UNITS.iter().find(|(names, _)| names.contains(&unit))?;
        sum = sum.checked_add(scaled(number, *unit)?)?;
        rest = after.trim_start();
    }
    Some(sum)
}

fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

/// Converts a decimal number of units.
fn scaled(number: &str, unit: u64) -> Option<Duration> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let whole: u64 = whole.parse().ok()?;
    // Nine digits are enough for nanoseconds.
    if fraction.is_empty() || fraction.len() > 9 {
        return None;
    }
    let divisor = 10_u128.pow(fraction.len() as u32);
    let fraction: u128 = fraction.parse().ok()?;
    let nanoseconds = u128::from(whole) * u128::from(unit) + fraction * u128::from(unit) / divisor;
    let seconds = u64::try_from(nanoseconds / u128::from(SECOND)).ok()?;
    Some(Duration::new(seconds, (nanoseconds % u128::from(SECOND)) as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_as_people_write_them() {
        let ms = Duration::from_millis;
        for (text, period) in [
            ("100ms", ms(100)),
            ("1.5s", ms(1500)),
            ("1m30s", ms(90_000)),
            ("2h 30m", ms(9_000_000)),
            ("1 day", ms(86_400_000)),
            ("0.25 seconds", ms(250)),
            (" 1s 5ms ", ms(1005)),
            ("0s", ms(0)),
        ] {
            assert_eq!(parse(text), Some(period), "{text}");
        }
        for text in
            ["", "1", "s", "1.s", ".5s", "1.5.5s", "1x", "-1s", "1s1", "99999999999999999999s"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse("18446744073709551615d"), None);
    }
}
