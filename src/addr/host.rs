//! The host part of an address: an IP address, a name, or any interface.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    num::NonZeroU32,
};

use super::AddrParseError;

/// The name of a host (`example.org`) or of a network interface (`eth0`).
///
/// `bind` takes the name of an interface, or a host name of this machine. `connect` resolves the
/// name of a host. This type does not resolve names.
///
/// A name is not empty, has no whitespace at its ends and no control characters, and none of the
/// characters `* : ; , / % [ ]`. Use the IP address for an alias of an interface such as `eth0:1`.
///
/// # Examples
/// ```
/// use libzmq::addr::Hostname;
///
/// assert_eq!(Hostname::new("example.org")?.as_str(), "example.org");
/// assert!(Hostname::new("example.org:80").is_err());
/// # Ok::<(), libzmq::addr::AddrParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hostname(String);

impl Hostname {
    /// Creates a name.
    ///
    /// # Errors
    /// If the text cannot be a name.
    pub fn new<S>(name: S) -> Result<Self, AddrParseError>
    where
        S: Into<String>,
    {
        let name = name.into();
        match Self::check(&name) {
            Ok(()) => Ok(Self(name)),
            Err(msg) => Err(AddrParseError::new(msg, name)),
        }
    }

    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        Self::check(text)?;
        Ok(Self(text.to_owned()))
    }

    fn check(name: &str) -> Result<(), &'static str> {
        if name.is_empty() {
            return Err("the host is missing");
        }
        if name.trim() != name || name.contains(char::is_control) {
            return Err("a host has no surrounding whitespace and no control characters");
        }
        if name.contains(['*', ':', ';', ',', '/', '%', '[', ']']) {
            return Err("a host name has none of * : ; , / % [ ]");
        }
        Ok(())
    }
}

parsed_text!(Hostname);

impl AsRef<str> for Hostname {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Hostname {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The zone of a link-local IPv6 address, such as `eth0` in `fe80::1%eth0`.
///
/// It is the name of an interface, which begins with a letter, or its index, which is not 0.
///
/// # Examples
/// ```
/// use libzmq::addr::Zone;
///
/// assert_eq!(Zone::new("eth0")?.as_str(), "eth0");
/// assert_eq!(Zone::new("2")?.as_str(), "2");
/// assert!(Zone::new("0").is_err());
/// # Ok::<(), libzmq::addr::AddrParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Zone(String);

impl Zone {
    /// Creates a zone.
    ///
    /// # Errors
    /// If the text is neither the name of an interface nor an index.
    pub fn new<S>(text: S) -> Result<Self, AddrParseError>
    where
        S: AsRef<str>,
    {
        text.as_ref().parse()
    }

    /// Returns the name or the index as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        const MSG: &str = "a zone is the name of an interface or its index";
        // libzmq takes text that begins with a letter as a name, and passes other text to atoi().
        if text.starts_with(|first: char| first.is_ascii_alphabetic()) {
            Hostname::check(text)?;
            return Ok(Self(text.to_owned()));
        }
        decimal(text)
            .and_then(|index| index.parse().ok())
            .map(|index: NonZeroU32| index.into())
            .ok_or(MSG)
    }
}

parsed_text!(Zone);

impl From<NonZeroU32> for Zone {
    fn from(index: NonZeroU32) -> Self {
        Self(index.to_string())
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns the text if it has only decimal digits. Rust's own parsers accept a sign too.
pub(super) fn decimal(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

/// The host part of an address: a local interface to bind to, or a host to connect to.
///
/// An IPv6 address is formatted in brackets, as in an endpoint, and parsed with or without them.
///
/// # Examples
/// ```
/// use libzmq::addr::{Hostname, Interface};
/// use std::net::Ipv6Addr;
///
/// assert_eq!("::1".parse::<Interface>()?, Interface::from(Ipv6Addr::LOCALHOST));
/// assert_eq!("*".parse::<Interface>()?, Interface::Unspecified);
/// assert_eq!("eth0".parse::<Interface>()?, Interface::Hostname(Hostname::new("eth0")?));
/// assert_eq!("[fe80::1%eth0]".parse::<Interface>()?.to_string(), "[fe80::1%eth0]");
/// # Ok::<(), libzmq::addr::AddrParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Interface {
    /// An IP address.
    Ip(IpAddr),
    /// The name of a host or an interface.
    Hostname(Hostname),
    /// An IPv6 address with a zone: `[fe80::1%eth0]`.
    Zoned(Ipv6Addr, Zone),
    /// All interfaces: `*`. A socket can bind to it, but not connect.
    Unspecified,
}

impl Interface {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        if inner == "*" {
            return Ok(Self::Unspecified);
        }
        if let Some((ip, zone)) = inner.rsplit_once('%') {
            let ip = ip.parse().map_err(|_| "only an IPv6 address has a zone")?;
            return Ok(Self::Zoned(ip, Zone::parse(zone)?));
        }
        match inner.parse() {
            Ok(ip) => Ok(Self::Ip(ip)),
            Err(_) => Hostname::parse(inner).map(Self::Hostname),
        }
    }

    /// Converts a name that spells an IP address into that address, as parsing its text does.
    pub(super) fn canonical(self) -> Self {
        match self {
            Self::Hostname(name) => match name.as_str().parse() {
                Ok(ip) => Self::Ip(ip),
                Err(_) => Self::Hostname(name),
            },
            other => other,
        }
    }
}

parsed_text!(Interface);

impl fmt::Display for Interface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(IpAddr::V4(ip)) => ip.fmt(f),
            Self::Ip(IpAddr::V6(ip)) => write!(f, "[{ip}]"),
            Self::Hostname(name) => name.fmt(f),
            Self::Zoned(ip, zone) => write!(f, "[{ip}%{zone}]"),
            Self::Unspecified => f.write_str("*"),
        }
    }
}

impl From<Hostname> for Interface {
    fn from(name: Hostname) -> Self {
        Self::Hostname(name).canonical()
    }
}

impl From<IpAddr> for Interface {
    fn from(ip: IpAddr) -> Self {
        Self::Ip(ip)
    }
}

impl From<Ipv4Addr> for Interface {
    fn from(ip: Ipv4Addr) -> Self {
        Self::Ip(ip.into())
    }
}

impl From<Ipv6Addr> for Interface {
    fn from(ip: Ipv6Addr) -> Self {
        Self::Ip(ip.into())
    }
}

impl From<[u8; 4]> for Interface {
    fn from(octets: [u8; 4]) -> Self {
        Self::Ip(octets.into())
    }
}

impl From<[u16; 8]> for Interface {
    fn from(segments: [u16; 8]) -> Self {
        Self::Ip(segments.into())
    }
}

impl From<&Interface> for Interface {
    fn from(interface: &Interface) -> Self {
        interface.clone()
    }
}
