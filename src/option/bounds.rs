//! Error texts for values out of bounds, made at compile time.

use super::codec::{Bytes, Number, Text};

impl<const MIN: i32, const MAX: i32> Number<MIN, MAX> {
    const LINE: &'static Line = &Line::new()
        .text("it takes a number from ")
        .number(MIN as u64)
        .text(" to ")
        .number(MAX as u64);

    /// Which values the option accepts.
    pub const ACCEPTED: &'static str = Self::LINE.as_str();
}

impl<const MIN: usize, const MAX: usize> Bytes<MIN, MAX> {
    const LINE: &'static Line = &Line::new().text("it takes ").length(MIN, MAX);

    /// Which values the option accepts.
    pub const ACCEPTED: &'static str = Self::LINE.as_str();
}

impl<const MIN: usize, const MAX: usize> Text<MIN, MAX> {
    const LINE: &'static Line = &Line::new().text("it takes text of ").length(MIN, MAX);

    /// Which values the option accepts.
    pub const ACCEPTED: &'static str = Self::LINE.as_str();
}

/// A line of text that is composed at compile time.
struct Line {
    bytes: [u8; 80],
    length: usize,
}

impl Line {
    const fn new() -> Self {
        Self { bytes: [0; 80], length: 0 }
    }

    const fn text(mut self, text: &str) -> Self {
        let mut place = 0;
        while place < text.len() {
            self.bytes[self.length] = text.as_bytes()[place];
            self.length += 1;
            place += 1;
        }
        self
    }

    const fn number(mut self, number: u64) -> Self {
        if number >= 10 {
            self = self.number(number / 10);
        }
        self.bytes[self.length] = b'0' + (number % 10) as u8;
        self.length += 1;
        self
    }

    const fn length(self, min: usize, max: usize) -> Self {
        match (min, max) {
            (0, usize::MAX) => self.text("any number of bytes"),
            (_, usize::MAX) => self.text("at least ").number(min as u64).text(" bytes"),
            (0, _) => self.text("at most ").number(max as u64).text(" bytes"),
            _ => self.number(min as u64).text(" to ").number(max as u64).text(" bytes"),
        }
    }

    const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_text_names_the_bounds() {
        assert_eq!(Number::<1, 255>::ACCEPTED, "it takes a number from 1 to 255");
        assert_eq!(Bytes::<1, 255>::ACCEPTED, "it takes 1 to 255 bytes");
        assert_eq!(Bytes::<0, { usize::MAX }>::ACCEPTED, "it takes any number of bytes");
        assert_eq!(Text::<0, 15>::ACCEPTED, "it takes text of at most 15 bytes");
        assert_eq!(Text::<3, { usize::MAX }>::ACCEPTED, "it takes text of at least 3 bytes");
    }
}
