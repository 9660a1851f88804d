//! `wss://`

use std::fmt;

use super::{AddrParseError, SocketAddr, WsAddr};

/// `wss://host:port[/path]`: a WebSocket peer, over TLS.
///
/// As [`WsAddr`], of a libzmq built with GnuTLS; certificates and keys are options of the socket.
///
/// # Examples
/// ```
/// use libzmq::addr::WssAddr;
///
/// let addr: WssAddr = "example.org:443/feed".try_into()?;
/// assert_eq!(addr.path(), "/feed");
/// # Ok::<(), libzmq::addr::AddrParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WssAddr(WsAddr);

impl WssAddr {
    /// The address of a host, with the path `/`.
    pub fn new<H>(host: H) -> Self
    where
        H: Into<SocketAddr>,
    {
        Self(WsAddr::new(host))
    }

    /// Asks for `path`, which begins with a slash.
    ///
    /// # Errors
    /// When it does not, or has what would break the line of the HTTP request.
    pub fn add_path<P>(self, path: P) -> Result<Self, AddrParseError>
    where
        P: Into<String>,
    {
        self.0.add_path(path).map(Self)
    }

    /// The host and the port.
    pub fn host(&self) -> &SocketAddr {
        self.0.host()
    }

    /// The path, with its slash.
    pub fn path(&self) -> &str {
        self.0.path()
    }

    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        WsAddr::parse(text).map(Self)
    }
}

impl fmt::Display for WssAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<H> From<H> for WssAddr
where
    H: Into<SocketAddr>,
{
    fn from(host: H) -> Self {
        Self::new(host)
    }
}
