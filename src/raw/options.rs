//! How option values cross into C and back: always with their exact size, always alive across the
//! call.

use libc::{c_int, c_void, size_t};

use super::Errno;

/// How many bytes C gives for an option. It refuses to give a number into a buffer of any other
/// size, and text into one that is too small.
#[derive(Clone, Copy, Debug)]
pub enum Size {
    Exactly(usize),
    Any,
}

impl Size {
    pub(crate) const INT: Self = Self::Exactly(size_of::<c_int>());
    pub(crate) const LONG: Self = Self::Exactly(size_of::<u64>());
}

/// Reads a value through a C function that takes a buffer and its length. Text is offered a large
/// buffer if it does not fit into a small one: larger than any option needs.
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

/// A value for an option that this crate has no type for, by C's number.
///
/// ```
/// use libzmq::{option::RawOption, prelude::*};
///
/// # fn main() -> Result<(), anyhow::Error> {
/// const ZMQ_BACKLOG: i32 = 19;
///
/// let server = Server::new()?;
/// let value = 200_i32.to_ne_bytes();
/// // SAFETY: C takes an int for it, of every socket and at any time.
/// server.set_raw(unsafe { RawOption::new(ZMQ_BACKLOG, &value) })?;
/// assert_eq!(server.get_raw(ZMQ_BACKLOG, 4)?, value);
/// assert_eq!(server.get(opt::Backlog)?, 200);
/// #     Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
#[doc(alias = "ZMQ_USE_FD")]
pub struct RawOption<'v> {
    pub(crate) number: c_int,
    pub(crate) value: &'v [u8],
}

impl<'v> RawOption<'v> {
    /// The option of that number, with a value as C takes it.
    ///
    /// # Safety
    /// On the socket that it is set on, and at that time, C must accept the option with a value of
    /// that size: some abort the process, read past the value or corrupt memory otherwise.
    /// `ZMQ_USE_FD` and the high water marks after a connection are such.
    pub const unsafe fn new(number: i32, value: &'v [u8]) -> Self {
        Self { number, value }
    }
}
