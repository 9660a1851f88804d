//! Z85, ZeroMQ's encoding of bytes as text: 5 printable characters for 4 bytes.
//!
//! CURVE keys are written in Z85. Its characters need no quoting in source code, XML and JSON. The
//! format is [RFC 32](https://rfc.zeromq.org/spec/32/).
//!
//! ```
//! use libzmq::z85;
//!
//! let text = z85::encode(b"\x86\x4F\xD2\x6F\xB5\x59\xF7\x5B")?;
//! assert_eq!(text, "HelloWorld");
//! assert_eq!(z85::decode(&text)?, b"\x86\x4F\xD2\x6F\xB5\x59\xF7\x5B");
//! # Ok::<(), z85::Z85Error>(())
//! ```
//!
//! # C API
//! `zmq_z85_encode`, `zmq_z85_decode`

use crate::error::Error;

/// The digits, in the order of their values.
const DIGITS: &[u8; 85] =
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/// The value in [`VALUES`] of a byte that is no digit.
const NONE: u8 = u8::MAX;

/// The value of every byte.
const VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < DIGITS.len() {
        values[DIGITS[value] as usize] = value as u8;
        value += 1;
    }
    values
};

/// The error of [`encode`] and [`decode`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Z85Error {
    /// The number of bytes is not a multiple of 4, or that of characters not one of 5.
    #[error("Z85 is made of groups, 5 characters for 4 bytes")]
    InvalidSize,
    /// A byte of the text is no digit of Z85, or it ends a group of 5 characters whose value
    /// exceeds 32 bits.
    #[error("byte {byte:#04x} at position {pos} is not of Z85")]
    InvalidByte {
        /// The position of the byte in the text.
        pos: usize,
        /// The byte.
        byte: u8,
    },
}

impl<T> From<Z85Error> for Error<T> {
    fn from(error: Z85Error) -> Self {
        let why = match error {
            Z85Error::InvalidSize => "Z85 is made of groups, 5 characters for 4 bytes",
            Z85Error::InvalidByte { .. } => "the text has a byte that is not of Z85",
        };
        Error::invalid(why, "convert Z85").caused_by(error).cast_into()
    }
}

/// Encodes bytes as text.
///
/// # Errors
/// [`InvalidSize`](Z85Error::InvalidSize) if the number of bytes is not a multiple of 4.
#[doc(alias = "zmq_z85_encode")]
pub fn encode(bytes: &[u8]) -> Result<String, Z85Error> {
    if bytes.len() % 4 != 0 {
        return Err(Z85Error::InvalidSize);
    }
    let mut text = String::with_capacity(bytes.len() / 4 * 5);
    for group in bytes.chunks_exact(4) {
        let mut number = group.iter().fold(0, |number, &byte| number << 8 | u32::from(byte));
        let mut digits = [0; 5];
        for digit in digits.iter_mut().rev() {
            *digit = DIGITS[number as usize % DIGITS.len()];
            number /= DIGITS.len() as u32;
        }
        text.extend(digits.map(char::from));
    }
    Ok(text)
}

/// Decodes text into bytes.
///
/// # Errors
/// - [`InvalidSize`](Z85Error::InvalidSize) if the number of characters is not a multiple of 5
/// - [`InvalidByte`](Z85Error::InvalidByte) for a byte that is no digit of Z85, and a group whose
///   value exceeds 32 bits
#[doc(alias = "zmq_z85_decode")]
pub fn decode(text: &str) -> Result<Vec<u8>, Z85Error> {
    let mut bytes = vec![0; text.len() / 5 * 4];
    decode_into(text, &mut bytes)?;
    Ok(bytes)
}

