//! Conversions into messages and from messages.

use super::{Msg, or_exhausted};
use crate::raw::{INLINE, Message};

impl From<Vec<u8>> for Msg {
    /// Takes over the memory of the vector. Up to the inline size the bytes are copied.
    fn from(bytes: Vec<u8>) -> Self {
        if bytes.len() <= INLINE {
            return Self::copied(&bytes);
        }
        let size = bytes.len();
        Self(or_exhausted(Message::from_vec(bytes), size))
    }
}

impl From<Box<[u8]>> for Msg {
    fn from(bytes: Box<[u8]>) -> Self {
        bytes.into_vec().into()
    }
}

impl From<String> for Msg {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

impl From<Box<str>> for Msg {
    fn from(text: Box<str>) -> Self {
        text.into_boxed_bytes().into()
    }
}

impl From<&[u8]> for Msg {
    /// Copies the bytes.
    #[inline]
    fn from(bytes: &[u8]) -> Self {
        Self::copied(bytes)
    }
}

impl<const N: usize> From<[u8; N]> for Msg {
    fn from(bytes: [u8; N]) -> Self {
        Self::copied(&bytes)
    }
}

impl From<&str> for Msg {
    /// Copies the text.
    #[inline]
    fn from(text: &str) -> Self {
        Self::copied(text.as_bytes())
    }
}

impl<T> From<&T> for Msg
where
    T: Into<Msg> + Clone,
{
    fn from(value: &T) -> Self {
        value.clone().into()
    }
}

impl From<Msg> for Vec<u8> {
    fn from(msg: Msg) -> Self {
        msg.into_vec()
    }
}

#[cfg(feature = "bytes")]
mod with_bytes {
    use bytes::Bytes;

    use super::{INLINE, Msg};

    impl From<Bytes> for Msg {
        /// Shares the memory. Up to the inline size the bytes are copied.
        fn from(bytes: Bytes) -> Self {
            if bytes.len() <= INLINE { Self::copied(&bytes) } else { Self::from_owner(bytes) }
        }
    }

    impl From<Msg> for Bytes {
        /// Shares the memory of the message. Up to the inline size the bytes are copied.
        fn from(msg: Msg) -> Self {
            if msg.len() <= INLINE { Self::copy_from_slice(&msg) } else { Self::from_owner(msg) }
        }
    }
}
