//! Text that must not leak through logs, freed memory, or the time of a comparison.

use std::{
    fmt,
    hash::{Hash, Hasher},
};

use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// A password or a secret key.
///
/// Dropping it overwrites it, the time of a comparison depends only on the length, and `Debug`
/// hides it.
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
        self.0.zeroize();
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
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
}
