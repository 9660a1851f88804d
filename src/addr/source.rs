//! The source of an address: `source;` before the host.

use std::{
    fmt,
    net::{self, IpAddr, Ipv4Addr, Ipv6Addr, SocketAddrV4, SocketAddrV6},
};

use super::{Hostname, Interface, Port, SocketAddr};

/// The source of an address: the local interface of a connection, with or without a port.
///
/// # Examples
/// ```
/// use libzmq::addr::SrcAddr;
///
/// assert!(matches!("eth0".parse()?, SrcAddr::Interface(_)));
/// assert!(matches!("eth0:5555".parse()?, SrcAddr::Socket(_)));
/// # Ok::<(), libzmq::addr::AddrParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SrcAddr {
    /// An interface and a port: the source of a TCP connection.
    Socket(SocketAddr),
    /// An interface: the source of multicast.
    Interface(Interface),
}

impl SrcAddr {
    // With a port if the text has one, as libzmq reads "fe80::1:5555"; otherwise an interface.
    fn parse(text: &str) -> Result<Self, &'static str> {
        match SocketAddr::parse(text) {
            Ok(addr) => Ok(Self::Socket(addr)),
            Err(_) => Self::parse_interface(text),
        }
    }

    /// Parses a source without a port.
    pub(super) fn parse_interface(text: &str) -> Result<Self, &'static str> {
        text.parse().map(Self::Interface).map_err(|err: super::AddrParseError| err.msg())
    }

    /// Converts the source into the form of TCP connections, which has a port: `*` if there is
    /// none.
    pub(super) fn with_port(self) -> Self {
        match self {
            Self::Interface(interface) => {
                Self::Socket(SocketAddr::new(interface, Port::Unspecified))
            }
            socket => socket,
        }
    }

    /// Converts the source into the form of multicast, which has no port.
    pub(super) fn without_port(self) -> Self {
        match self {
            Self::Socket(addr) => Self::Interface(addr.interface().clone()),
            Self::Interface(interface) => Self::Interface(interface.canonical()),
        }
    }
}

/// Splits `source;host` at the last semicolon, as libzmq does.
pub(super) fn split(text: &str) -> (Option<&str>, &str) {
    match text.rsplit_once(';') {
        Some((source, host)) => (Some(source), host),
        None => (None, text),
    }
}

/// Formats `source;host`, which [`split`] splits.
pub(super) fn join(
    f: &mut fmt::Formatter<'_>,
    source: Option<&SrcAddr>,
    host: &SocketAddr,
) -> fmt::Result {
    if let Some(source) = source {
        write!(f, "{source};")?;
    }
    write!(f, "{host}")
}

/// Implements the methods of an address with a `host` and an optional `src`, with the documentation
/// of each. `$form` converts the source: [`with_port`](SrcAddr::with_port) or
/// [`without_port`](SrcAddr::without_port).
macro_rules! host_and_source {
    (
        $Type:ident, $form:ident;
        new: $new:literal,
        add_src: $add_src:literal,
        host: $host:literal,
        src: $src:literal $(,)?
    ) => {
        impl $Type {
            #[doc = $new]
            pub fn new<H>(host: H) -> Self
            where
                H: Into<$crate::addr::SocketAddr>,
            {
                Self { src: None, host: host.into() }
            }

            #[doc = $add_src]
            #[must_use]
            pub fn add_src<S>(mut self, src: S) -> Self
            where
                S: Into<$crate::addr::SrcAddr>,
            {
                self.src = Some(src.into().$form());
                self
            }

            #[doc = $host]
            pub fn host(&self) -> &$crate::addr::SocketAddr {
                &self.host
            }

            #[doc = $src]
            pub fn src(&self) -> Option<&$crate::addr::SrcAddr> {
                self.src.as_ref()
            }
        }

        impl<H> From<H> for $Type
        where
            H: Into<$crate::addr::SocketAddr>,
        {
            fn from(host: H) -> Self {
                Self::new(host)
            }
        }
    };
}

pub(super) use host_and_source;

parsed_text!(SrcAddr);

impl fmt::Display for SrcAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(addr) => addr.fmt(f),
            Self::Interface(interface) => interface.fmt(f),
        }
    }
}

macro_rules! from {
    ($($Type:ty => $Variant:ident),* $(,)?) => {$(
        impl From<$Type> for SrcAddr {
            fn from(source: $Type) -> Self {
                Self::$Variant(source.into())
            }
        }
    )*};
}

from! {
    SocketAddr => Socket,
    &SocketAddr => Socket,
    net::SocketAddr => Socket,
    SocketAddrV4 => Socket,
    SocketAddrV6 => Socket,
    Interface => Interface,
    &Interface => Interface,
    Hostname => Interface,
    IpAddr => Interface,
    Ipv4Addr => Interface,
    Ipv6Addr => Interface,
}

impl<I, P> From<(I, P)> for SrcAddr
where
    I: Into<Interface>,
    P: Into<Port>,
{
    fn from(addr: (I, P)) -> Self {
        Self::Socket(addr.into())
    }
}

impl From<&SrcAddr> for SrcAddr {
    fn from(source: &SrcAddr) -> Self {
        source.clone()
    }
}
