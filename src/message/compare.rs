//! Comparisons of messages with text and bytes, in both directions.

use std::{borrow::Borrow, cmp::Ordering};

use super::Msg;

macro_rules! compare {
    ($([$($generic:tt)*] $other:ty;)*) => {$(
        impl<$($generic)*> PartialEq<$other> for Msg {
            fn eq(&self, other: &$other) -> bool {
                let other: &[u8] = other.as_ref();
                self.as_bytes() == other
            }
        }

        impl<$($generic)*> PartialEq<Msg> for $other {
            fn eq(&self, msg: &Msg) -> bool {
                msg == self
            }
        }
    )*};
}

compare! {
    [] [u8];
    [] &[u8];
    [] Vec<u8>;
    [const N: usize] [u8; N];
    [const N: usize] &[u8; N];
    [] str;
    [] &str;
    [] String;
}

/// Compares the bytes.
impl PartialOrd for Msg {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares the bytes.
impl Ord for Msg {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

/// Allows lookups by bytes in a map whose keys are messages.
impl Borrow<[u8]> for Msg {
    fn borrow(&self) -> &[u8] {
        self.as_bytes()
    }
}
