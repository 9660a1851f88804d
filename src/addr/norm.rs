//! `norm://`

use std::fmt;

use super::{
    SocketAddr, SrcAddr,
    host::decimal,
    source::{join, split},
};

/// `norm://[id,][interface;]group:port`: a host or a multicast group, by NACK-oriented reliable
/// multicast.
///
/// For Pub, Sub, XPub and XSub, of a libzmq built with NORM. Bind and connect are the same. The id
/// tells the nodes of a group apart; by default it is the node's IPv4 address.
///
/// # Examples
/// ```
/// use libzmq::addr::{Hostname, NormAddr};
/// use std::net::Ipv4Addr;
///
/// let addr: NormAddr = "7,eth0;224.1.2.3:5556".parse()?;
/// let same = NormAddr::new((Ipv4Addr::new(224, 1, 2, 3), 5556)).add_src(Hostname::new("eth0")?).add_id(7);
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
    /// The address of a host or a group.
    pub fn new<H>(host: H) -> Self
    where
        H: Into<SocketAddr>,
    {
        Self { id: None, src: None, host: host.into() }
    }

    /// Reaches the group through the interface `src`. A port of its own it cannot have, and is
    /// dropped.
    #[must_use]
    pub fn add_src<S>(mut self, src: S) -> Self
    where
        S: Into<SrcAddr>,
    {
        self.src = Some(src.into().without_port());
        self
    }

    /// Makes `id` the name of this node in its group.
    #[must_use]
    pub fn add_id(mut self, id: u32) -> Self {
        self.id = Some(id);
        self
    }

    /// The host or the group, and the port.
    pub fn host(&self) -> &SocketAddr {
        &self.host
    }

    /// The interface, if it was said.
    pub fn src(&self) -> Option<&SrcAddr> {
        self.src.as_ref()
    }

    /// The id of this node, if it was said.
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
