//! `udp://`

use std::fmt;

use super::{
    SocketAddr, SrcAddr,
    source::{join, split},
};

/// `udp://[interface;]host:port`: datagrams to one host, or to a multicast group.
///
/// For Radio (connects), Dish (binds) and Dgram (binds). The interface is for multicast only: the one that the group
/// is joined on, or sent to. See `zmq_udp(7)`.
///
/// # Example
/// ```
/// use libzmq::{UdpAddr, addr::Hostname};
/// use std::net::Ipv4Addr;
///
/// let addr: UdpAddr = "eth0;239.0.0.1:5555".parse()?;
/// let same = UdpAddr::new((Ipv4Addr::new(239, 0, 0, 1), 5555)).add_src(Hostname::new("eth0")?);
/// assert_eq!(addr, same);
/// # Ok::<(), libzmq::addr::AddrParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UdpAddr {
    src: Option<SrcAddr>,
    host: SocketAddr,
}

impl UdpAddr {
    /// The address of a host or a group.
    pub fn new<H>(host: H) -> Self
    where
        H: Into<SocketAddr>,
    {
        Self { src: None, host: host.into() }
    }

    /// Reaches the group through the interface `src`. A port of its own it cannot have, and is dropped.
    pub fn add_src<S>(mut self, src: S) -> Self
    where
        S: Into<SrcAddr>,
    {
        self.src = Some(src.into().without_port());
        self
    }

    /// The host or the group, and the port.
    pub fn host(&self) -> &SocketAddr {
        &self.host
    }

    /// The interface of the group, if it was said.
    pub fn src(&self) -> Option<&SrcAddr> {
        self.src.as_ref()
    }

    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let (src, host) = split(text);
        Ok(Self { src: src.map(SrcAddr::parse_interface).transpose()?, host: SocketAddr::parse(host)? })
    }
}

impl fmt::Display for UdpAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        join(f, self.src(), &self.host)
    }
}

impl<H> From<H> for UdpAddr
where
    H: Into<SocketAddr>,
{
    fn from(host: H) -> Self {
        Self::new(host)
    }
}
