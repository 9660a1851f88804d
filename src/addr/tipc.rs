//! `tipc://`

use std::fmt;

use super::{AddrParseError, host::decimal};

/// TIPC reserves the service types below this one.
const RESERVED_TYPES: u32 = 64;

/// An address of tipc: a service of a TIPC cluster, on any node. Linux only.
///
/// | Text | Created by | Meaning | For |
/// |---|---|---|---|
/// | `{type,lower,upper}` | [`range`] | instances of a service | `bind` |
/// | `{type,instance}[@zone.cluster.node]` | [`service`] | one instance | `bind`, `connect` |
/// | `<*>` | [`random`] | a port that the system assigns | `bind` |
/// | `<zone.cluster.node:reference>` | [`port`] | a port of `last_endpoint` | `connect` |
///
/// An instance without a domain is looked up in the whole cluster. See `zmq_tipc(7)`.
///
/// [`port`]: Self::port
/// [`random`]: Self::random
/// [`range`]: Self::range
/// [`service`]: Self::service
///
/// # Examples
/// ```
/// use libzmq::addr::{TipcAddr, TipcDomain};
///
/// assert_eq!("{5555,0,100}".parse::<TipcAddr>()?, TipcAddr::range(5555, 0, 100)?);
///
/// let service = TipcAddr::service(5555, 42, TipcDomain::default())?;
/// assert_eq!("{5555,42}".parse::<TipcAddr>()?, service);
/// # Ok::<(), libzmq::addr::AddrParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TipcAddr(Form);

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Form {
    Range { service: u32, lower: u32, upper: u32 },
    Service { service: u32, instance: u32, domain: TipcDomain },
    Random,
    Port { node: TipcDomain, reference: u32 },
}

impl TipcAddr {
    /// Creates the address of the instances `lower` to `upper` (inclusive) of a service type.
    ///
    /// # Errors
    /// If `service` is below 64, which TIPC reserves, or `lower` is above `upper`.
    pub fn range(service: u32, lower: u32, upper: u32) -> Result<Self, AddrParseError> {
        Self(Form::Range { service, lower, upper }).checked()
    }

    /// Creates the address of one instance of a service type in a domain.
    ///
    /// # Errors
    /// If `service` is at most 64, which TIPC reserves.
    pub fn service(
        service: u32,
        instance: u32,
        domain: TipcDomain,
    ) -> Result<Self, AddrParseError> {
        Self(Form::Service { service, instance, domain }).checked()
    }

    /// Creates the address of a port that the system assigns.
    pub fn random() -> Self {
        Self(Form::Random)
    }

    /// Creates the address of a port of a node.
    pub fn port(node: TipcDomain, reference: u32) -> Self {
        Self(Form::Port { node, reference })
    }

    pub(super) fn can_bind(&self) -> bool {
        !matches!(self.0, Form::Port { .. })
    }

    pub(super) fn can_connect(&self) -> bool {
        matches!(self.0, Form::Service { .. } | Form::Port { .. })
    }

    fn checked(self) -> Result<Self, AddrParseError> {
        match self.check() {
            Ok(()) => Ok(self),
            Err(msg) => Err(AddrParseError::new(msg, self.to_string())),
        }
    }

    // The two limits differ by one in libzmq.
    fn check(&self) -> Result<(), &'static str> {
        match self.0 {
            Form::Range { service, .. } if service < RESERVED_TYPES => {
                Err("the service type is reserved")
            }
            Form::Service { service, .. } if service <= RESERVED_TYPES => {
                Err("the service type is reserved")
            }
            Form::Range { lower, upper, .. } if lower > upper => Err("the range is empty"),
            _ => Ok(()),
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let form = if text == "<*>" {
            Form::Random
        } else if let Some(inner) = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
            let (node, reference) =
                inner.split_once(':').ok_or("the reference of the port is missing")?;
            Form::Port { node: TipcDomain::parse(node)?, reference: number(reference)? }
        } else if let Some(rest) = text.strip_prefix('{') {
            let (inner, domain) = rest.split_once('}').ok_or("the closing brace is missing")?;
            let domain = match domain.strip_prefix('@') {
                Some(domain) => Some(TipcDomain::parse(domain)?),
                None if domain.is_empty() => None,
                None => return Err("what follows a service is @ and a domain"),
            };
            let mut numbers = inner.split(',').map(number);
            match (numbers.next(), numbers.next(), numbers.next(), numbers.next(), domain) {
                (Some(service), Some(instance), None, None, domain) => Form::Service {
                    service: service?,
                    instance: instance?,
                    domain: domain.unwrap_or_default(),
                },
                (Some(service), Some(lower), Some(upper), None, None) => {
                    Form::Range { service: service?, lower: lower?, upper: upper? }
                }
                _ => return Err("a service is {type,instance} or {type,lower,upper}"),
            }
        } else {
            return Err("an address of TIPC begins with { or <");
        };
        let addr = Self(form);
        addr.check()?;
        Ok(addr)
    }
}

/// Parses a number of 32 bits. libzmq writes a space before some of them.
fn number(text: &str) -> Result<u32, &'static str> {
    decimal(text.trim_start())
        .and_then(|digits| digits.parse().ok())
        .ok_or("a number of 32 bits is expected")
}

impl fmt::Display for TipcAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Range { service, lower, upper } => write!(f, "{{{service},{lower},{upper}}}"),
            Form::Service { service, instance, domain } if *domain == TipcDomain::default() => {
                write!(f, "{{{service},{instance}}}")
            }
            Form::Service { service, instance, domain } => {
                write!(f, "{{{service},{instance}}}@{domain}")
            }
            Form::Random => f.write_str("<*>"),
            Form::Port { node, reference } => write!(f, "<{node}:{reference}>"),
        }
    }
}

/// A part of a TIPC network, `zone.cluster.node`, where 0 stands for all; `1.0.0` by default.
///
/// # Examples
/// ```
/// use libzmq::addr::TipcDomain;
///
/// assert_eq!(TipcDomain::new(1, 1, 10)?, "1.1.10".try_into()?);
/// assert!(TipcDomain::new(1, 4096, 0).is_err());
/// # Ok::<(), libzmq::addr::AddrParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TipcDomain {
    zone: u8,
    cluster: u16,
    node: u16,
}

impl TipcDomain {
    /// The domain of these three numbers.
    ///
    /// # Errors
    /// When `cluster` or `node` is above 4095.
    pub fn new(zone: u8, cluster: u16, node: u16) -> Result<Self, AddrParseError> {
        format!("{zone}.{cluster}.{node}").parse()
    }

    /// The zone, the cluster and the node.
    pub fn parts(self) -> (u8, u16, u16) {
        (self.zone, self.cluster, self.node)
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        const MSG: &str = "a domain is zone.cluster.node, of 8, 12 and 12 bits";
        let mut parts = text.split('.').map(decimal);
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(Some(zone)), Some(Some(cluster)), Some(Some(node)), None) => Ok(Self {
                zone: zone.parse().map_err(|_| MSG)?,
                cluster: cluster.parse().ok().filter(|&bits: &u16| bits < 1 << 12).ok_or(MSG)?,
                node: node.parse().ok().filter(|&bits: &u16| bits < 1 << 12).ok_or(MSG)?,
            }),
            _ => Err(MSG),
        }
    }
}

parsed_text!(TipcDomain);

impl Default for TipcDomain {
    fn default() -> Self {
        Self { zone: 1, cluster: 0, node: 0 }
    }
}

impl fmt::Display for TipcDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.zone, self.cluster, self.node)
    }
}
