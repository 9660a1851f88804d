//! Text that should not be found in a log, in the memory that a program leaves behind, or by timing
//! a comparison.

use std::{
    fmt,
    hash::{Hash, Hasher},
    hint::black_box,
};

/// A password or a secret key.
///
/// Wiped when dropped, as well as that can be done without `unsafe`; compared in a time that
/// depends on nothing but the length; hidden from `Debug`.
#[derive(Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub(super) struct Secret(String);

impl Secret {
    pub(super) fn new(text: String) -> Self {
        Self(text)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        wipe(&mut std::mem::take(&mut self.0).into_bytes());
    }
}

/// Overwrites bytes that are about to be freed; the black box keeps the compiler from seeing that
/// nobody reads them.
pub(super) fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    black_box(bytes);
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.0.as_bytes(), other.0.as_bytes());
        let difference = ours.iter().zip(theirs).fold(0, |sum, (a, b)| black_box(sum | (a ^ b)));
        ours.len() == theirs.len() && difference == 0
    }
}

impl Eq for Secret {}

impl Hash for Secret {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_as_text_does() {
        for a in ["", "a", "b", "ab", "ba"] {
            for b in ["", "a", "b", "ab", "ba"] {
                assert_eq!(Secret::new(a.into()) == Secret::new(b.into()), a == b);
            }
        }
    }

    #[test]
    fn wipes() {
        let mut bytes = *b"secret";
        wipe(&mut bytes);
        assert_eq!(bytes, [0; 6]);
    }
}
