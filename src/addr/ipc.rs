//! `ipc://`

use std::{fmt, path::Path};

use super::AddrParseError;

/// What the platform's `sockaddr_un` leaves for a path, without its final NUL; `usize::MAX` where
/// that is not known.
const PATH_MAX: usize = if cfg!(any(
    target_os = "linux",
    target_os = "android",
    target_os = "windows",
    target_os = "solaris",
    target_os = "illumos",
)) {
    107
} else if cfg!(any(
    target_vendor = "apple",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd"
)) {
    103
} else {
    usize::MAX
};

/// `ipc://path`: another process of the same host, by a Unix domain socket.
///
/// The path names a file, absolute or relative to the working directory, in a folder that exists.
/// Binding to `*` makes up a path, which the socket's `last_endpoint` tells: in the folder that
/// `TMPDIR`, `TEMPDIR` or `TMP` names, or else in the working directory. See `zmq_ipc(7)`.
///
/// # Length
/// A path has at most 107 bytes on Linux and Windows, 103 on BSD and Apple systems, and no NUL. A
/// longer one is refused when it is parsed.
///
/// # What a bind finds at the path
/// | at the path | bind |
/// |:---|:---|
/// | nothing | makes the file |
/// | a socket that a process listens at, this one included | fails with [`AddrInUse`] |
/// | a socket that a process has left behind | replaces it |
/// | a regular file, a folder, a symbolic link | fails with [`Os`], `EEXIST`, and leaves it |
///
/// [`AddrInUse`]: crate::ErrorKind::AddrInUse
/// [`Os`]: crate::ErrorKind::Os
///
/// A bind connects to a socket to find out whether a process listens there, so the monitor of that
/// listener sees a connection that comes and goes. Of several sockets that bind to one path at the
/// same time, one succeeds. A libzmq other than the one that this crate compiles deletes
/// whatever is at the path.
///
/// Closing or unbinding leaves the file. The file and the folder of a `*` are removed, unless
/// another socket has taken the path.
///
/// # Permissions
/// A bind needs the right to write to the folder. It makes the file with the rights that the
/// process's umask leaves; a peer needs the right to write to the file to connect, and the right to
/// search each folder on the way. The folder of a `*` is for the process's own user. To let in
/// certain users only, bind in a folder that only they can search, or ask an
/// [authentication handler](crate::auth): the options
/// [`IpcFilterUid`](crate::opt::IpcFilterUid), [`IpcFilterGid`](crate::opt::IpcFilterGid) and
/// [`IpcFilterPid`](crate::opt::IpcFilterPid) exist as well.
///
/// # Abstract names
/// On Linux a path that begins with `@` is a name in the abstract namespace, which has neither a
/// file nor permissions: every process in the same network namespace can connect to it. The name is
/// free when its socket is closed or its process ends. A bind waits up to 200 ms for a listener
/// that is closing.
///
/// # Examples
/// ```
/// use libzmq::addr::IpcAddr;
///
/// let addr = IpcAddr::new("/run/orders.sock")?;
/// assert_eq!(addr, "ipc:///run/orders.sock".try_into()?);
/// assert!(IpcAddr::new("@orders")?.is_abstract());
/// assert!(IpcAddr::new("*")?.is_wildcard());
/// # Ok::<(), libzmq::addr::AddrParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IpcAddr(String);

impl IpcAddr {
    /// The address of that path, which may have its `ipc://`.
    ///
    /// # Errors
    /// When the path is empty, too long for the platform, not UTF-8, or has a NUL.
    pub fn new<P>(path: P) -> Result<Self, AddrParseError>
    where
        P: AsRef<Path>,
    {
        let path = path.as_ref();
        match path.to_str() {
            Some(path) => path.parse(),
            None => Err(AddrParseError::new("a path must be UTF-8", path.to_string_lossy())),
        }
    }

    /// The path as it is written: with the `@` of an abstract one, or `*`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file, if there is to be one: not for an abstract path, nor for `*`.
    pub fn path(&self) -> Option<&Path> {
        (!self.is_abstract() && !self.is_wildcard()).then(|| Path::new(&self.0))
    }

    /// Whether the path is in the abstract namespace.
    pub fn is_abstract(&self) -> bool {
        self.0.starts_with('@')
    }

    /// Whether a path is to be made up.
    pub fn is_wildcard(&self) -> bool {
        self.0 == "*"
    }

    pub(super) fn parse(path: &str) -> Result<Self, &'static str> {
        match path {
            "" | "@" => Err("the path is missing"),
            _ if path.contains('\0') => Err("a path has no NUL"),
            _ if path.len() > PATH_MAX => {
                Err("the path is longer than the system's socket addresses")
            }
            _ => Ok(Self(path.to_owned())),
        }
    }
}

impl fmt::Display for IpcAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
