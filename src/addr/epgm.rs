//! `epgm://`

use std::fmt;

use super::{PgmAddr, SocketAddr, SrcAddr};

/// `epgm://interface;group:port`: a multicast group, by PGM within UDP.
///
/// As [`PgmAddr`], without the need for privileges.
///
/// # Examples
/// ```
/// use libzmq::EpgmAddr;
///
/// let addr: EpgmAddr = "eth0;239.192.1.1:5555".try_into()?;
/// assert_eq!(addr.host().to_string(), "239.192.1.1:5555");
/// # Ok::<(), libzmq::addr::AddrParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EpgmAddr(PgmAddr);

impl EpgmAddr {
    /// The address of a group, on the default interface.
    pub fn new<H>(host: H) -> Self
    where
        H: Into<SocketAddr>,
    {
        Self(PgmAddr::new(host))
    }

    /// Reaches the group through the interface `src`. A port of its own it cannot have, and is
    /// dropped.
    #[must_use]
    pub fn add_src<S>(self, src: S) -> Self
    where
        S: Into<SrcAddr>,
    {
        Self(self.0.add_src(src))
    }

    /// The group and the port.
    pub fn host(&self) -> &SocketAddr {
        self.0.host()
    }

    /// The interface, if it was said.
    pub fn src(&self) -> Option<&SrcAddr> {
        self.0.src()
    }

    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        PgmAddr::parse(text).map(Self)
    }
}

impl fmt::Display for EpgmAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<H> From<H> for EpgmAddr
where
    H: Into<SocketAddr>,
{
    fn from(host: H) -> Self {
        Self::new(host)
    }
}
