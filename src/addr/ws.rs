//! `ws://`

use std::fmt;

use super::{AddrParseError, SocketAddr};

/// `ws://host:port[/path]`: a WebSocket peer.
///
/// Host and port are those of [`TcpAddr`](super::TcpAddr), but a connection has no source address.
/// The path is that of the HTTP request which opens the connection, `/` by default; it has neither
/// whitespace nor control characters nor colons.
///
/// # Peers other than ZeroMQ
/// Browsers and WebSocket libraries can be peers if they speak ZWS 2.0: they ask for the
/// subprotocol `ZWS2.0`, send one binary message with a zero byte first, the routing id, and
/// receive the same. Each frame of ZeroMQ is then one binary message, with a byte in front: 1 if
/// another frame of the same message follows, 0 if not. Fragmented messages, pings and the closing
/// handshake work as RFC 6455 has them; [`MaxMsgSize`](crate::opt::MaxMsgSize) holds for the joined
/// message.
///
/// A socket that has a mechanism or a [`ZapDomain`](crate::opt::ZapDomain) refuses such a peer,
/// which cannot authenticate itself; a libzmq other than the one that this crate compiles lets it
/// in where the mechanism is NULL. To connect to such a server, set
/// [`WsNoMechanism`](crate::opt::WsNoMechanism).
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
    /// The address of a host, with the path `/`.
    pub fn new<H>(host: H) -> Self
    where
        H: Into<SocketAddr>,
    {
        Self { host: host.into(), path: "/".to_owned() }
    }

    /// Asks for `path`, which begins with a slash.
    ///
    /// # Errors
    /// When it does not, or has what would break the line of the HTTP request.
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

    /// The host and the port.
    pub fn host(&self) -> &SocketAddr {
        &self.host
    }

    /// The path, with its slash.
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
    // libzmq writes the path into its HTTP request as it is; and takes the last colon, even here,
    // for the port's.
    if path.contains(|c: char| c.is_whitespace() || c.is_control() || c == ':') {
        return Err("a path has no whitespace, no control characters and no colons");
    }
    Ok(())
}

/// With its path even when that is only `/`, as libzmq reports what it is bound to.
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
