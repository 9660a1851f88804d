//! Endpoints, with an address type for each transport.
//!
//! `bind` and `connect` take an [`Endpoint`], an address type, or text. Malformed text returns an
//! [`AddrParseError`] that contains it, before libzmq is called.
//!
//! | Transport | Type | Notation | Connects to |
//! |---|---|---|---|
//! | `tcp`    | [`TcpAddr`]    | `[source;]host:port` | another host |
//! | `ipc`    | [`IpcAddr`]    | `/path`, `@abstract`, `*` | another process of this host |
//! | `inproc` | [`InprocAddr`] | `name` | another socket of the same context |
//! | `udp`    | [`UdpAddr`]    | `[interface;]host:port` | a host or a multicast group |
//! | `ws`     | [`WsAddr`]     | `host:port[/path]` | a WebSocket peer |
//! | `wss`    | [`WssAddr`]    | `host:port[/path]` | a WebSocket peer, over TLS |
//! | `tipc`   | [`TipcAddr`]   | `{type,instance}`, ... | a service of a TIPC cluster (Linux) |
//! | `vmci`   | [`VmciAddr`]   | `cid:port` | the host or a guest of a VMware machine |
//! | `pgm`    | [`PgmAddr`]    | `interface;group:port` | a multicast group, with PGM over raw IP |
//! | `epgm`   | [`EpgmAddr`]   | `interface;group:port` | a multicast group, with PGM over UDP |
//! | `norm`   | [`NormAddr`]   | `[id,][interface;]group:port` | a multicast group, with NORM |
//!
//! The types exist for all transports. If libzmq was built without a transport, `bind` and
//! `connect` return [`Unsupported`](crate::ErrorKind::Unsupported); [`has`](crate::has) returns
//! which transports it has.
//!
//! # Text
//! Each type implements [`FromStr`](std::str::FromStr), `TryFrom<&str>`, `TryFrom<String>`,
//! `TryFrom<&String>`, [`Display`](std::fmt::Display), and with the feature `serde` conversions
//! from and to a string. An address type is formatted without its transport, and parsed with or
//! without it. The text of an [`Endpoint`] always has it. Parsing the formatted text returns the
//! same value.
//!
//! ```
//! use libzmq::addr::{Endpoint, TcpAddr};
//!
//! let addr: TcpAddr = "127.0.0.1:*".parse()?;
//! assert!(addr.host().port().is_unspecified());
//! assert_eq!(addr.to_string(), "127.0.0.1:*");
//! assert_eq!(Endpoint::from(addr).to_string(), "tcp://127.0.0.1:*");
//!
//! let endpoint: Endpoint = "ipc:///run/orders.sock".parse()?;
//! assert_eq!(endpoint.transport(), "ipc");
//! # Ok::<(), libzmq::addr::AddrParseError>(())
//! ```
//!
//! # Lists
//! An address is also an iterator over itself, so a function that takes a list of addresses also
//! takes one:
//!
//! ```
//! use libzmq::addr::{Endpoint, TcpAddr};
//!
//! fn count<I: IntoIterator<Item = E>, E: Into<Endpoint>>(endpoints: I) -> usize {
//!     endpoints.into_iter().map(Into::into).count()
//! }
//!
//! let addr: TcpAddr = "127.0.0.1:*".parse()?;
//! assert_eq!(count(&addr), 1);
//! assert_eq!(count(vec![addr.clone(), addr]), 2);
//! # Ok::<(), libzmq::addr::AddrParseError>(())
//! ```

#[macro_use]
mod text;

mod endpoint;
mod epgm;
mod error;
#[cfg(feature = "serde")]
mod file;
mod host;
mod inproc;
mod ip_addrs;
mod ip_network;
mod ipc;
mod norm;
mod pgm;
mod socket_addr;
mod source;
mod tcp;
mod tipc;
mod udp;
mod vmci;
mod ws;
mod wss;

pub use endpoint::Endpoint;
pub use epgm::EpgmAddr;
pub use error::AddrParseError;
#[cfg(feature = "serde")]
pub(crate) use file::EndpointText;
pub use host::{Hostname, Interface, Zone};
pub use inproc::{INPROC_MAX_SIZE, InprocAddr};
pub use ip_addrs::IntoIpAddrs;
pub use ip_network::IpNetwork;
pub use ipc::IpcAddr;
pub use norm::NormAddr;
pub use pgm::PgmAddr;
pub use socket_addr::{Port, SocketAddr};
pub use source::SrcAddr;
pub use tcp::TcpAddr;
pub use tipc::{TipcAddr, TipcDomain};
pub use udp::UdpAddr;
pub use vmci::{VmciAddr, VmciCid};
pub use ws::WsAddr;
pub use wss::WssAddr;
