//! `norm://`

use std::fmt;

use super::{
    SocketAddr, SrcAddr,
    host::decimal,
    source::{join, split},
};

/// An address of norm, NACK-oriented reliable multicast: `norm://[id,][interface;]group:port`.
///
/// It needs a libzmq with NORM, and a Pub, Sub, XPub or XSub. `bind` and `connect` do the same. The
/// id identifies this node in its group; by default it is the node's IPv4 address.
///
/// # Examples
/// ```
/// use libzmq::addr::{Hostname, NormAddr};
/// use std::net::Ipv4Addr;
///
/// let addr: NormAddr = "7,eth0;224.1.2.3:5556".parse()?;
/// let same = NormAddr::new((Ipv4Addr::new(224, 1, 2, 3), 5556))
///     .add_src(Hostname::new("eth0")?)
///     .add_id(7);
/// assert_eq!(addr, same);
/// # Ok::<(), libzmq::addr::AddrParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NormAddr {
    id: Option<u32>,
    src: Option<SrcAddr>,
    host: SocketAddr,
}

impl NormAddr {
    /// Creates an address from a host or group and a port.
    pub fn new<H>(host: H) -> Self
    where
        H: Into<SocketAddr>,
    {
        Self { id: None, src: None, host: host.into() }
    }

    /// Sets the interface of the group. A port in `src` is ignored.
    #[must_use]
    pub fn add_src<S>(mut self, src: S) -> Self
    where
        S: Into<SrcAddr>,
    {
        self.src = Some(src.into().without_port());
        self
    }

    /// Sets the id of this node in its group.
    #[must_use]
    pub fn add_id(mut self, id: u32) -> Self {
        self.id = Some(id);
        self
    }

    /// Returns the host or group and the port.
    pub fn host(&self) -> &SocketAddr {
        &self.host
    }

    /// Returns the interface, or `None` for the default interface.
    pub fn src(&self) -> Option<&SrcAddr> {
        self.src.as_ref()
    }

    /// Returns the id of this node, or `None` for the default.
    pub fn id(&self) -> Option<u32> {
        self.id
    }

    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let (id, rest) = match text.split_once(',') {
            Some((id, rest)) => (Some(id), rest),
            None => (None, text),
        };
        let id = match id {
            Some(id) => Some(
                decimal(id)
                    .and_then(|id| id.parse().ok())
                    .ok_or("a node id is a number of 32 bits")?,
            ),
            None => None,
        };
        let (src, host) = split(rest);
        Ok(Self {
            id,
            src: src.map(SrcAddr::parse_interface).transpose()?,
            host: SocketAddr::parse(host)?,
        })
    }
}

impl fmt::Display for NormAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(id) = self.id {
            write!(f, "{id},")?;
        }
        join(f, self.src(), &self.host)
    }
}

impl<H> From<H> for NormAddr
where
    H: Into<SocketAddr>,
{
    fn from(host: H) -> Self {
        Self::new(host)
    }
}
