//! `ws://`

use std::fmt;

use super::{AddrParseError, SocketAddr};

/// An address of ws, WebSocket: `ws://host:port[/path]`.
///
/// Host and port are those of [`TcpAddr`](super::TcpAddr), without a source. The path is that of
/// the HTTP request, `/` by default. It has no whitespace, no control characters and no colons.
///
/// # Browsers and WebSocket libraries
/// They can be peers if they speak ZWS 2.0:
/// 1. They request the subprotocol `ZWS2.0`.
/// 2. They send a binary message with a zero byte and their identity, and receive one.
/// 3. Each ZeroMQ frame is then a binary message, with a byte in front: 1 if another frame of the
///    same message follows, otherwise 0.
///
/// Fragmented messages, pings and the closing handshake work as in RFC 6455.
/// [`MaxMsgSize`](crate::opt::MaxMsgSize) limits the joined message.
///
/// A socket with a mechanism or a [`ZapDomain`](crate::opt::ZapDomain) refuses such a peer, because
/// it cannot authenticate itself. Another libzmq than the vendored one accepts it if the mechanism
/// is NULL. To connect to such a server, set [`WsNoMechanism`](crate::opt::WsNoMechanism).
///
/// # Examples
/// ```
/// use libzmq::addr::WsAddr;
/// use std::net::Ipv4Addr;
///
/// let addr = WsAddr::new((Ipv4Addr::LOCALHOST, 8080)).add_path("/feed")?;
/// assert_eq!(addr, "127.0.0.1:8080/feed".try_into()?);
/// assert!("127.0.0.1:8080/\r\nX-Evil: 1".parse::<WsAddr>().is_err());
/// # Ok::<(), libzmq::addr::AddrParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WsAddr {
    host: SocketAddr,
    path: String,
}

impl WsAddr {
    /// Creates an address from a host and a port, with the path `/`.
    pub fn new<H>(host: H) -> Self
    where
        H: Into<SocketAddr>,
    {
        Self { host: host.into(), path: "/".to_owned() }
    }

    /// Sets the path, which begins with a slash.
    ///
    /// # Errors
    /// If the path does not begin with a slash, or has whitespace, control characters or colons.
    pub fn add_path<P>(mut self, path: P) -> Result<Self, AddrParseError>
    where
        P: Into<String>,
    {
        let path = path.into();
        match check_path(&path) {
            Ok(()) => {
                self.path = path;
                Ok(self)
            }
            Err(msg) => Err(AddrParseError::new(msg, path)),
        }
    }

    /// Returns the host and the port.
    pub fn host(&self) -> &SocketAddr {
        &self.host
    }

    /// Returns the path, with its slash.
    pub fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let (host, path) = text.split_at(text.find('/').unwrap_or(text.len()));
        let path = if path.is_empty() { "/" } else { path };
        check_path(path)?;
        Ok(Self { host: SocketAddr::parse(host)?, path: path.to_owned() })
    }
}

fn check_path(path: &str) -> Result<(), &'static str> {
    if !path.starts_with('/') {
        return Err("a path begins with a slash");
    }
    // libzmq writes the path into its HTTP request unchecked, and takes the last colon of the
    // endpoint as that of the port.
    if path.contains(|c: char| c.is_whitespace() || c.is_control() || c == ':') {
        return Err("a path has no whitespace, no control characters and no colons");
    }
    Ok(())
}

/// Formats the address with its path, also if that is `/`, as libzmq does.
impl fmt::Display for WsAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.host, self.path)
    }
}

impl<H> From<H> for WsAddr
where
    H: Into<SocketAddr>,
{
    fn from(host: H) -> Self {
        Self::new(host)
    }
}
