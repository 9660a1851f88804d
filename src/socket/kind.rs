//! What is known of each socket type: the one list of them, and the facts of each.

use std::fmt;

use libc::c_int;
use libzmq_sys as sys;

/// The one list of socket types.
///
/// Calls `$reader!` with a line for each: the module of its pattern, the type, its builder, the
/// builder's other name in [`config`](crate::config), and C's constant.
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
        /// The types of socket, by the numbers that C gives them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "each name is the name of its type")]
        pub enum SocketType {
            $($name = sys::$constant as isize,)*
        }

        impl SocketType {
            /// The type that C gives that number.
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

/// The facts of a socket type, as its entry gives them.
#[cfg_attr(
    not(feature = "serde"),
    allow(
        dead_code,
        reason = "a configuration file asks which types take an option, the compiler knows"
    )
)]
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub(crate) socket_type: SocketType,
    pub(crate) thread_safe: bool,
    pub(crate) sends: bool,
    pub(crate) receives: bool,
    pub(crate) heartbeats: bool,
    /// Whether each message goes to the peer whose routing id it carries.
    pub(crate) routes: bool,
    pub(crate) transports: Transports,
}

/// The transports that carry a type of socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transports {
    /// All that carry ZMTP, which is all but udp.
    Zmtp,
    /// Those, and udp where the socket binds.
    ZmtpAndUdpBound,
    /// Those, and udp where the socket connects: each message is then a datagram at most.
    ZmtpAndUdpConnected,
    /// Tcp alone, without ZMTP.
    Tcp,
    /// Udp alone.
    Udp,
}
