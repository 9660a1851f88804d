//! Reading and writing option values in C, with their exact size.

use libc::{c_int, c_void, size_t};

use super::Errno;

/// The size of an option's value. C refuses to read a number into a buffer of another size, and
/// text into one that is too small.
#[derive(Clone, Copy, Debug)]
pub enum Size {
    Exactly(usize),
    Any,
}

impl Size {
    pub(crate) const INT: Self = Self::Exactly(size_of::<c_int>());
    pub(crate) const LONG: Self = Self::Exactly(size_of::<u64>());
}

/// Reads a value with a C function that takes a buffer and its length. Text that does not fit into
/// a small buffer is read into a large one, which is large enough for every option.
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

/// Converts bytes into an `int`, if they have its size.
pub(crate) fn int(bytes: &[u8]) -> Option<c_int> {
    Some(c_int::from_ne_bytes(bytes.try_into().ok()?))
}

/// The value of an option without a type in [`opt`](crate::opt), by its number in C.
///
/// ```
/// use libzmq::{option::RawOption, prelude::*};
///
/// # fn main() -> Result<(), anyhow::Error> {
/// const ZMQ_BACKLOG: i32 = 19;
///
/// let server = Server::new()?;
/// let value = 200_i32.to_ne_bytes();
/// // SAFETY: C accepts an int for it, on every socket and at any time.
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
    /// Creates a value for the option with this number.
    ///
    /// # Safety
    /// libzmq must accept the option with a value of this size, on the socket and at the time that
    /// it is set. With some options it otherwise aborts the process, reads past the value, or
    /// corrupts memory. Examples are `ZMQ_USE_FD`, and a high water mark that is set after
    /// `connect`.
    pub const unsafe fn new(number: i32, value: &'v [u8]) -> Self {
        Self { number, value }
    }
}
