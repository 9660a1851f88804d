//! The table of socket options, and the macro that reads it.

use libc::c_int;
use libzmq_sys as sys;

use super::{Buildable, Gettable, Settable, SocketOption, Takers, TakenBy, codec::*, id, sealed};
use crate::{
    builder::Builder,
    heartbeat::Heartbeating,
    recv::RecvMsg,
    send::SendMsg,
    socket::{Client, Server, Socket, SocketType},
};

/// What the builder and its configuration file need to know of an option.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) id: c_int,
    pub(crate) takers: Takers,
    /// Whether a builder can hold it.
    pub(crate) buildable: bool,
    /// Whether it counts only before the first bind or connect.
    pub(crate) before_attaching: bool,
    /// Whether its value must not be printed.
    pub(crate) secret: bool,
    #[cfg(feature = "serde")]
    pub(crate) plain: super::plain::Converter,
}

/// Reads the table. A line is
///
/// `Name name = ZMQ_NAME: Codec, [access], takers;`
///
/// where access is `get`, `set`, `build` (counts only before the first bind or connect) and `secret` (is not printed), and takers
/// is a trait that the sockets have, or a list of their types in braces.
macro_rules! options {
    ($(
        $(#[$doc:meta])*
        $option:ident $name:ident = $constant:ident: $codec:ty, [$($access:ident)*], $takers:tt;
    )*) => {
        /// The socket options, each a type of its own, in the order of the C header.
        pub mod opt {
            $(
                $(#[$doc])*
                #[doc = concat!("\n\n# In C\n`", stringify!($constant), "`")]
                #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
                pub struct $option;
            )*
        }

        $(
            impl SocketOption for opt::$option {
                type Value = <$codec as Codec>::Value;
                const NAME: &'static str = stringify!($name);
            }

            impl sealed::Row for opt::$option {
                const ID: c_int = id(sys::$constant);
                type Codec = $codec;
            }

            takers!(impl $option $takers);
            access!([$($access)*] $option $name $codec, $(#[$doc])*);
        )*

        /// Every option, in the order in which a builder sets them.
        pub(crate) static ROWS: &[Row] = &[$(
            Row {
                name: stringify!($name),
                id: id(sys::$constant),
                takers: takers!(fn $takers),
                buildable: access!(any (set build) $($access)*),
                before_attaching: access!(any (build) $($access)*),
                secret: access!(any (secret) $($access)*),
                #[cfg(feature = "serde")]
                plain: super::plain::Converter::of::<$codec>(),
            }
        ),*];
    };
}

/// Who takes an option: for the compiler, and as a question to ask of a socket type at run time.
macro_rules! takers {
    (impl $option:ident { $($socket:ident)* }) => {
        $(impl TakenBy<$socket> for opt::$option {})*
    };
    (impl $option:ident $capability:ident) => {
        impl<S: $capability> TakenBy<S> for opt::$option {}
    };
    (fn { $($socket:ident)* }) => {
        |kind| matches!(kind.socket_type, $(SocketType::$socket)|*)
    };
    (fn Socket) => { |_| true };
    (fn SendMsg) => { |kind| kind.sends };
    (fn RecvMsg) => { |kind| kind.receives };
    (fn Heartbeating) => { |kind| kind.heartbeats };
}

/// What can be done with an option: one access after the other.
macro_rules! access {
    ([] $option:ident $name:ident $codec:ty, $(#[$doc:meta])*) => {};
    ([get $($rest:ident)*] $option:ident $name:ident $codec:ty, $(#[$doc:meta])*) => {
        impl Gettable for opt::$option {}
        access!([$($rest)*] $option $name $codec, $(#[$doc])*);
    };
    ([set $($rest:ident)*] $option:ident $name:ident $codec:ty, $(#[$doc:meta])*) => {
        impl Settable for opt::$option {}
        access!([build $($rest)*] $option $name $codec, $(#[$doc])*);
    };
    ([build $($rest:ident)*] $option:ident $name:ident $codec:ty, $(#[$doc:meta])*) => {
        impl Buildable for opt::$option {}

        impl<S: Socket> Builder<S> {
            $(#[$doc])*
            #[doc = concat!("\n\nSets the option [`opt::", stringify!($option), "`]; a value that it refuses fails the build.")]
            pub fn $name(&mut self, value: impl Into<<$codec as Codec>::Value>) -> &mut Self
            where
                opt::$option: TakenBy<S>,
            {
                self.option(opt::$option, value)
            }
        }

        access!([$($rest)*] $option $name $codec, $(#[$doc])*);
    };
    ([secret $($rest:ident)*] $option:ident $name:ident $codec:ty, $(#[$doc:meta])*) => {
        access!([$($rest)*] $option $name $codec, $(#[$doc])*);
    };

    (any (set build) set $($rest:ident)*) => { true };
    (any (set build) build $($rest:ident)*) => { true };
    (any (build) build $($rest:ident)*) => { true };
    (any (secret) secret $($rest:ident)*) => { true };
    (any $what:tt $other:ident $($rest:ident)*) => { access!(any $what $($rest)*) };
    (any $what:tt) => { false };
}

options! {
    /// The I/O threads that serve new connections, one bit each; zero (the default) is all of them.
    Affinity affinity = ZMQ_AFFINITY: Mask, [get set], Socket;

    /// The kernel's buffer for sending to a connection, in bytes. The default is the system's.
    SendBuffer send_buffer = ZMQ_SNDBUF: OrSystem<Number<0, { i32::MAX }>>, [get set], Socket;

    /// The kernel's buffer for receiving from a connection, in bytes. The default is the system's.
    RecvBuffer recv_buffer = ZMQ_RCVBUF: OrSystem<Number<0, { i32::MAX }>>, [get set], Socket;

    /// The events that are ready, as bits: 1 readable, 2 writable.
    ///
    /// A socket that routes by routing id always counts as writable.
    ReadyEvents ready_events = ZMQ_EVENTS: Number<0, 3>, [get], Socket;

    /// The socket's own type.
    Type socket_type = ZMQ_TYPE: Kind, [get], Socket;

    /// How long messages that were sent may take to leave after the socket was dropped. The default is 30 seconds (in C: for
    /// ever); zero discards them, except over inproc, where they have left already.
    Linger linger = ZMQ_LINGER: Timeout, [get set], Socket;

    /// How long to wait before a lost connection is tried again. The default is 100 ms; `None` never tries again.
    ReconnectInterval reconnect_interval = ZMQ_RECONNECT_IVL: OrSystem<Millis>, [get set], Socket;

    /// How many connections may wait to be accepted. The default is 100.
    Backlog backlog = ZMQ_BACKLOG: Number<0, { i32::MAX }>, [get set], Socket;

    /// Up to what the waiting time between attempts to reconnect is doubled. By default it is not.
    ReconnectIntervalMax reconnect_interval_max = ZMQ_RECONNECT_IVL_MAX: OrOff<Millis>, [get set], Socket;

    /// The size in bytes of the largest message that a peer may send; a peer that announces a larger one is disconnected before there
    /// is memory taken for it. The default is one gibibyte (in C: `None`, no limit).
    MaxMsgSize max_msg_size = ZMQ_MAXMSGSIZE: MaxSize, [get set], Socket;

    /// How many messages may wait to be sent to one peer. The default is 1000; zero is no limit.
    SendHwm send_hwm = ZMQ_SNDHWM: Mark, [get build], SendMsg;

    /// How many messages from one peer may wait to be received. The default is 1000; zero is no limit.
    RecvHwm recv_hwm = ZMQ_RCVHWM: Mark, [get build], RecvMsg;

    /// How long a receiving call waits for a message. The default is for ever.
    RecvTimeout recv_timeout = ZMQ_RCVTIMEO: Timeout, [get set], RecvMsg;

    /// How long a sending call waits for room in the queue. The default is for ever.
    SendTimeout send_timeout = ZMQ_SNDTIMEO: Timeout, [get set], SendMsg;

    /// The last endpoint that the socket was bound or connected to.
    LastEndpoint last_endpoint = ZMQ_LAST_ENDPOINT: Address, [get], Socket;

    /// Whether the kernel checks silent tcp connections. By default the system decides.
    TcpKeepalive tcp_keepalive = ZMQ_TCP_KEEPALIVE: OrSystem<Flag>, [get set], Socket;

    /// After how many unanswered checks a tcp connection is given up. By default the system decides.
    TcpKeepaliveCount tcp_keepalive_count = ZMQ_TCP_KEEPALIVE_CNT: OrSystem<Number<0, { i32::MAX }>>, [get set], Socket;

    /// After how much silence, in whole seconds, a tcp connection is checked. By default the system decides.
    TcpKeepaliveIdle tcp_keepalive_idle = ZMQ_TCP_KEEPALIVE_IDLE: OrSystem<Seconds>, [get set], Socket;

    /// How long, in whole seconds, to wait between two checks of a tcp connection. By default the system decides.
    TcpKeepaliveInterval tcp_keepalive_interval = ZMQ_TCP_KEEPALIVE_INTVL: OrSystem<Seconds>, [get set], Socket;

    /// Whether messages are queued for established connections only. By default they are queued for any that was asked for.
    Immediate immediate = ZMQ_IMMEDIATE: Flag, [get set], Socket;

    /// Whether IPv6 is used besides IPv4. The default is that of the context: yes (in C: no).
    Ipv6 ipv6 = ZMQ_IPV6: Flag, [get set], Socket;

    /// The name under which the authentication handler is asked about peers, at most 255 bytes. Empty by default, and then
    /// it is not asked; setting a mechanism for a server sets it to `global`.
    ZapDomain zap_domain = ZMQ_ZAP_DOMAIN: Text<1, 255>, [get set], Socket;

    /// The type-of-service byte of sent IP packets.
    TypeOfService type_of_service = ZMQ_TOS: Number<0, 255>, [get set], Socket;

    /// How long a handshake may take. The default is 30 seconds; `None` is for ever.
    HandshakeInterval handshake_interval = ZMQ_HANDSHAKE_IVL: OrOff<Millis>, [get set], Socket;

    /// The SOCKS5 proxy that tcp connections go through, as `host:port`; empty for none.
    SocksProxy socks_proxy = ZMQ_SOCKS_PROXY: Text<0, { usize::MAX }>, [get set], Socket;

    /// How often a connection is checked with a heartbeat. By default never.
    HeartbeatInterval heartbeat_interval = ZMQ_HEARTBEAT_IVL: OrOff<Millis>, [get set], Heartbeating;

    /// For how long the peer should keep the connection without hearing from this side, in tenths of a second, at most
    /// 6553.5 seconds. By default it is not told.
    HeartbeatTtl heartbeat_ttl = ZMQ_HEARTBEAT_TTL: OrOff<TimeToLive>, [get set], Heartbeating;

    /// How long to wait for an answer to a heartbeat before the connection is closed. The default is the heartbeat's interval.
    HeartbeatTimeout heartbeat_timeout = ZMQ_HEARTBEAT_TIMEOUT: OrSystem<Millis>, [get set], Heartbeating;

    /// How long connecting over tcp may take. By default the system decides.
    ConnectTimeout connect_timeout = ZMQ_CONNECT_TIMEOUT: OrOff<Millis>, [get set], Socket;

    /// How long sent data may stay unacknowledged before a tcp connection is given up. By default the system decides.
    TcpMaxRetransmit tcp_max_retransmit = ZMQ_TCP_MAXRT: OrOff<Millis>, [get set], Socket;

    /// Whether threads may share the socket.
    ThreadSafe thread_safe = ZMQ_THREAD_SAFE: Flag, [get], Socket;

    /// The network interface that connections go through, by name. Linux only, and it needs the right to do so.
    BindToDevice bind_to_device = ZMQ_BINDTODEVICE: Text<0, 15>, [get set], Socket;

    /// Whether a peer is refused when the authentication handler cannot be asked. The default is yes (in C: no).
    ZapEnforceDomain zap_enforce_domain = ZMQ_ZAP_ENFORCE_DOMAIN: Flag, [get set], Socket;

    /// A property that peers see on each message, as `X-name:value`. Each one set is added to those before.
    Metadata metadata = ZMQ_METADATA: Text<3, { usize::MAX }>, [set], Socket;

    /// The user name for the SOCKS5 proxy, at most 255 bytes; empty for none.
    SocksUsername socks_username = ZMQ_SOCKS_USERNAME: Text<0, 255>, [get set], Socket;

    /// The password for the SOCKS5 proxy, at most 255 bytes.
    SocksPassword socks_password = ZMQ_SOCKS_PASSWORD: Text<0, 255>, [get set secret], Socket;

    /// How many bytes are read from a connection at once. The default is 8192; more makes large messages faster, and is
    /// taken for each connection.
    InBatchSize in_batch_size = ZMQ_IN_BATCH_SIZE: Number<1, { i32::MAX }>, [get set], Socket;

    /// How many bytes are written to a connection at once. The default is 8192; more makes large messages faster, and is
    /// taken for each connection.
    OutBatchSize out_batch_size = ZMQ_OUT_BATCH_SIZE: Number<1, { i32::MAX }>, [get set], Socket;

    /// On what to give up reconnecting. By default on nothing.
    ReconnectStopOn reconnect_stop = ZMQ_RECONNECT_STOP: Stop, [get set], Socket;

    /// A message that each new peer receives first. Empty for none.
    HelloMessage hello = ZMQ_HELLO_MSG: Content, [build], { Client Server };

    /// A message that this socket receives when it loses a peer, with that peer's routing id, after the last message of the
    /// peer's. Empty for none. It cannot be told from a message of a peer's own with the same bytes.
    DisconnectMessage disconnect_message = ZMQ_DISCONNECT_MSG: Content, [build], { Server };

    /// The priority of sent packets, as the Linux option `SO_PRIORITY` has it.
    Priority priority = ZMQ_PRIORITY: Number<0, { i32::MAX }>, [get set], Socket;

    /// For how many microseconds the kernel may poll the network device before it waits, as the Linux option
    /// `SO_BUSY_POLL` has it. libzmq does not tell it again.
    BusyPoll busy_poll = ZMQ_BUSY_POLL: Number<0, { i32::MAX }>, [set], Socket;

    /// A message that this socket receives when it loses a connection of its own making. Empty for none; not over inproc.
    HiccupMessage hiccup = ZMQ_HICCUP_MSG: Content, [build], { Client };
}
