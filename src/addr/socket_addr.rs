//! `host:port`, the notation of the IP transports.

use std::{
    fmt,
    net::{self, SocketAddrV4, SocketAddrV6},
    num::NonZeroU32,
};

use super::{Interface, host::decimal};

/// A port of TCP or UDP, or a port that the system assigns.
///
/// The text of a port that the system assigns is `*`, `!` or `0`, and is formatted as `*`. A socket
/// can bind to it; `last_endpoint` returns the port. A socket cannot connect to it.
///
/// # Examples
/// ```
/// use libzmq::addr::Port;
///
/// assert_eq!("5555".parse::<Port>()?, Port::Specified(5555));
/// assert_eq!("*".parse::<Port>()?, Port::Unspecified);
/// assert_eq!(Port::from(0), Port::Unspecified);
/// # Ok::<(), libzmq::addr::AddrParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Port {
    /// A port number. 0 is the same as [`Unspecified`](Self::Unspecified), and a [`SocketAddr`]
    /// converts it.
    Specified(u16),
    /// A port that the system assigns.
    Unspecified,
}

impl Port {
    /// Returns whether the port has a number.
    pub fn is_specified(self) -> bool {
        !self.is_unspecified()
    }

    /// Returns whether the system assigns the port.
    pub fn is_unspecified(self) -> bool {
        matches!(self, Self::Unspecified | Self::Specified(0))
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        match text {
            "" => Err("the port is missing"),
            "*" | "!" => Ok(Self::Unspecified),
            _ => decimal(text)
                .and_then(|digits| digits.parse::<u16>().ok())
                .map(Self::from)
                .ok_or("a port is a number up to 65535, or * for one that the system assigns"),
        }
    }
}

parsed_text!(Port);

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unspecified | Self::Specified(0) => f.write_str("*"),
            Self::Specified(port) => port.fmt(f),
        }
    }
}

impl From<u16> for Port {
    fn from(port: u16) -> Self {
        if port == 0 { Self::Unspecified } else { Self::Specified(port) }
    }
}

/// A host and a port, as in `127.0.0.1:5555`, `eth0:*`, `[::1]:5555` or `example.org:5555`.
///
/// Unlike in a [`std::net::SocketAddr`], which converts into it, the host may be a name, and the
/// system may assign the port.
///
/// # Examples
/// ```
/// use libzmq::addr::{Interface, Port, SocketAddr};
/// use std::net::Ipv4Addr;
///
/// let addr: SocketAddr = "127.0.0.1:5555".parse()?;
/// assert_eq!(addr, SocketAddr::from((Ipv4Addr::LOCALHOST, 5555)));
/// assert_eq!(addr.interface(), &Interface::from(Ipv4Addr::LOCALHOST));
/// assert_eq!(addr.port(), Port::Specified(5555));
/// # Ok::<(), libzmq::addr::AddrParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SocketAddr {
    interface: Interface,
    port: Port,
}

impl SocketAddr {
    /// Creates an address from a host and a port.
    pub fn new(interface: Interface, port: Port) -> Self {
        let port = match port {
            Port::Specified(number) => number.into(),
            Port::Unspecified => port,
        };
        Self { interface: interface.canonical(), port }
    }

    /// Returns the host.
    pub fn interface(&self) -> &Interface {
        &self.interface
    }

    /// Returns the port.
    pub fn port(&self) -> Port {
        self.port
    }

    /// Whether neither the host nor the port is `*`.
    pub(super) fn is_specified(&self) -> bool {
        self.interface != Interface::Unspecified && self.port.is_specified()
    }

    // The last colon separates the port: an IPv6 address also has colons, with or without brackets.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        match text.rsplit_once(':') {
            // A bracket after the colon means an IPv6 address without a port.
            Some((host, port)) if !port.contains(']') => {
                let interface = host.parse::<Interface>().map_err(|err| err.msg())?;
                let port = port.parse::<Port>().map_err(|err| err.msg())?;
                Ok(Self { interface, port })
            }
            _ => Err("the port is missing"),
        }
    }
}

parsed_text!(SocketAddr);

impl fmt::Display for SocketAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.interface, self.port)
    }
}

impl From<net::SocketAddr> for SocketAddr {
    fn from(addr: net::SocketAddr) -> Self {
        match addr {
            net::SocketAddr::V4(addr) => addr.into(),
            net::SocketAddr::V6(addr) => addr.into(),
        }
    }
}

impl From<SocketAddrV4> for SocketAddr {
    fn from(addr: SocketAddrV4) -> Self {
        (*addr.ip(), addr.port()).into()
    }
}

/// Converts the scope id into the zone. The flow information is dropped.
impl From<SocketAddrV6> for SocketAddr {
    fn from(addr: SocketAddrV6) -> Self {
        let interface = match NonZeroU32::new(addr.scope_id()) {
            Some(index) => Interface::Zoned(*addr.ip(), index.into()),
            None => (*addr.ip()).into(),
        };
        Self::new(interface, addr.port().into())
    }
}

impl<I, P> From<(I, P)> for SocketAddr
where
    I: Into<Interface>,
    P: Into<Port>,
{
    fn from((interface, port): (I, P)) -> Self {
        Self::new(interface.into(), port.into())
    }
}

impl From<&SocketAddr> for SocketAddr {
    fn from(addr: &SocketAddr) -> Self {
        addr.clone()
    }
}