/// Decodes text into a buffer of the caller, so that secrets need not be on the heap.
pub(crate) fn decode_into(text: &str, bytes: &mut [u8]) -> Result<(), Z85Error> {
    if text.len() % 5 != 0 || text.len() / 5 * 4 != bytes.len() {
        return Err(Z85Error::InvalidSize);
    }
    let groups = text.as_bytes().chunks_exact(5).zip(bytes.chunks_exact_mut(4));
    for (index, (digits, group)) in groups.enumerate() {
        let mut number = 0_u32;
        for (offset, &byte) in digits.iter().enumerate() {
            let value = VALUES[usize::from(byte)];
            number = (value != NONE)
                .then(|| number.checked_mul(DIGITS.len() as u32)?.checked_add(value.into()))
                .flatten()
                .ok_or(Z85Error::InvalidByte { pos: index * 5 + offset, byte })?;
        }
        group.copy_from_slice(&number.to_be_bytes());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn z85_error_is_the_source_of_the_error_it_converts_into() {
        let refused = Z85Error::InvalidByte { pos: 7, byte: b' ' };
        let error = Error::<()>::from(refused);
        let source = std::error::Error::source(&error).and_then(|source| source.downcast_ref());
        assert_eq!(source, Some(&refused));
    }

    const TEXT: &str = "HelloWorld";
    const BYTES: [u8; 8] = [0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B];

    #[test]
    fn vector_of_the_rfc() {
        assert_eq!(encode(&BYTES).as_deref(), Ok(TEXT));
        assert_eq!(decode(TEXT).as_deref(), Ok(&BYTES[..]));
    }

    /// The client's public key in zmq_curve(7), which gives it in both forms.
    #[test]
    fn vector_of_a_key() {
        let bytes = [
            0xBB, 0x88, 0x47, 0x1D, 0x65, 0xE2, 0x65, 0x9B, 0x30, 0xC5, 0x5A, 0x53, 0x21, 0xCE,
            0xBB, 0x5A, 0xAB, 0x2B, 0x70, 0xA3, 0x98, 0x64, 0x5C, 0x26, 0xDC, 0xA2, 0xB2, 0xFC,
            0xB4, 0x3F, 0xC5, 0x18,
        ];
        let text = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
        assert_eq!(encode(&bytes).as_deref(), Ok(text));
        assert_eq!(decode(text).as_deref(), Ok(&bytes[..]));
    }

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(encode(&[]).as_deref(), Ok(""));
        assert_eq!(decode("").as_deref(), Ok(&[][..]));
    }

    #[test]
    fn every_digit_and_every_byte() {
        for byte in 0..=u8::MAX {
            let bytes = [byte, 0, byte, 0xFF];
            let decoded = encode(&bytes).and_then(|text| decode(&text));
            assert_eq!(decoded.as_deref(), Ok(&bytes[..]));
        }
        for (value, &digit) in (0..).zip(DIGITS) {
            let text = format!("0000{}", char::from(digit));
            assert_eq!(decode(&text).as_deref(), Ok(&[0, 0, 0, value][..]));
        }
    }

    #[test]
    fn sizes() {
        for size in [1, 2, 3, 5, 6, 7] {
            assert_eq!(encode(&vec![0; size]), Err(Z85Error::InvalidSize));
        }
        for size in [1, 2, 3, 4, 6, 39, 41] {
            assert_eq!(decode(&"0".repeat(size)), Err(Z85Error::InvalidSize));
        }
    }

    #[test]
    fn bytes_that_are_no_digits() {
        for byte in [b' ', b'"', b'\'', b',', b';', b'_', b'`', b'|', b'~', b'\\', 0, 0x7F] {
            let text = format!("0000000{}00", char::from(byte));
            assert_eq!(decode(&text), Err(Z85Error::InvalidByte { pos: 7, byte }));
        }
        // Two bytes of UTF-8.
        assert_eq!(decode("000é"), Err(Z85Error::InvalidByte { pos: 3, byte: 0xC3 }));
    }

    /// Five digits can stand for more than 32 bits.
    #[test]
    fn groups_that_overflow() {
        assert_eq!(encode(&[0xFF; 4]).as_deref(), Ok("%nSc0"));
        assert_eq!(decode("%nSc0").as_deref(), Ok(&[0xFF; 4][..]));
        assert_eq!(decode("%nSc1"), Err(Z85Error::InvalidByte { pos: 4, byte: b'1' }));
        assert_eq!(decode("00000#####"), Err(Z85Error::InvalidByte { pos: 9, byte: b'#' }));
    }
}
