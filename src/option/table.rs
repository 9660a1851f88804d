//! The table of socket options: data, for several readers.

/// Calls `$reader!` with the table. A line is
///
/// `Name name = ZMQ_NAME: Codec, [access], takers;`
///
/// where access is `get`, `set`, `build` (counts only before the first bind or connect) and
/// `secret` (is not printed), and takers is a trait that the sockets have, or a list of their types
/// in braces.
macro_rules! option_table {
    ($reader:ident) => {
        $reader! {
    /// The I/O threads that serve new connections, one bit each; zero (the default) is all of them.
    #[doc(alias = "ZMQ_AFFINITY")]
    Affinity affinity = ZMQ_AFFINITY: Mask, [get set], Socket;

    /// The identity that a [`Router`](crate::Router) knows this socket by, 1 to 255 bytes. By
    /// default the router makes one up; those begin with a zero byte.
    #[doc(alias = "set_identity")]
    #[doc(alias = "ZMQ_ROUTING_ID")]
    #[doc(alias = "ZMQ_IDENTITY")]
    RoutingIdentity routing_identity = ZMQ_ROUTING_ID:
        Bytes<1, 255>, [get set], { Req Rep Dealer Router };

    /// The most that multicast transports send, in kilobits a second. The default is 100.
    #[doc(alias = "ZMQ_RATE")]
    Rate rate = ZMQ_RATE: Number<1, { i32::MAX }>, [get set], { Pub Sub XPub XSub Radio Dish };

    /// For how long a receiver may be absent before multicast data is lost to it. The default is 10
    /// seconds.
    #[doc(alias = "ZMQ_RECOVERY_IVL")]
    RecoveryInterval recovery_interval = ZMQ_RECOVERY_IVL:
        Millis, [get set], { Pub Sub XPub XSub Radio Dish };

    /// The kernel's buffer for sending to a connection, in bytes. The default is the system's.
    #[doc(alias = "ZMQ_SNDBUF")]
    SendBuffer send_buffer = ZMQ_SNDBUF: OrSystem<Number<0, { i32::MAX }>>, [get set], Socket;

    /// The kernel's buffer for receiving from a connection, in bytes. The default is the system's.
    #[doc(alias = "ZMQ_RCVBUF")]
    RecvBuffer recv_buffer = ZMQ_RCVBUF: OrSystem<Number<0, { i32::MAX }>>, [get set], Socket;

    /// What the socket is ready for, as a poller would report it.
    ///
    /// A socket that routes by routing id always counts as writable.
    #[doc(alias = "ZMQ_EVENTS")]
    ReadyEvents ready_events = ZMQ_EVENTS: Readiness, [get], Socket;

    /// The socket's own type.
    #[doc(alias = "ZMQ_TYPE")]
    Type socket_type = ZMQ_TYPE: TypeNumber, [get], Socket;

    /// How long messages that were sent may take to leave after the socket was dropped. The default
    /// is 30 seconds (in C: for ever); zero discards them, except over inproc, where they have left
    /// already.
    #[doc(alias = "ZMQ_LINGER")]
    Linger linger = ZMQ_LINGER: Timeout, [get set], Socket;

    /// How long to wait before a lost or failed connection is tried again, with up to as much added
    /// at random. The default is 100 ms; `None` never tries again. A connection that failed because
    /// of the peer (another type of socket or mechanism, a message that is too long) is tried again
    /// as well: another peer may be there later. A peer that refuses the credentials is final: the
    /// connection is not tried again with the same ones.
    /// [`ReconnectStopOn`](crate::opt::ReconnectStopOn) makes other causes final, and a
    /// [monitor](crate::monitor) reports each.
    #[doc(alias = "ZMQ_RECONNECT_IVL")]
    ReconnectInterval reconnect_interval = ZMQ_RECONNECT_IVL: OrSystem<Millis>, [get set], Socket;

    /// How many connections may wait to be accepted. The default is 100.
    #[doc(alias = "ZMQ_BACKLOG")]
    Backlog backlog = ZMQ_BACKLOG: Number<0, { i32::MAX }>, [get set], Socket;

    /// Up to what the waiting time between attempts to reconnect is doubled, until a handshake
    /// succeeds. By default it is not doubled.
    #[doc(alias = "ZMQ_RECONNECT_IVL_MAX")]
    ReconnectIntervalMax reconnect_interval_max = ZMQ_RECONNECT_IVL_MAX:
        OrOff<Millis>, [get set], Socket;

    /// The size in bytes of the largest message that a peer may send; a peer that announces a
    /// larger one is disconnected before there is memory taken for it, which a
    /// [monitor](crate::monitor) tells as
    /// [`MessageTooLong`](crate::monitor::DisconnectReason::MessageTooLong). It limits the commands
    /// of the handshake too, which may take some hundred bytes. The default is one gibibyte (in C:
    /// `None`, no limit).
    ///
    /// The parts of a multipart message count together, its envelope included. If it has more than
    /// 65,536 parts, each counts as 64 bytes at least.
    #[doc(alias = "ZMQ_MAXMSGSIZE")]
    MaxMsgSize max_msg_size = ZMQ_MAXMSGSIZE: MaxSize, [get set], Socket;

    /// How many messages may wait to be sent to one peer. The default is 1000; zero is no limit.
    ///
    /// Up to a mark of 16 the queue holds that many messages. Above 16 it holds at least 16, and at
    /// least half of the mark, because the reader reports in steps what it has read. Over `inproc`
    /// the marks of both sockets add up. Subscriptions and joins are not limited by it.
    #[doc(alias = "ZMQ_SNDHWM")]
    SendHwm send_hwm = ZMQ_SNDHWM: Mark, [get build], Sends;

    /// How many messages from one peer may wait to be received. The default is 1000; zero is no
    /// limit.
    ///
    /// Messages of a peer that has gone stay until they are received. Until then each such peer
    /// takes some 16 kB.
    #[doc(alias = "ZMQ_RCVHWM")]
    RecvHwm recv_hwm = ZMQ_RCVHWM: Mark, [get build], Receives;

    /// How many networks a multicast packet may cross. The default is 1.
    #[doc(alias = "ZMQ_MULTICAST_HOPS")]
    MulticastHops multicast_hops = ZMQ_MULTICAST_HOPS:
        Number<1, 255>, [get set], { Pub Sub XPub XSub Radio Dish Dgram };

    /// How long a receiving call waits for a message. The default is for ever.
    #[doc(alias = "ZMQ_RCVTIMEO")]
    RecvTimeout recv_timeout = ZMQ_RCVTIMEO: Timeout, [get set], Receives;

    /// How long a sending call waits for room in the queue. The default is for ever.
    #[doc(alias = "ZMQ_SNDTIMEO")]
    SendTimeout send_timeout = ZMQ_SNDTIMEO: Timeout, [get set], Sends;

    /// The last endpoint that the socket was bound or connected to.
    #[doc(alias = "ZMQ_LAST_ENDPOINT")]
    LastEndpoint last_endpoint = ZMQ_LAST_ENDPOINT: Address, [get], Socket;

    /// Whether a message to a peer that is not there is an error, and one to a peer whose queue is
    /// full waits. By default both are dropped silently.
    #[doc(alias = "ZMQ_ROUTER_MANDATORY")]
    #[doc(alias = "ZMQ_FAIL_UNROUTABLE")]
    #[doc(alias = "ZMQ_ROUTER_BEHAVIOR")]
    Mandatory mandatory = ZMQ_ROUTER_MANDATORY: Flag, [set], { Router };

    /// Whether the kernel checks silent tcp connections. By default the system decides.
    #[doc(alias = "ZMQ_TCP_KEEPALIVE")]
    TcpKeepalive tcp_keepalive = ZMQ_TCP_KEEPALIVE: OrSystem<Flag>, [get set], Socket;

    /// After how many unanswered checks a tcp connection is given up. By default the system
    /// decides. If the system refuses this or another keepalive option, `bind` and `connect` fail.
    #[doc(alias = "ZMQ_TCP_KEEPALIVE_CNT")]
    TcpKeepaliveCount tcp_keepalive_count = ZMQ_TCP_KEEPALIVE_CNT:
        OrSystem<Number<0, { i32::MAX }>>, [get set], Socket;

    /// After how much silence, in whole seconds, a tcp connection is checked. By default the system
    /// decides.
    #[doc(alias = "ZMQ_TCP_KEEPALIVE_IDLE")]
    TcpKeepaliveIdle tcp_keepalive_idle = ZMQ_TCP_KEEPALIVE_IDLE:
        OrSystem<Seconds>, [get set], Socket;

    /// How long, in whole seconds, to wait between two checks of a tcp connection. By default the
    /// system decides.
    #[doc(alias = "ZMQ_TCP_KEEPALIVE_INTVL")]
    TcpKeepaliveInterval tcp_keepalive_interval = ZMQ_TCP_KEEPALIVE_INTVL:
        OrSystem<Seconds>, [get set], Socket;

    /// The addresses that may connect over tcp, as `address/bits`; each one set is added, and empty
    /// text lets all in again. An authentication handler does it better. A libzmq other than the
    /// one that this crate compiles lets every IPv4 peer pass an IPv4 filter when IPv6 is on; there
    /// it is refused.
    #[doc(alias = "ZMQ_TCP_ACCEPT_FILTER")]
    TcpAcceptFilter tcp_accept_filter = ZMQ_TCP_ACCEPT_FILTER: AcceptFilter, [set], Socket;

    /// Whether messages are queued for established connections only. By default they are queued for
    /// any that was asked for.
    #[doc(alias = "ZMQ_IMMEDIATE")]
    #[doc(alias = "ZMQ_DELAY_ATTACH_ON_CONNECT")]
    Immediate immediate = ZMQ_IMMEDIATE: Flag, [get set], Socket;

    /// Whether every subscription is received, not only the first to a topic.
    #[doc(alias = "ZMQ_XPUB_VERBOSE")]
    Verbose verbose = ZMQ_XPUB_VERBOSE: Flag, [set], { XPub };

    /// Whether IPv6 is used besides IPv4. The default is that of the context: yes (in C: no). A
    /// name that stands for an address of each is tried at the IPv6 one first, and at the other at
    /// once if that fails. A libzmq other than the one that this crate compiles tries no other.
    #[doc(alias = "ZMQ_IPV6")]
    Ipv6 ipv6 = ZMQ_IPV6: Flag, [get set], Socket;

    /// Whether each new peer is sent an empty message, so that a [`Router`](crate::Router) there
    /// hears of this socket at once.
    #[doc(alias = "ZMQ_PROBE_ROUTER")]
    ProbeRouter probe_router = ZMQ_PROBE_ROUTER: Flag, [set], { Req Dealer Router };

    /// Whether replies are matched with their requests by a number: best with
    /// [`Relaxed`](crate::opt::Relaxed). What replies must send the whole envelope back, as a
    /// [`Rep`](crate::Rep) does.
    #[doc(alias = "ZMQ_REQ_CORRELATE")]
    Correlate correlate = ZMQ_REQ_CORRELATE: Flag, [set], { Req };

    /// Whether another request may be sent before the reply to the last, which is then discarded.
    #[doc(alias = "ZMQ_REQ_RELAXED")]
    Relaxed relaxed = ZMQ_REQ_RELAXED: Flag, [set], { Req };

    /// Whether only the last message is kept in each queue. Messages must have one part. Over
    /// inproc both ends share their queues, and the option counts if either end sets it. A libzmq
    /// without our fixes may lose the very last message until another follows.
    #[doc(alias = "ZMQ_CONFLATE")]
    Conflate conflate = ZMQ_CONFLATE: Flag, [get build], { Pull Push Sub Pub Dealer };

    /// The name under which the authentication handler is asked about peers, at most 255 bytes.
    /// Empty by default, and then it is not asked; setting a mechanism for a server sets it to
    /// `global`.
    #[doc(alias = "ZMQ_ZAP_DOMAIN")]
    ZapDomain zap_domain = ZMQ_ZAP_DOMAIN: Text<1, 255>, [get set], Socket;

    /// Whether a new peer takes over the identity of an older one. By default it is refused.
    #[doc(alias = "ZMQ_ROUTER_HANDOVER")]
    Handover handover = ZMQ_ROUTER_HANDOVER: Flag, [set], { Router };

    /// The type-of-service byte of sent IP packets.
    #[doc(alias = "ZMQ_TOS")]
    TypeOfService type_of_service = ZMQ_TOS: Number<0, 255>, [get set], Socket;

    /// The process ids that may connect over ipc; each one set is added. Deprecated in C: an
    /// authentication handler does it better.
    #[doc(alias = "ZMQ_IPC_FILTER_PID")]
    IpcFilterPid ipc_filter_pid = ZMQ_IPC_FILTER_PID: Number<0, { i32::MAX }>, [set], Socket;

    /// The user ids that may connect over ipc; each one set is added. Deprecated in C: an
    /// authentication handler does it better.
    #[doc(alias = "ZMQ_IPC_FILTER_UID")]
    IpcFilterUid ipc_filter_uid = ZMQ_IPC_FILTER_UID: Number<0, { i32::MAX }>, [set], Socket;

    /// The group ids that may connect over ipc; each one set is added. Deprecated in C: an
    /// authentication handler does it better.
    #[doc(alias = "ZMQ_IPC_FILTER_GID")]
    IpcFilterGid ipc_filter_gid = ZMQ_IPC_FILTER_GID: Number<0, { i32::MAX }>, [set], Socket;

    /// The identity of the peer that the next `connect` leads to, 1 to 255 bytes: see `connect_as`.
    /// If that call fails the identity is not used.
    #[doc(alias = "ZMQ_CONNECT_ROUTING_ID")]
    #[doc(alias = "ZMQ_CONNECT_RID")]
    ConnectRoutingIdentity connect_routing_identity = ZMQ_CONNECT_ROUTING_ID:
        Bytes<1, 255>, [set], { Router Stream };

    /// Whether the socket is the server of GSSAPI. Needs a libzmq with GSSAPI.
    #[doc(alias = "ZMQ_GSSAPI_SERVER")]
    GssapiServer gssapi_server = ZMQ_GSSAPI_SERVER: Flag, [get set], Socket;

    /// The GSSAPI name of this socket, at most 255 bytes. Needs a libzmq with GSSAPI.
    #[doc(alias = "ZMQ_GSSAPI_PRINCIPAL")]
    GssapiPrincipal gssapi_principal = ZMQ_GSSAPI_PRINCIPAL: Text<1, 255>, [get set], Socket;

    /// The GSSAPI name of the server, at most 255 bytes. Needs a libzmq with GSSAPI.
    #[doc(alias = "ZMQ_GSSAPI_SERVICE_PRINCIPAL")]
    GssapiServicePrincipal gssapi_service_principal = ZMQ_GSSAPI_SERVICE_PRINCIPAL:
        Text<1, 255>, [get set], Socket;

    /// Whether GSSAPI only authenticates, without encryption. Needs a libzmq with GSSAPI.
    #[doc(alias = "ZMQ_GSSAPI_PLAINTEXT")]
    GssapiPlaintext gssapi_plaintext = ZMQ_GSSAPI_PLAINTEXT: Flag, [get set], Socket;

    /// How long a handshake may take, from the connection to the last that the peer has to say
    /// before its messages: with ZMTP 1.0 and 2.0 its identity, with WebSocket the upgrade too. The
    /// default is 30 seconds. The peers of a `Stream` have no handshake.
    #[doc(alias = "ZMQ_HANDSHAKE_IVL")]
    HandshakeInterval handshake_interval = ZMQ_HANDSHAKE_IVL: OrForever, [get set], Socket;

    /// The SOCKS5 proxy that tcp connections go through, as `host:port`; empty for none.
    #[doc(alias = "ZMQ_SOCKS_PROXY")]
    SocksProxy socks_proxy = ZMQ_SOCKS_PROXY: Text<0, { usize::MAX }>, [get set], Socket;

    /// Whether messages that a subscriber has no room for are waited with, not dropped. The socket
    /// is then [`WRITABLE`](crate::poll::WRITABLE) while no subscriber's queue is full.
    #[doc(alias = "ZMQ_XPUB_NODROP")]
    NoDrop wait_for_subscribers = ZMQ_XPUB_NODROP: Flag, [set], { Pub XPub Radio };

    /// Whether subscriptions count only when confirmed.
    #[doc(alias = "ZMQ_XPUB_MANUAL")]
    Manual manual = ZMQ_XPUB_MANUAL: Flag, [set], { XPub };

    /// A message that each new subscriber receives first. Empty for none.
    #[doc(alias = "ZMQ_XPUB_WELCOME_MSG")]
    WelcomeMessage welcome_message = ZMQ_XPUB_WELCOME_MSG:
        Bytes<0, { usize::MAX }>, [set], { XPub };

    /// Whether empty bytes tell of each connection that comes or goes. By default they do.
    #[doc(alias = "ZMQ_STREAM_NOTIFY")]
    StreamNotify stream_notify = ZMQ_STREAM_NOTIFY: Flag, [set], { Stream };

    /// Whether a subscription receives what does not begin with its topic. Set on both sides.
    #[doc(alias = "ZMQ_INVERT_MATCHING")]
    InvertMatching invert_matching = ZMQ_INVERT_MATCHING: Flag, [get set], { Pub XPub Sub };

    /// How often a connection is checked with a heartbeat. By default never.
    #[doc(alias = "ZMQ_HEARTBEAT_IVL")]
    HeartbeatInterval heartbeat_interval = ZMQ_HEARTBEAT_IVL:
        OrOff<Millis>, [get set], Heartbeating;

    /// For how long the peer should keep the connection without hearing from this side, in tenths
    /// of a second, at most 6553.5 seconds. By default it is not told.
    #[doc(alias = "ZMQ_HEARTBEAT_TTL")]
    HeartbeatTtl heartbeat_ttl = ZMQ_HEARTBEAT_TTL: OrOff<TimeToLive>, [get set], Heartbeating;

    /// How long to wait for an answer to a heartbeat before the connection is closed. The default
    /// is the heartbeat's interval.
    #[doc(alias = "ZMQ_HEARTBEAT_TIMEOUT")]
    HeartbeatTimeout heartbeat_timeout = ZMQ_HEARTBEAT_TIMEOUT:
        OrSystem<Millis>, [get set], Heartbeating;

    /// Whether every subscription and its end is received, not only the first and the last of a
    /// topic.
    #[doc(alias = "ZMQ_XPUB_VERBOSER")]
    Verboser verboser = ZMQ_XPUB_VERBOSER: Flag, [set], { XPub };

    /// How long connecting over tcp may take. By default the system decides.
    #[doc(alias = "ZMQ_CONNECT_TIMEOUT")]
    ConnectTimeout connect_timeout = ZMQ_CONNECT_TIMEOUT: OrOff<Millis>, [get set], Socket;

    /// How long sent data may stay unacknowledged before a tcp connection is given up. By default
    /// the system decides.
    #[doc(alias = "ZMQ_TCP_MAXRT")]
    TcpMaxRetransmit tcp_max_retransmit = ZMQ_TCP_MAXRT: OrOff<Millis>, [get set], Socket;

    /// Whether threads may share the socket.
    #[doc(alias = "ZMQ_THREAD_SAFE")]
    ThreadSafe thread_safe = ZMQ_THREAD_SAFE: Flag, [get], Socket;

    /// The largest packet of multicast transports, in bytes. The default is 1500.
    #[doc(alias = "ZMQ_MULTICAST_MAXTPDU")]
    MulticastMaxTpdu multicast_max_tpdu = ZMQ_MULTICAST_MAXTPDU:
        Number<1, { i32::MAX }>, [get set], { Pub Sub XPub XSub Radio Dish };

    /// The buffer of a vmci connection, in bytes. Needs a libzmq with VMCI.
    #[doc(alias = "ZMQ_VMCI_BUFFER_SIZE")]
    VmciBufferSize vmci_buffer_size = ZMQ_VMCI_BUFFER_SIZE: Mask, [get set], Socket;

    /// The smallest buffer of a vmci connection, in bytes. Needs a libzmq with VMCI.
    #[doc(alias = "ZMQ_VMCI_BUFFER_MIN_SIZE")]
    VmciBufferMinSize vmci_buffer_min_size = ZMQ_VMCI_BUFFER_MIN_SIZE: Mask, [get set], Socket;

    /// The largest buffer of a vmci connection, in bytes. Needs a libzmq with VMCI.
    #[doc(alias = "ZMQ_VMCI_BUFFER_MAX_SIZE")]
    VmciBufferMaxSize vmci_buffer_max_size = ZMQ_VMCI_BUFFER_MAX_SIZE: Mask, [get set], Socket;

    /// How long connecting over vmci may take; `None` is the system's choice. Needs a libzmq with
    /// VMCI.
    #[doc(alias = "ZMQ_VMCI_CONNECT_TIMEOUT")]
    VmciConnectTimeout vmci_connect_timeout = ZMQ_VMCI_CONNECT_TIMEOUT:
        OrSystem<Millis>, [get set], Socket;

    /// The kind of name that the GSSAPI name of this socket is. Needs a libzmq with GSSAPI.
    #[doc(alias = "ZMQ_GSSAPI_PRINCIPAL_NAMETYPE")]
    GssapiPrincipalNametype gssapi_principal_nametype = ZMQ_GSSAPI_PRINCIPAL_NAMETYPE:
        NameType, [get set], Socket;

    /// The kind of name that the GSSAPI name of the server is. Needs a libzmq with GSSAPI.
    #[doc(alias = "ZMQ_GSSAPI_SERVICE_PRINCIPAL_NAMETYPE")]
    GssapiServicePrincipalNametype gssapi_service_principal_nametype = ZMQ_GSSAPI_SERVICE_PRINCIPAL_NAMETYPE:
        NameType,
        [get set], Socket;

    /// The network interface that connections go through, by name. Linux only, and it needs the
    /// right to do so. If the kernel refuses it, `bind` over tcp and ws fails, and a socket that
    /// connects tries again until the interface is there.
    #[doc(alias = "ZMQ_BINDTODEVICE")]
    BindToDevice bind_to_device = ZMQ_BINDTODEVICE: Text<0, 15>, [get set], Socket;

    /// Whether a peer is refused when the authentication handler cannot be asked. Giving a server a
    /// mechanism sets it (in C: not).
    #[doc(alias = "ZMQ_ZAP_ENFORCE_DOMAIN")]
    ZapEnforceDomain zap_enforce_domain = ZMQ_ZAP_ENFORCE_DOMAIN: Flag, [get set], Socket;

    /// Whether tcp over the loopback interface takes a shorter way. Windows only.
    #[doc(alias = "ZMQ_LOOPBACK_FASTPATH")]
    LoopbackFastpath loopback_fastpath = ZMQ_LOOPBACK_FASTPATH: Flag, [get set], Socket;

    /// A property that peers see on each message, as `X-name:value`. Each one set is added to those
    /// before.
    #[doc(alias = "ZMQ_METADATA")]
    Metadata metadata = ZMQ_METADATA: Text<3, { usize::MAX }>, [set], Socket;

    /// Whether what is sent by multicast over udp comes back to this host. By default it does.
    #[doc(alias = "ZMQ_MULTICAST_LOOP")]
    MulticastLoop multicast_loop = ZMQ_MULTICAST_LOOP: Flag, [get set], { Radio Dish Dgram };

    /// On what the router is told with an empty message of a peer's: that it came, that it went. By
    /// default on nothing.
    #[doc(alias = "ZMQ_ROUTER_NOTIFY")]
    Notify notify = ZMQ_ROUTER_NOTIFY: NotifyOn, [get set], { Router };

    /// Whether the next message after each subscription received goes only to the sender of that
    /// subscription, whatever the message was meant for; and subscriptions count only when
    /// confirmed. [`XPub::send_to_new_subscriber`](crate::XPub::send_to_new_subscriber), with
    /// [`Manual`](crate::opt::Manual), leaves other messages to go to all.
    #[doc(alias = "ZMQ_XPUB_MANUAL_LAST_VALUE")]
    ManualLastValue manual_last_value = ZMQ_XPUB_MANUAL_LAST_VALUE: Flag, [set], { XPub };

    /// The user name for the SOCKS5 proxy, at most 255 bytes; empty for none.
    #[doc(alias = "ZMQ_SOCKS_USERNAME")]
    SocksUsername socks_username = ZMQ_SOCKS_USERNAME: Text<0, 255>, [get set], Socket;

    /// The password for the SOCKS5 proxy, at most 255 bytes.
    #[doc(alias = "ZMQ_SOCKS_PASSWORD")]
    SocksPassword socks_password = ZMQ_SOCKS_PASSWORD: Text<0, 255>, [get set secret], Socket;

    /// How many bytes are read from a connection at once. By default this is 8192, and the
    /// connection raises it up to 262,144 by itself while much is received. A size that was set
    /// stays; the memory is taken for each connection.
    #[doc(alias = "ZMQ_IN_BATCH_SIZE")]
    InBatchSize in_batch_size = ZMQ_IN_BATCH_SIZE: Number<1, { i32::MAX }>, [get set], Socket;

    /// How many bytes are written to a connection at once. By default this is 8192, and the
    /// connection raises it up to 262,144 by itself while much is sent. A size that was set stays;
    /// the memory is taken for each connection.
    #[doc(alias = "ZMQ_OUT_BATCH_SIZE")]
    OutBatchSize out_batch_size = ZMQ_OUT_BATCH_SIZE: Number<1, { i32::MAX }>, [get set], Socket;

    /// Whether a socket that connects over ws or wss offers only the WebSocket subprotocol
    /// `ZWS2.0`, without `ZWS2.0/NULL`. By default it offers both, `ZWS2.0/NULL` first.
    ///
    /// jszmq and Python's `websockets` need this as servers: they take the first subprotocol that
    /// a client offers, or refuse a name with a slash. The peer then learns neither the type nor
    /// the metadata of this socket. Without effect where the socket has a mechanism or a
    /// [`ZapDomain`](crate::opt::ZapDomain): it authenticates its peers as before. A libzmq other
    /// than the one that this crate compiles answers with `InvalidInput`.
    #[doc(alias = "ZMQ_WS_NO_MECHANISM")]
    WsNoMechanism ws_no_mechanism = ZMQ_WS_NO_MECHANISM: Flag, [get set], Socket;

    /// The private key of a wss server, as PEM text. Needs the feature `wss`.
    #[doc(alias = "ZMQ_WSS_KEY_PEM")]
    WssKeyPem wss_key_pem = ZMQ_WSS_KEY_PEM: Text<1, { usize::MAX }>, [set secret], Socket;

    /// The certificate of a wss server, as PEM text. Needs the feature `wss`.
    #[doc(alias = "ZMQ_WSS_CERT_PEM")]
    WssCertPem wss_cert_pem = ZMQ_WSS_CERT_PEM: Text<1, { usize::MAX }>, [set], Socket;

    /// The certificate that a wss client trusts, as PEM text. Needs the feature `wss`.
    #[doc(alias = "ZMQ_WSS_TRUST_PEM")]
    WssTrustPem wss_trust_pem = ZMQ_WSS_TRUST_PEM: Text<1, { usize::MAX }>, [set], Socket;

    /// The host name that a wss client expects of the server. Needs the feature `wss`.
    #[doc(alias = "ZMQ_WSS_HOSTNAME")]
    WssHostname wss_hostname = ZMQ_WSS_HOSTNAME: Text<1, { usize::MAX }>, [set], Socket;

    /// Whether a wss client trusts the certificates that the system trusts. Needs the feature
    /// `wss`.
    #[doc(alias = "ZMQ_WSS_TRUST_SYSTEM")]
    WssTrustSystem wss_trust_system = ZMQ_WSS_TRUST_SYSTEM: Flag, [set], Socket;

    /// Whether in a message of several parts none is a subscription unless the first is. By default
    /// each part that looks like one is.
    #[doc(alias = "ZMQ_ONLY_FIRST_SUBSCRIBE")]
    OnlyFirstSubscribe only_first_subscribe = ZMQ_ONLY_FIRST_SUBSCRIBE: Flag, [set], { XPub XSub };

    /// On what to give up a connection. By default on nothing: see
    /// [`ReconnectInterval`](crate::opt::ReconnectInterval).
    #[doc(alias = "ZMQ_RECONNECT_STOP")]
    ReconnectStopOn reconnect_stop = ZMQ_RECONNECT_STOP: Stop, [get set], Socket;

    /// A message that each new peer receives first. Empty for none.
    #[doc(alias = "ZMQ_HELLO_MSG")]
    HelloMessage hello = ZMQ_HELLO_MSG:
        Bytes<0, { usize::MAX }>, [build], { Client Server Peer Router Dealer };

    /// A message that this socket receives when it loses a peer, with that peer's routing id, after
    /// the last message of the peer's. Empty for none. It cannot be told from a message of a peer's
    /// own with the same bytes.
    #[doc(alias = "ZMQ_DISCONNECT_MSG")]
    DisconnectMessage disconnect_message = ZMQ_DISCONNECT_MSG:
        Bytes<0, { usize::MAX }>, [build], { Server Peer Router };

    /// The priority of sent packets, as the Linux option `SO_PRIORITY` has it. Above 6 it needs
    /// `CAP_NET_ADMIN`: without it `bind` and `connect` over tcp and ws fail.
    #[doc(alias = "ZMQ_PRIORITY")]
    Priority priority = ZMQ_PRIORITY: Number<0, { i32::MAX }>, [get set], Socket;

    /// For how many microseconds the kernel may poll the network device before it waits, as the
    /// Linux option `SO_BUSY_POLL` has it. If the kernel refuses the value, `bind` and `connect`
    /// over tcp and ws fail. libzmq does not tell it again.
    #[doc(alias = "ZMQ_BUSY_POLL")]
    BusyPoll busy_poll = ZMQ_BUSY_POLL: Number<0, { i32::MAX }>, [set], Socket;

    /// A message that this socket receives when it loses a connection of its own making. Empty for
    /// none; not over inproc.
    #[doc(alias = "ZMQ_HICCUP_MSG")]
    HiccupMessage hiccup = ZMQ_HICCUP_MSG:
        Bytes<0, { usize::MAX }>, [build], { Client Peer Dealer };

    /// Whether every end of a subscription is sent to publishers, not only the last of a topic.
    #[doc(alias = "ZMQ_XSUB_VERBOSE_UNSUBSCRIBE")]
    VerboseUnsubscribe verbose_unsubscribe = ZMQ_XSUB_VERBOSE_UNSUBSCRIBE: Flag, [set], { XSub };

    /// How many topics there are: those subscribed to, or those that subscribers have asked for.
    #[doc(alias = "ZMQ_TOPICS_COUNT")]
    TopicsCount topics_count = ZMQ_TOPICS_COUNT:
        Number<0, { i32::MAX }>, [get], { Pub XPub Sub XSub };

    /// How norm controls congestion. Needs a libzmq with NORM.
    #[doc(alias = "ZMQ_NORM_MODE")]
    NormMode norm_mode = ZMQ_NORM_MODE: CongestionControl, [get set], { Pub Sub XPub XSub };

    /// Whether norm receivers ask for repairs by unicast. Needs a libzmq with NORM.
    #[doc(alias = "ZMQ_NORM_UNICAST_NACK")]
    NormUnicastNack norm_unicast_nack = ZMQ_NORM_UNICAST_NACK:
        Flag, [get set], { Pub Sub XPub XSub };

    /// The buffer of a norm stream, in kilobytes. Needs a libzmq with NORM.
    #[doc(alias = "ZMQ_NORM_BUFFER_SIZE")]
    NormBufferSize norm_buffer_size = ZMQ_NORM_BUFFER_SIZE:
        Number<1, { i32::MAX }>, [get set], { Pub Sub XPub XSub };

    /// The size of a norm segment, in bytes. Needs a libzmq with NORM.
    #[doc(alias = "ZMQ_NORM_SEGMENT_SIZE")]
    NormSegmentSize norm_segment_size = ZMQ_NORM_SEGMENT_SIZE:
        Number<1, { i32::MAX }>, [get set], { Pub Sub XPub XSub };

    /// How many segments a norm block has. Needs a libzmq with NORM.
    #[doc(alias = "ZMQ_NORM_BLOCK_SIZE")]
    NormBlockSize norm_block_size = ZMQ_NORM_BLOCK_SIZE:
        Number<1, 255>, [get set], { Pub Sub XPub XSub };

    /// How many parity segments norm computes for a block. Needs a libzmq with NORM.
    #[doc(alias = "ZMQ_NORM_NUM_PARITY")]
    NormParity norm_parity = ZMQ_NORM_NUM_PARITY: Number<0, 254>, [get set], { Pub Sub XPub XSub };

    /// How many parity segments norm sends unasked for a block. Needs a libzmq with NORM.
    #[doc(alias = "ZMQ_NORM_NUM_AUTOPARITY")]
    NormAutoparity norm_autoparity = ZMQ_NORM_NUM_AUTOPARITY:
        Number<0, 254>, [get set], { Pub Sub XPub XSub };

    /// Whether a norm sender overwrites what was not acknowledged in place of waiting. Needs a
    /// libzmq with NORM.
    #[doc(alias = "ZMQ_NORM_PUSH")]
    NormPush norm_push = ZMQ_NORM_PUSH: Flag, [get set], { Pub Sub XPub XSub };
        }
    };
}

pub(crate) use option_table;
