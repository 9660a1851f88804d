//! `tcp://`

use std::fmt;

use super::{
    SocketAddr, SrcAddr,
    source::{host_and_source, join, split},
};

/// `tcp://[source;]host:port`: another host, by TCP.
///
/// To bind, the host is a local interface: an IP address, a name as `eth0` or `localhost`, or `*`
/// for all; the port may be `*`. To connect, it is an IP address or a name to be resolved, each
/// time that the connection is made; the port is given. A connection can be told where to leave
/// from: `10.0.0.1:*;10.0.0.2:5555`. See `zmq_tcp(7)`.
///
/// With [`Ipv6`](crate::opt::Ipv6) on, the default, a bind to a name that has an IPv4 and an IPv6
/// address listens at both, with one port. The socket's `last_endpoint` is the IPv4 one, which
/// every peer can connect to, and unbinding it ends both. A monitor sees two listeners. Of several
/// addresses of one family the first counts, but an IPv6 address that is valid only on its link
/// comes last. A libzmq other than the one that this crate compiles listens at the IPv6 address
/// alone.
///
/// # Examples
/// ```
/// use libzmq::{TcpAddr, addr::{Hostname, Port, SocketAddr}};
/// use std::net::Ipv4Addr;
///
/// let addr = TcpAddr::new((Ipv4Addr::LOCALHOST, 5555));
/// assert_eq!(addr, "127.0.0.1:5555".try_into()?);
///
/// let addr = TcpAddr::new((Hostname::new("example.org")?, 5555)).add_src((Ipv4Addr::LOCALHOST, Port::Unspecified));
/// assert_eq!(addr.to_string(), "127.0.0.1:*;example.org:5555");
/// # Ok::<(), libzmq::addr::AddrParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TcpAddr {
    src: Option<SrcAddr>,
    host: SocketAddr,
}

host_and_source! {
    TcpAddr, with_port;
    new: "The address of a host: a [`SocketAddr`], the standard library's, or a pair of host and port.",
    add_src: "Connects from `src`. libzmq wants a port there: an interface alone becomes that interface with any port. A socket that binds ignores it.",
    host: "The host and the port.",
    src: "Where the connection leaves from, if it was said.",
}

impl TcpAddr {
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let (src, host) = split(text);
        let src = match src {
            Some(src) => Some(src.parse::<SrcAddr>().map_err(|err| err.msg())?.with_port()),
            None => None,
        };
        Ok(Self { src, host: SocketAddr::parse(host)? })
    }
}

impl fmt::Display for TcpAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        join(f, self.src(), &self.host)
    }
}
