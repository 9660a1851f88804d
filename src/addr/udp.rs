//! `udp://`

use std::fmt;

use super::{
    SocketAddr, SrcAddr,
    source::{host_and_source, join, split},
};

/// `udp://[interface;]host:port`: datagrams to one host, or to a multicast group.
///
/// For Radio (connects), Dish (binds) and Dgram (binds). The interface is for multicast only: the
/// one that the group is joined on, or sent to. See `zmq_udp(7)`.
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
    new: "The address of a host or a group.",
    add_src: "Reaches the group through the interface `src`. A port of its own it cannot have, and is dropped.",
    host: "The host or the group, and the port.",
    src: "The interface of the group, if it was said.",
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
