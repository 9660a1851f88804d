//! `vmci://`

use std::fmt;

use super::host::decimal;

/// The number of VMCI for any context and any port.
const ANY: u32 = u32::MAX;

/// The context of a [`VmciAddr`]: a virtual machine, or its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VmciCid {
    /// The context with this id.
    Id(u32),
    /// The context of this process, `@`.
    Local,
    /// Any context, `*`. A socket can bind to it, but not connect.
    Any,
}

impl From<u32> for VmciCid {
    fn from(id: u32) -> Self {
        if id == ANY { Self::Any } else { Self::Id(id) }
    }
}

impl fmt::Display for VmciCid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(ANY) | Self::Any => f.write_str("*"),
            Self::Local => f.write_str("@"),
            Self::Id(id) => id.fmt(f),
        }
    }
}

/// An address of vmci: `vmci://cid:port`. It connects virtual machines of a VMware host, and the
/// host.
///
/// For `bind`, the context may be `*` or `@`, and the port `*` for one that the system assigns. See
/// `zmq_vmci(7)`.
///
/// # Examples
/// ```
/// use libzmq::addr::{VmciAddr, VmciCid};
///
/// let addr: VmciAddr = "2:5555".parse()?;
/// assert_eq!(addr, VmciAddr::new(2, 5555));
/// assert_eq!("@:*".parse::<VmciAddr>()?, VmciAddr::new(VmciCid::Local, None));
/// # Ok::<(), libzmq::addr::AddrParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VmciAddr {
    cid: VmciCid,
    port: Option<u32>,
}

impl VmciAddr {
    /// Creates an address from a context and a port. `None` means a port that the system assigns.
    pub fn new<C, P>(cid: C, port: P) -> Self
    where
        C: Into<VmciCid>,
        P: Into<Option<u32>>,
    {
        let cid = match cid.into() {
            VmciCid::Id(id) => id.into(),
            other => other,
        };
        Self { cid, port: port.into().filter(|&port| port != ANY) }
    }

    /// Returns the context.
    pub fn cid(&self) -> VmciCid {
        self.cid
    }

    /// Returns the port, or `None` for a port that the system assigns.
    pub fn port(&self) -> Option<u32> {
        self.port
    }

    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let number = |text| decimal(text).and_then(|digits| digits.parse::<u32>().ok());
        let (cid, port) = text.rsplit_once(':').ok_or("the port is missing")?;
        let cid = match cid {
            "@" => VmciCid::Local,
            "*" | "-1" => VmciCid::Any,
            _ => {
                number(cid).map(VmciCid::from).ok_or("a context is a number of 32 bits, @ or *")?
            }
        };
        let port = match port {
            "*" | "-1" => None,
            _ => Some(number(port).ok_or("a port is a number of 32 bits, or *")?),
        };
        Ok(Self::new(cid, port))
    }
}

impl fmt::Display for VmciAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.cid),
            None => write!(f, "{}:*", self.cid),
        }
    }
}
