//! `pgm://`

use std::fmt;

use super::{
    SocketAddr, SrcAddr,
    source::{host_and_source, join, split},
};

/// An address of pgm, PGM over raw IP: `pgm://interface;group:port`.
///
/// It needs a libzmq with OpenPGM, a Pub, Sub, XPub or XSub, and privileges for raw sockets. `bind`
/// and `connect` do the same. It has one group; OpenPGM's lists of groups are not supported. See
/// `zmq_pgm(7)`.
///
/// # Examples
/// ```
/// use libzmq::{PgmAddr, addr::Hostname};
/// use std::net::Ipv4Addr;
///
/// let addr = PgmAddr::new((Ipv4Addr::new(239, 192, 1, 1), 5555)).add_src(Hostname::new("eth0")?);
/// assert_eq!(addr, "eth0;239.192.1.1:5555".try_into()?);
/// # Ok::<(), libzmq::addr::AddrParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PgmAddr {
    src: Option<SrcAddr>,
    host: SocketAddr,
}

host_and_source! {
    PgmAddr, without_port;
    new: "Creates an address from a group and a port, on the default interface.",
    add_src: "Sets the interface of the group. A port in `src` is ignored.",
    host: "Returns the group and the port.",
    src: "Returns the interface, or `None` for the default interface.",
}

impl PgmAddr {
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let (src, host) = split(text);
        let src = src.filter(|src| !src.is_empty()).map(SrcAddr::parse_interface).transpose()?;
        Ok(Self { src, host: SocketAddr::parse(host)? })
    }
}

impl fmt::Display for PgmAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.src.is_none() {
            // Without the semicolon libzmq takes the group as an interface.
            f.write_str(";")?;
        }
        join(f, self.src(), &self.host)
    }
}
