//! `pgm://`

use std::fmt;

use super::{
    SocketAddr, SrcAddr,
    source::{host_and_source, join, split},
};

/// `pgm://interface;group:port`: a multicast group, by PGM directly over IP.
///
/// For Pub, Sub, XPub and XSub, of a libzmq built with OpenPGM; raw sockets want privileges. Bind
/// and connect are the same. One group can be given, not OpenPGM's lists. See `zmq_pgm(7)`.
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
    new: "The address of a group, on the default interface.",
    add_src: "Reaches the group through the interface `src`. A port of its own it cannot have, and is dropped.",
    host: "The group and the port.",
    src: "The interface, if it was said.",
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
            // Without its semicolon the group would be taken for an interface.
            f.write_str(";")?;
        }
        join(f, self.src(), &self.host)
    }
}
