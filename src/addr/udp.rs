//! `udp://`

use std::fmt;

use super::{
    SocketAddr, SrcAddr,
    source::{host_and_source, join, split},
};

/// An address of udp: `udp://[interface;]host:port`. The host may be a multicast group.
///
/// A Radio connects to it; a Dish and a Dgram bind to it. The interface is for multicast only: a
/// Dish joins the group on it, a Radio sends to it. See `zmq_udp(7)`.
///
/// # Examples
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

host_and_source! {
    UdpAddr, without_port;
    new: "Creates an address from a host or group and a port.",
    add_src: "Sets the interface of the group. A port in `src` is ignored.",
    host: "Returns the host or group and the port.",
    src: "Returns the interface of the group, or `None` for the default interface.",
}

impl UdpAddr {
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let (src, host) = split(text);
        Ok(Self {
            src: src.map(SrcAddr::parse_interface).transpose()?,
            host: SocketAddr::parse(host)?,
        })
    }
}

impl fmt::Display for UdpAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        join(f, self.src(), &self.host)
    }
}
