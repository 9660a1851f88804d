//! [`Endpoint`], and the table of transports that generates it.

use std::{fmt, net, str::FromStr};

use super::{
    AddrParseError, EpgmAddr, InprocAddr, IpcAddr, NormAddr, PgmAddr, TcpAddr, TipcAddr, UdpAddr,
    VmciAddr, VmciCid, WsAddr, WssAddr,
};
use crate::util::{itself, one};

/// Declares [`Endpoint`], and the conversions between it and the address types.
macro_rules! transports {
    ($($(#[$doc:meta])* $Variant:ident($Addr:ident) = $transport:literal, $is:ident;)*) => {
        /// An endpoint: a transport and an address, which a socket binds or connects to.
        ///
        /// Its text is `transport://address`, with the transport in lower case.
        ///
        /// # Examples
        /// ```
        /// use libzmq::addr::Endpoint;
        ///
        /// let endpoint: Endpoint = "tcp://eth0:5555".try_into()?;
        /// assert!(endpoint.is_tcp());
        /// assert_eq!(endpoint.to_string(), "tcp://eth0:5555");
        /// # Ok::<(), libzmq::addr::AddrParseError>(())
        /// ```
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Endpoint {
            $($(#[$doc])* $Variant($Addr),)*
        }

        impl Endpoint {
            /// Returns the name of the transport, the text before `://`.
            pub fn transport(&self) -> &'static str {
                match self {
                    $(Self::$Variant(_) => $transport,)*
                }
            }

            $(
                #[doc = concat!("Returns whether the transport is `", $transport, "`.")]
                pub fn $is(&self) -> bool {
                    matches!(self, Self::$Variant(_))
                }
            )*

            fn addr(&self) -> &dyn fmt::Display {
                match self {
                    $(Self::$Variant(addr) => addr,)*
                }
            }
        }

        impl FromStr for Endpoint {
            type Err = AddrParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text.split_once("://") {
                    $(Some(($transport, _)) => text.parse().map(Self::$Variant),)*
                    Some(_) => {
                        const UNKNOWN: &str =
                            concat!("unknown transport, expected one of", $(" ", $transport),*);
                        Err(AddrParseError::new(UNKNOWN, text))
                    }
                    None => {
                        const MISSING: &str = "an endpoint begins with its transport, as in tcp://";
                        Err(AddrParseError::new(MISSING, text))
                    }
                }
            }
        }

        $(
            impl FromStr for $Addr {
                type Err = AddrParseError;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    const SCHEME: &str = concat!($transport, "://");
                    let addr = text.strip_prefix(SCHEME).unwrap_or(text);
                    // The text of such an address would be parsed as another address.
                    if addr.starts_with(SCHEME) {
                        return Err(AddrParseError::new("the transport is there twice", text));
                    }
                    Self::parse(addr).map_err(|msg| AddrParseError::new(msg, text))
                }
            }

            text!($Addr);
            itself!($Addr);

            impl From<$Addr> for Endpoint {
                fn from(addr: $Addr) -> Self {
                    Self::$Variant(addr)
                }
            }

            impl From<&$Addr> for Endpoint {
                fn from(addr: &$Addr) -> Self {
                    Self::$Variant(addr.clone())
                }
            }

            impl From<&$Addr> for $Addr {
                fn from(addr: &$Addr) -> Self {
                    addr.clone()
                }
            }
        )*
    };
}

transports! {
    /// TCP, to another host.
    Tcp(TcpAddr) = "tcp", is_tcp;
    /// UDP datagrams, to a host or a multicast group.
    Udp(UdpAddr) = "udp", is_udp;
    /// A Unix domain socket, to another process of this host.
    Ipc(IpcAddr) = "ipc", is_ipc;
    /// Memory, to another socket of the same context.
    Inproc(InprocAddr) = "inproc", is_inproc;
    /// WebSocket.
    Ws(WsAddr) = "ws", is_ws;
    /// WebSocket over TLS.
    Wss(WssAddr) = "wss", is_wss;
    /// TIPC, to a service of a cluster.
    Tipc(TipcAddr) = "tipc", is_tipc;
    /// VMCI, to a virtual machine or its host.
    Vmci(VmciAddr) = "vmci", is_vmci;
    /// PGM over raw IP, to a multicast group.
    Pgm(PgmAddr) = "pgm", is_pgm;
    /// PGM over UDP, to a multicast group.
    Epgm(EpgmAddr) = "epgm", is_epgm;
    /// NORM, to a host or a multicast group.
    Norm(NormAddr) = "norm", is_norm;
}

text!(@written Endpoint);

impl AsRef<Self> for Endpoint {
    fn as_ref(&self) -> &Self {
        self
    }
}
itself!(Endpoint);

one! {
    [] &str => Endpoint;
    [] String => Endpoint;
    [] &String => Endpoint;
}

impl Endpoint {
    /// The name that [`is_epgm`](Self::is_epgm) had in version 0.2.
    #[doc(hidden)]
    pub fn is_edpgm(&self) -> bool {
        self.is_epgm()
    }

    /// Returns whether a socket can bind to such an address. It is `false` only for a TIPC port.
    ///
    /// # Examples
    /// ```
    /// use libzmq::addr::Endpoint;
    ///
    /// assert!("tcp://*:*".parse::<Endpoint>()?.can_bind());
    /// assert!(!"tipc://<1.1.10:2>".parse::<Endpoint>()?.can_bind());
    /// # Ok::<(), libzmq::addr::AddrParseError>(())
    /// ```
    pub fn can_bind(&self) -> bool {
        match self {
            Self::Tipc(addr) => addr.can_bind(),
            _ => true,
        }
    }

    /// Returns whether a socket can connect to the address: whether it has no `*`.
    ///
    /// # Examples
    /// ```
    /// use libzmq::addr::Endpoint;
    ///
    /// assert!("tcp://127.0.0.1:5555".parse::<Endpoint>()?.can_connect());
    /// assert!(!"tcp://127.0.0.1:*".parse::<Endpoint>()?.can_connect());
    /// assert!(!"ipc://*".parse::<Endpoint>()?.can_connect());
    /// # Ok::<(), libzmq::addr::AddrParseError>(())
    /// ```
    pub fn can_connect(&self) -> bool {
        match self {
            Self::Tcp(addr) => addr.host().is_specified(),
            Self::Udp(addr) => addr.host().is_specified(),
            Self::Ws(addr) => addr.host().is_specified(),
            Self::Wss(addr) => addr.host().is_specified(),
            Self::Pgm(addr) => addr.host().is_specified(),
            Self::Epgm(addr) => addr.host().is_specified(),
            Self::Norm(addr) => addr.host().is_specified(),
            Self::Ipc(addr) => !addr.is_wildcard(),
            Self::Inproc(_) => true,
            Self::Tipc(addr) => addr.can_connect(),
            Self::Vmci(addr) => addr.cid() != VmciCid::Any && addr.port().is_some(),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.transport(), self.addr())
    }
}

impl From<&Endpoint> for Endpoint {
    fn from(endpoint: &Endpoint) -> Self {
        endpoint.clone()
    }
}

/// Converts a socket address of the standard library into a TCP endpoint.
impl From<net::SocketAddr> for Endpoint {
    fn from(addr: net::SocketAddr) -> Self {
        Self::Tcp(TcpAddr::new(addr))
    }
}
