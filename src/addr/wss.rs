//! `wss://`

use std::fmt;

use super::{AddrParseError, SocketAddr, WsAddr};

/// An address of wss, WebSocket over TLS: `wss://host:port[/path]`.
///
/// It is like [`WsAddr`], and needs the feature `wss`. Certificates and keys are
/// [options](crate::opt::WssCertPem) of the socket.
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
    /// Creates an address from a host and a port, with the path `/`.
    pub fn new<H>(host: H) -> Self
    where
        H: Into<SocketAddr>,
    {
        Self(WsAddr::new(host))
    }

    /// Sets the path, which begins with a slash.
    ///
    /// # Errors
    /// If the path does not begin with a slash, or has whitespace, control characters or colons.
    pub fn add_path<P>(self, path: P) -> Result<Self, AddrParseError>
    where
        P: Into<String>,
    {
        self.0.add_path(path).map(Self)
    }

    /// Returns the host and the port.
    pub fn host(&self) -> &SocketAddr {
        self.0.host()
    }

    /// Returns the path, with its slash.
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
