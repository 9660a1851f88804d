//! `epgm://`

use std::fmt;

use super::{PgmAddr, SocketAddr, SrcAddr};

/// An address of epgm, PGM over UDP: `epgm://interface;group:port`.
///
/// It is like [`PgmAddr`], and needs no privileges.
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
    /// Creates an address from a group and a port, on the default interface.
    pub fn new<H>(host: H) -> Self
    where
        H: Into<SocketAddr>,
    {
        Self(PgmAddr::new(host))
    }

    /// Sets the interface of the group. A port in `src` is ignored.
    #[must_use]
    pub fn add_src<S>(self, src: S) -> Self
    where
        S: Into<SrcAddr>,
    {
        Self(self.0.add_src(src))
    }

    /// Returns the group and the port.
    pub fn host(&self) -> &SocketAddr {
        self.0.host()
    }

    /// Returns the interface, or `None` for the default interface.
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
