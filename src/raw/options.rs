//! How option values cross into C and back: always with their exact size, always alive across the call.

use libc::{c_int, c_void, size_t};

use super::Errno;

/// How many bytes C gives for an option. It refuses to give a number into a buffer of any other size, and text into
/// one that is too small.
#[derive(Clone, Copy, Debug)]
pub enum Size {
    Exactly(usize),
    Any,
}

impl Size {
    pub(crate) const INT: Self = Self::Exactly(size_of::<c_int>());
    pub(crate) const LONG: Self = Self::Exactly(size_of::<u64>());
}

/// Reads a value through a C function that takes a buffer and its length. Text is offered a large buffer if it does not fit
/// into a small one: larger than any option needs.
pub(super) fn read<F>(size: Size, mut read: F) -> Result<Vec<u8>, Errno>
where
    F: FnMut(*mut c_void, &mut size_t) -> Result<(), Errno>,
{
    let mut read_into = |size| {
        let mut buffer = vec![0_u8; size];
        let mut length = size;
        read(buffer.as_mut_ptr().cast(), &mut length)?;
        buffer.truncate(length);
        Ok(buffer)
    };
    match size {
        Size::Exactly(size) => read_into(size),
        Size::Any => match read_into(256) {
            Err(Errno::INVALID) => read_into(8192),
            done => done,
        },
    }
}

/// The number that the bytes are, if they are one.
pub(crate) fn int(bytes: &[u8]) -> Option<c_int> {
    Some(c_int::from_ne_bytes(bytes.try_into().ok()?))
}
