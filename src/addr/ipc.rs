//! `ipc://`

use std::{fmt, path::Path};

use super::AddrParseError;

/// The maximum length of a path in the platform's `sockaddr_un`, without the final NUL;
/// `usize::MAX` if it is not known.
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

/// An address of ipc: `ipc://path`. It connects processes of the same host with Unix domain
/// sockets.
///
/// The path is the name of a file, absolute or relative to the working directory. The folder must
/// exist. `bind` to `*` makes up a path in the folder of the environment variables `TMPDIR`,
/// `TEMPDIR` or `TMP`, or in the working directory; `last_endpoint` returns it. See `zmq_ipc(7)`.
///
/// # Length
/// A path has at most 107 bytes on Linux and Windows, 103 on BSD and Apple systems, and no NUL.
/// Parsing refuses a longer one.
///
/// # Files that exist
/// | At the path is | `bind` |
/// |:---|:---|
/// | nothing | creates the file |
/// | a socket that a process listens at, also this one | returns [`AddrInUse`] |
/// | a socket that a process has left behind | replaces it |
/// | a regular file, a folder, a symbolic link | returns [`Os`] with `EEXIST`, and keeps it |
///
/// [`AddrInUse`]: crate::ErrorKind::AddrInUse
/// [`Os`]: crate::ErrorKind::Os
///
/// `bind` connects to a socket to find out whether a process listens there. The monitor of that
/// listener reports a connection that ends at once. If several sockets bind to one path at the same
/// time, one of them succeeds. Another libzmq than the vendored one deletes the file at the path.
///
/// Closing or unbinding keeps the file. The file and the folder of a `*` are removed, unless
/// another socket is bound to the path.
///
/// # Permissions
/// - `bind` needs write permission for the folder. It creates the file with the permissions of the
///   process's umask.
/// - `connect` needs write permission for the file, and search permission for each folder of the
///   path.
/// - The folder of a `*` is private to the user of the process.
///
/// To accept only some users, bind in a folder that only they can search, or use an
/// [authentication handler](crate::auth). The options [`IpcFilterUid`](crate::opt::IpcFilterUid),
/// [`IpcFilterGid`](crate::opt::IpcFilterGid) and [`IpcFilterPid`](crate::opt::IpcFilterPid) filter
/// peers too.
///
/// # Abstract names
/// On Linux a path that begins with `@` is a name in the abstract namespace. It has no file and no
/// permissions: every process in the same network namespace can connect. The name is free again
/// when the socket is closed or the process ends. `bind` waits up to 200 ms for a listener that is
/// closing.
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
    /// Creates an address from a path, with or without `ipc://`.
    ///
    /// # Errors
    /// If the path is empty, too long for the platform, not UTF-8, or contains a NUL.
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

    /// Returns the path as written, with the `@` of an abstract name, or `*`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the path of the file, or `None` for an abstract name and for `*`.
    pub fn path(&self) -> Option<&Path> {
        (!self.is_abstract() && !self.is_wildcard()).then(|| Path::new(&self.0))
    }

    /// Returns whether the path is an abstract name.
    pub fn is_abstract(&self) -> bool {
        self.0.starts_with('@')
    }

    /// Returns whether the path is `*`.
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
