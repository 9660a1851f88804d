//! `inproc://`

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};

use super::AddrParseError;

/// The maximum length of the name of an [`InprocAddr`], in bytes.
pub const INPROC_MAX_SIZE: usize = 256;

/// An address of inproc: `inproc://name`. It connects sockets of the same context in memory,
/// without I/O threads.
///
/// A name has 1 to [`INPROC_MAX_SIZE`] bytes and no NUL. Names are local to a context. `connect`
/// before `bind` works. inproc does not reconnect. See `zmq_inproc(7)`.
///
/// # Examples
/// ```
/// use libzmq::InprocAddr;
///
/// let addr = InprocAddr::new("workers")?;
/// assert_eq!(addr, "inproc://workers".parse::<InprocAddr>()?);
/// assert_eq!(addr.as_str(), "workers");
/// # Ok::<(), libzmq::addr::AddrParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InprocAddr(String);

impl InprocAddr {
    /// Creates an address from a name, with or without `inproc://`.
    ///
    /// # Errors
    /// If the name is empty, longer than [`INPROC_MAX_SIZE`] bytes, or contains a NUL.
    pub fn new<S>(host: S) -> Result<Self, AddrParseError>
    where
        S: Into<String>,
    {
        host.into().try_into()
    }

    /// Creates an address that no other call in this process returns.
    ///
    /// # Examples
    /// ```
    /// use libzmq::InprocAddr;
    ///
    /// assert_ne!(InprocAddr::new_unique(), InprocAddr::new_unique());
    /// ```
    pub fn new_unique() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(format!("libzmq-unique-{}", NEXT.fetch_add(1, Ordering::Relaxed)))
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn parse(name: &str) -> Result<Self, &'static str> {
        match name.len() {
            0 => Err("the name is missing"),
            1..=INPROC_MAX_SIZE if name.contains('\0') => Err("a name has no NUL"),
            1..=INPROC_MAX_SIZE => Ok(Self(name.to_owned())),
            _ => Err("a name has at most INPROC_MAX_SIZE bytes"),
        }
    }
}

impl fmt::Display for InprocAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq<str> for InprocAddr {
    fn eq(&self, name: &str) -> bool {
        self.0 == name
    }
}

impl PartialEq<&str> for InprocAddr {
    fn eq(&self, name: &&str) -> bool {
        self.0 == *name
    }
}

impl PartialEq<InprocAddr> for str {
    fn eq(&self, addr: &InprocAddr) -> bool {
        addr == self
    }
}

impl PartialEq<InprocAddr> for &str {
    fn eq(&self, addr: &InprocAddr) -> bool {
        addr == *self
    }
}
