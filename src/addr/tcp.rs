//! `tcp://`

use std::fmt;

use super::{
    SocketAddr, SrcAddr,
    source::{host_and_source, join, split},
};

/// An address of tcp: `tcp://[source;]host:port`.
///
/// | | `bind` | `connect` |
/// |:---|:---|:---|
/// | host | IP address, interface (`eth0`), name of this host, `*` for all | IP address or name |
/// | port | number, or `*` for a port that the system assigns | number |
/// | source | ignored | local address of the connection: `10.0.0.1:*;10.0.0.2:5555` |
///
/// A name is resolved again for each attempt to connect. See `zmq_tcp(7)`.
///
/// # Names with IPv4 and IPv6 addresses
/// With [`Ipv6`](crate::opt::Ipv6) on (the default), `bind` to a name with addresses of both
/// families listens at both, with the same port. `last_endpoint` returns the IPv4 address, which
/// every peer can connect to; unbinding it ends both listeners. A monitor reports two listeners. Of
/// several addresses of one family the first is used; a link-local IPv6 address comes last. Another
/// libzmq than the vendored one listens at the IPv6 address only.
///
/// # Examples
/// ```
/// use libzmq::{
///     TcpAddr,
///     addr::{Hostname, Port, SocketAddr},
/// };
/// use std::net::Ipv4Addr;
///
/// let addr = TcpAddr::new((Ipv4Addr::LOCALHOST, 5555));
/// assert_eq!(addr, "127.0.0.1:5555".try_into()?);
///
/// let source = (Ipv4Addr::LOCALHOST, Port::Unspecified);
/// let addr = TcpAddr::new((Hostname::new("example.org")?, 5555)).add_src(source);
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
    new: "Creates an address from a [`SocketAddr`] or from a host and a port.",
    add_src: "Sets the local address of the connection. Without a port, any is used.",
    host: "Returns the host and the port.",
    src: "Returns the local address of the connection, or `None` if the system chooses it.",
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
