//! [`IpNetwork`]

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use crate::util::{itself, one};

/// A network of IP addresses, or a single one: what the lists of denied and allowed peers are made
/// of.
///
/// It is written as an address and the length of the prefix, such as `10.0.0.0/8` or
/// `2001:db8::/32`. An address alone is the network of that address. The bits behind the prefix
/// must be zero, so that a typing error does not become a larger network.
///
/// IPv4 and IPv6 addresses are different networks: `0.0.0.0/0` has all of IPv4 and nothing else,
/// `::/0` all of IPv6. A socket with IPv6 sees an IPv4 peer at an IPv4-mapped address. That one is
/// the same as the IPv4 address, and `::ffff:10.0.0.0/104` is the same as `10.0.0.0/8`.
///
/// ```
/// use libzmq::addr::IpNetwork;
///
/// let network: IpNetwork = "10.0.0.0/8".parse()?;
/// assert!(network.contains("10.1.2.3".parse()?));
/// assert!(network.contains("::ffff:10.1.2.3".parse()?));
/// assert!(!network.contains("11.0.0.1".parse()?));
///
/// assert!("10.0.0.1/8".parse::<IpNetwork>().is_err());
/// assert_eq!("10.0.0.1/32".parse::<IpNetwork>()?.to_string(), "10.0.0.1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IpNetwork {
    /// Never IPv4-mapped, and zero behind the prefix.
    address: IpAddr,
    prefix: u8,
}

impl IpNetwork {
    /// The network of an address that has a prefix of that many bits; `None` if the address has
    /// fewer bits, or has bits set behind the prefix.
    ///
    /// ```
    /// use libzmq::addr::IpNetwork;
    ///
    /// assert!(IpNetwork::new([192, 168, 0, 0].into(), 16).is_some());
    /// assert!(IpNetwork::new([192, 168, 0, 1].into(), 16).is_none());
    /// assert!(IpNetwork::new([192, 168, 0, 0].into(), 33).is_none());
    /// ```
    pub fn new(address: IpAddr, prefix: u8) -> Option<Self> {
        if prefix > bits(address) {
            return None;
        }
        let network = match address.to_canonical() {
            // The first 96 bits of an IPv4-mapped address say that it is one.
            canonical if canonical != address && prefix >= 96 => {
                Self { address: canonical, prefix: prefix - 96 }
            }
            _ => Self { address, prefix },
        };
        (masked(network.address, network.prefix) == network.address).then_some(network)
    }

    /// The network with a prefix of that many bits that the address is in.
    pub(crate) fn around(address: IpAddr, prefix: u8) -> Self {
        let address = address.to_canonical();
        let prefix = prefix.min(bits(address));
        Self { address: masked(address, prefix), prefix }
    }

    /// All networks that the address is in.
    pub(crate) fn all_around(address: IpAddr) -> impl Iterator<Item = Self> {
        (0..=bits(address.to_canonical())).map(move |prefix| Self::around(address, prefix))
    }

    /// The first address of the network.
    pub fn address(self) -> IpAddr {
        self.address
    }

    /// How many bits all addresses of the network have in common.
    pub fn prefix(self) -> u8 {
        self.prefix
    }

    /// Whether the address is in the network.
    pub fn contains(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.address.is_ipv4() && masked(address, self.prefix) == self.address
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        const ADDRESS: &str = "expected an IP address, or a network such as 10.0.0.0/8";
        const PREFIX: &str = "the prefix of a network has 0 to 32 bits, or 0 to 128 for IPv6";
        const HOST: &str = "the network has bits set behind its prefix";

        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| ADDRESS)?;
        let Some(prefix) = prefix else { return Ok(address.into()) };
        // Rust takes a sign for a part of the number.
        let digits = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix = prefix
            .parse()
            .ok()
            .filter(|prefix| digits && *prefix <= bits(address))
            .ok_or(PREFIX)?;
        Self::new(address, prefix).ok_or(HOST)
    }
}

fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// The address with zeros behind the prefix.
fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    let behind = u32::from(bits(address).saturating_sub(prefix));
    match address {
        // A shift by all bits is none in Rust.
        IpAddr::V4(ip) => {
            let mask = u32::MAX.checked_shl(behind).unwrap_or(0);
            Ipv4Addr::from_bits(ip.to_bits() & mask).into()
        }
        IpAddr::V6(ip) => {
            let mask = u128::MAX.checked_shl(behind).unwrap_or(0);
            Ipv6Addr::from_bits(ip.to_bits() & mask).into()
        }
    }
}

impl fmt::Display for IpNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.prefix == bits(self.address) {
            return self.address.fmt(f);
        }
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

parsed_text!(IpNetwork);
itself!(IpNetwork);

impl From<&IpNetwork> for IpNetwork {
    fn from(network: &IpNetwork) -> Self {
        *network
    }
}

macro_rules! single {
    ($($Ip:ident),*) => {$(
        impl From<$Ip> for IpNetwork {
            fn from(ip: $Ip) -> Self {
                Self::around(ip.into(), 128)
            }
        }

        impl From<&$Ip> for IpNetwork {
            fn from(ip: &$Ip) -> Self {
                Self::from(*ip)
            }
        }

        one! {
            [] $Ip => IpNetwork;
            [] &$Ip => IpNetwork;
        }
    )*};
}

single!(IpAddr, Ipv4Addr, Ipv6Addr);

impl TryFrom<&&str> for IpNetwork {
    type Error = super::AddrParseError;

    fn try_from(text: &&str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

one! {
    [] &str => IpNetwork;
    [] String => IpNetwork;
    [] &String => IpNetwork;
}

#[cfg(test)]
mod tests {
    use super::*;

    type Done = Result<(), Box<dyn std::error::Error>>;

    #[test]
    fn text_of_networks_is_read_and_written() -> Done {
        for (text, written) in [
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("10.1.2.3", "10.1.2.3"),
            ("10.1.2.3/32", "10.1.2.3"),
            ("2001:db8::/32", "2001:db8::/32"),
            ("::/0", "::/0"),
            ("::1/128", "::1"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
            ("::ffff:0:0/96", "0.0.0.0/0"),
            ("::ffff:10.1.2.3", "10.1.2.3"),
            ("::fffe:0:0/95", "::fffe:0:0/95"),
        ] {
            assert_eq!(text.parse::<IpNetwork>()?.to_string(), written, "{text}");
        }
        for text in [
            "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/256", "10.0.0.0/-1",
            "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.0/ 8", " 10.0.0.0/8", "10.0.0/8", "10.0.0.1/8",
            "010.0.0.0/8", "2001:db8::/129", "2001:db8::1/32", "::ffff:10.0.0.0/95",
            "fe80::1%eth0", "localhost",
        ] {
            assert!(text.parse::<IpNetwork>().is_err(), "{text}");
        }
        Ok(())
    }

    #[test]
    fn network_contains_the_addresses_with_its_prefix() -> Done {
        for (network, inside, outside) in [
            (
                "10.0.0.0/8",
                &["10.0.0.0", "10.255.255.255", "::ffff:10.1.1.1"][..],
                &["11.0.0.0"][..],
            ),
            ("0.0.0.0/0", &["0.0.0.0", "255.255.255.255", "::ffff:1.2.3.4"], &["::", "::1"]),
            ("::/0", &["::", "ffff::"], &["1.2.3.4", "::ffff:1.2.3.4"]),
            ("2001:db8::/33", &["2001:db8::1"], &["2001:db8:8000::", "10.0.0.1"]),
            ("10.1.2.3", &["10.1.2.3", "::ffff:10.1.2.3"], &["10.1.2.2", "::a01:203"]),
        ] {
            let network: IpNetwork = network.parse()?;
            for ip in inside {
                assert!(network.contains(ip.parse()?), "{network} {ip}");
                let mut around = IpNetwork::all_around(ip.parse()?);
                assert!(around.any(|around| around == network), "{network} {ip}");
            }
            for ip in outside {
                assert!(!network.contains(ip.parse()?), "{network} {ip}");
                let mut around = IpNetwork::all_around(ip.parse()?);
                assert!(around.all(|around| around != network), "{network} {ip}");
            }
        }
        Ok(())
    }
}
