//! The list of socket types, and what is known of each type.

use std::fmt;

use libc::c_int;
use libzmq_sys as sys;

/// The list of socket types.
///
/// Calls `$reader!` with a line for each type: the module of its pattern, the type, its builder,
/// the name of the builder in [`config`](crate::config), and the C constant.
macro_rules! socket_types {
    ($reader:ident) => {
        $reader! {
            channel: Channel ChannelBuilder ChannelConfig = ZMQ_CHANNEL;
            client_server: Client ClientBuilder ClientConfig = ZMQ_CLIENT;
            request_reply: Dealer DealerBuilder DealerConfig = ZMQ_DEALER;
            native: Dgram DgramBuilder DgramConfig = ZMQ_DGRAM;
            radio_dish: Dish DishBuilder DishConfig = ZMQ_DISH;
            scatter_gather: Gather GatherBuilder GatherConfig = ZMQ_GATHER;
            pair: Pair PairBuilder PairConfig = ZMQ_PAIR;
            peer: Peer PeerBuilder PeerConfig = ZMQ_PEER;
            publish_subscribe: Pub PubBuilder PubConfig = ZMQ_PUB;
            pipeline: Pull PullBuilder PullConfig = ZMQ_PULL;
            pipeline: Push PushBuilder PushConfig = ZMQ_PUSH;
            radio_dish: Radio RadioBuilder RadioConfig = ZMQ_RADIO;
            request_reply: Rep RepBuilder RepConfig = ZMQ_REP;
            request_reply: Req ReqBuilder ReqConfig = ZMQ_REQ;
            request_reply: Router RouterBuilder RouterConfig = ZMQ_ROUTER;
            scatter_gather: Scatter ScatterBuilder ScatterConfig = ZMQ_SCATTER;
            client_server: Server ServerBuilder ServerConfig = ZMQ_SERVER;
            native: Stream StreamBuilder StreamConfig = ZMQ_STREAM;
            publish_subscribe: Sub SubBuilder SubConfig = ZMQ_SUB;
            publish_subscribe: XPub XPubBuilder XPubConfig = ZMQ_XPUB;
            publish_subscribe: XSub XSubBuilder XSubConfig = ZMQ_XSUB;
        }
    };
}

pub(crate) use socket_types;

macro_rules! socket_type_enum {
    ($($module:ident: $name:ident $builder:ident $config:ident = $constant:ident;)*) => {
        /// A socket type. The values are those of the C constants, such as `ZMQ_CLIENT`.
        ///
        /// ```
        /// assert_eq!(libzmq::SocketType::Client.to_string(), "Client");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "each name is the name of its type")]
        pub enum SocketType {
            $($name = sys::$constant as isize,)*
        }

        impl SocketType {
            /// Returns the type with this number in C.
            pub(crate) fn from_c(number: c_int) -> Option<Self> {
                [$(Self::$name),*].into_iter().find(|known| *known as c_int == number)
            }
        }
    };
}

socket_types!(socket_type_enum);

impl fmt::Display for SocketType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// What the entry of a socket type says about it.
#[cfg_attr(
    not(feature = "serde"),
    allow(
        dead_code,
        reason = "only configuration files check at run time which types accept an option"
    )
)]
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub(crate) socket_type: SocketType,
    pub(crate) thread_safe: bool,
    pub(crate) sends: bool,
    pub(crate) receives: bool,
    pub(crate) heartbeats: bool,
    /// Whether the socket sends each message to the peer whose routing id it carries.
    pub(crate) routes: bool,
    pub(crate) transports: Transports,
}

/// The transports that carry a type of socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transports {
    /// All that carry ZMTP: all but udp.
    Zmtp,
    /// Those, and udp if the socket binds.
    ZmtpAndUdpBound,
    /// Those, and udp if the socket connects. Then a message must fit into a datagram.
    ZmtpAndUdpConnected,
    /// Only tcp, without ZMTP.
    Tcp,
    /// Only udp.
    Udp,
}
