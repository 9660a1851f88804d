//! The table of socket options. It is data; four files read it.

/// Calls `$reader!` with the table, in the order of the C header. A line is
///
/// `Name name = ZMQ_NAME: Codec, [access], takers;`
///
/// - Access is `get`, `set`, `build` (can be set only before the first `bind` or `connect`), and
///   `secret` (must not be printed).
/// - Takers is a trait of the socket types that accept the option, or a list of types in braces.
macro_rules! option_table {
    ($reader:ident) => {
        $reader! {
    /// The I/O threads that serve new connections: bit 0 for the first thread, and so on. Zero, the
    /// default, means all threads.
    #[doc(alias = "ZMQ_AFFINITY")]
    Affinity affinity = ZMQ_AFFINITY: Mask, [get set], Socket;

    /// The identity by which a [`Router`](crate::Router) knows this socket: 1 to 255 bytes.
    ///
    /// By default the router makes one up, which begins with a zero byte. Set it before `connect`.
    /// The socket keeps the identity when it reconnects.
    #[doc(alias = "set_identity")]
    #[doc(alias = "ZMQ_ROUTING_ID")]
    #[doc(alias = "ZMQ_IDENTITY")]
    #[doc(alias = "set_routing_id")]
    #[doc(alias = "routingId")]
    #[doc(alias = "IDENTITY")]
    RoutingIdentity routing_identity = ZMQ_ROUTING_ID:
        Bytes<1, 255>, [get set], { Req Rep Dealer Router };

    /// The maximum rate of multicast transports, in kilobits per second. The default is 100.
    #[doc(alias = "ZMQ_RATE")]
    Rate rate = ZMQ_RATE: Number<1, { i32::MAX }>, [get set], { Pub Sub XPub XSub Radio Dish };

    /// How long a multicast receiver can be absent without losing data. The default is 10 seconds.
    #[doc(alias = "ZMQ_RECOVERY_IVL")]
    RecoveryInterval recovery_interval = ZMQ_RECOVERY_IVL:
        Millis, [get set], { Pub Sub XPub XSub Radio Dish };

    /// The size of the kernel's send buffer of each connection, in bytes. By default (`None`) the
    /// system chooses.
    #[doc(alias = "ZMQ_SNDBUF")]
    SendBuffer send_buffer = ZMQ_SNDBUF: OrSystem<Number<0, { i32::MAX }>>, [get set], Socket;

    /// The size of the kernel's receive buffer of each connection, in bytes. By default (`None`)
    /// the system chooses.
    #[doc(alias = "ZMQ_RCVBUF")]
    RecvBuffer recv_buffer = ZMQ_RCVBUF: OrSystem<Number<0, { i32::MAX }>>, [get set], Socket;

    /// Whether the socket is readable and writable, as a poller would report it.
    ///
    /// A [`Server`](crate::Server), [`Peer`](crate::Peer) or [`Router`](crate::Router) is always
    /// writable, since that depends on the peer.
    #[doc(alias = "ZMQ_EVENTS")]
    #[doc(alias = "EVENTS")]
    #[doc(alias = "get_events")]
    ReadyEvents ready_events = ZMQ_EVENTS: Readiness, [get], Socket;

    /// The type of the socket.
    #[doc(alias = "ZMQ_TYPE")]
    #[doc(alias = "get_socket_type")]
    Type socket_type = ZMQ_TYPE: TypeNumber, [get], Socket;

    /// How long I/O threads go on sending queued messages after the socket was dropped. The default
    /// is 30 seconds (C: infinite).
    ///
    /// Zero drops the queued messages, except over inproc, where they are at the peer already.
    /// After the period has passed, the messages that are left are dropped.
    #[doc(alias = "ZMQ_LINGER")]
    #[doc(alias = "set_linger")]
    #[doc(alias = "LINGER")]
    Linger linger = ZMQ_LINGER: Timeout, [get set], Socket;

    /// How long the I/O thread waits before it reconnects. The default is 100 ms. With `None` it never
    /// does, and gives a connection up whose first attempt fails.
    ///
    /// The wait is longer by a random time of up to the same length. The I/O thread also reconnects
    /// if the peer has another socket type or mechanism, or sent a message that is too long, since
    /// another peer may be there later. If the peer refuses the credentials, it does not try again.
    /// [`ReconnectStopOn`](crate::opt::ReconnectStopOn) adds other causes that end a connection. A
    /// [monitor](crate::monitor) reports each failure.
    #[doc(alias = "ZMQ_RECONNECT_IVL")]
    #[doc(alias = "set_reconnect_ivl")]
    #[doc(alias = "RECONNECT_IVL")]
    ReconnectInterval reconnect_interval = ZMQ_RECONNECT_IVL: OrSystem<Millis>, [get set], Socket;

    /// How many connections the kernel queues before the I/O thread accepts them. The default is
    /// 100.
    #[doc(alias = "ZMQ_BACKLOG")]
    Backlog backlog = ZMQ_BACKLOG: Number<0, { i32::MAX }>, [get set], Socket;

    /// The maximum wait before a reconnect. Each failure doubles the wait up to this value, until a
    /// handshake succeeds. By default (`None`) the wait is not doubled.
    #[doc(alias = "ZMQ_RECONNECT_IVL_MAX")]
    #[doc(alias = "set_reconnect_ivl_max")]
    ReconnectIntervalMax reconnect_interval_max = ZMQ_RECONNECT_IVL_MAX:
        OrOff<Millis>, [get set], Socket;

    /// The maximum size in bytes of a message that a peer may send. The default is 1 GiB (C: no
    /// limit); `None` means no limit.
    ///
    /// The socket disconnects a peer that announces a larger message, before it allocates memory. A
    /// [monitor](crate::monitor) reports
    /// [`MessageTooLong`](crate::monitor::DisconnectReason::MessageTooLong). The limit also applies
    /// to the commands of the handshake, which can have some hundred bytes.
    ///
    /// The frames of a multipart message count together, with the envelope. If there are more than
    /// 65,536 frames, each counts as at least 64 bytes.
    #[doc(alias = "ZMQ_MAXMSGSIZE")]
    #[doc(alias = "set_maxmsgsize")]
    #[doc(alias = "maxMessageSize")]
    MaxMsgSize max_msg_size = ZMQ_MAXMSGSIZE: MaxSize, [get set], Socket;

    /// The high water mark for sending: how many messages may be queued for one peer. The default
    /// is 1000; zero means no limit.
    ///
    /// In the mute state the socket blocks or drops messages: see the page of the socket type. Up
    /// to a mark of 16 the queue holds exactly that many messages. Above 16 it holds at least 16
    /// and at least half of the mark, because the reader reports in steps what it has read. Over
    /// inproc the marks of both sockets add up. Subscriptions and joins are not limited.
    #[doc(alias = "ZMQ_SNDHWM")]
    #[doc(alias = "SNDHWM")]
    #[doc(alias = "HWM")]
    #[doc(alias = "set_sndhwm")]
    #[doc(alias = "sendHighWaterMark")]
    #[doc(alias = "high_water_mark")]
    SendHwm send_hwm = ZMQ_SNDHWM: Mark, [get build], Sends;

    /// The high water mark for receiving: how many messages of one peer may be queued. The default
    /// is 1000; zero means no limit.
    ///
    /// The messages of a peer that has gone stay in the queue until they are received. Until then
    /// each such peer takes about 5 kB besides its messages.
    #[doc(alias = "ZMQ_RCVHWM")]
    #[doc(alias = "RCVHWM")]
    #[doc(alias = "HWM")]
    #[doc(alias = "set_rcvhwm")]
    #[doc(alias = "receiveHighWaterMark")]
    #[doc(alias = "high_water_mark")]
    RecvHwm recv_hwm = ZMQ_RCVHWM: Mark, [get build], Receives;

    /// How many networks a multicast packet may cross. The default is 1.
    #[doc(alias = "ZMQ_MULTICAST_HOPS")]
    MulticastHops multicast_hops = ZMQ_MULTICAST_HOPS:
        Number<1, 255>, [get set], { Pub Sub XPub XSub Radio Dish Dgram };

    /// How long a call that receives blocks at most. The default is infinite. The resolution is 1
    /// ms.
    #[doc(alias = "ZMQ_RCVTIMEO")]
    #[doc(alias = "RCVTIMEO")]
    #[doc(alias = "set_rcvtimeo")]
    #[doc(alias = "receiveTimeout")]
    RecvTimeout recv_timeout = ZMQ_RCVTIMEO: Timeout, [get set], Receives;

    /// How long a call that sends blocks at most. The default is infinite. The resolution is 1 ms.
    #[doc(alias = "ZMQ_SNDTIMEO")]
    #[doc(alias = "SNDTIMEO")]
    #[doc(alias = "set_sndtimeo")]
    #[doc(alias = "sendTimeout")]
    SendTimeout send_timeout = ZMQ_SNDTIMEO: Timeout, [get set], Sends;

    /// The endpoint that the socket was last bound or connected to, with the port that the system
    /// assigned. `None` before.
    #[doc(alias = "ZMQ_LAST_ENDPOINT")]
    #[doc(alias = "LAST_ENDPOINT")]
    #[doc(alias = "get_last_endpoint")]
    LastEndpoint last_endpoint = ZMQ_LAST_ENDPOINT: Address, [get], Socket;

    /// Whether a message to an unknown identity returns
    /// [`HostUnreachable`](crate::ErrorKind::HostUnreachable), and a message to a peer whose queue
    /// is at its high water mark blocks. By default the router drops both silently.
    #[doc(alias = "ZMQ_ROUTER_MANDATORY")]
    #[doc(alias = "ZMQ_FAIL_UNROUTABLE")]
    #[doc(alias = "ZMQ_ROUTER_BEHAVIOR")]
    #[doc(alias = "set_router_mandatory")]
    #[doc(alias = "ROUTER_MANDATORY")]
    Mandatory mandatory = ZMQ_ROUTER_MANDATORY: Flag, [set], { Router };

    /// Whether the kernel sends keepalive probes on silent tcp connections. By default (`None`) the
    /// system decides.
    #[doc(alias = "ZMQ_TCP_KEEPALIVE")]
    TcpKeepalive tcp_keepalive = ZMQ_TCP_KEEPALIVE: OrSystem<Flag>, [get set], Socket;

    /// After how many unanswered keepalive probes the kernel ends a tcp connection. By default
    /// (`None`) the system decides.
    ///
    /// If the kernel refuses this or another keepalive option, `bind` and `connect` fail.
    #[doc(alias = "ZMQ_TCP_KEEPALIVE_CNT")]
    TcpKeepaliveCount tcp_keepalive_count = ZMQ_TCP_KEEPALIVE_CNT:
        OrSystem<Number<0, { i32::MAX }>>, [get set], Socket;

    /// After how much silence the kernel sends the first keepalive probe on a tcp connection, in
    /// whole seconds. By default (`None`) the system decides.
    #[doc(alias = "ZMQ_TCP_KEEPALIVE_IDLE")]
    TcpKeepaliveIdle tcp_keepalive_idle = ZMQ_TCP_KEEPALIVE_IDLE:
        OrSystem<Seconds>, [get set], Socket;

    /// The time between two keepalive probes on a tcp connection, in whole seconds. By default
    /// (`None`) the system decides.
    #[doc(alias = "ZMQ_TCP_KEEPALIVE_INTVL")]
    TcpKeepaliveInterval tcp_keepalive_interval = ZMQ_TCP_KEEPALIVE_INTVL:
        OrSystem<Seconds>, [get set], Socket;

    /// The addresses that may connect over tcp, as `address/bits`. Each value is added to the
    /// filter; empty text removes the filter.
    ///
    /// An authentication (ZAP) handler is the better way. Another libzmq than the vendored one lets
    /// every IPv4 peer pass an IPv4 filter while IPv6 is on; there the value is refused.
    #[doc(alias = "ZMQ_TCP_ACCEPT_FILTER")]
    TcpAcceptFilter tcp_accept_filter = ZMQ_TCP_ACCEPT_FILTER: AcceptFilter, [set], Socket;

    /// Whether messages are queued for completed connections only. By default a connection over tcp
    /// or ipc has a queue from the call of `connect` on.
    #[doc(alias = "ZMQ_IMMEDIATE")]
    #[doc(alias = "ZMQ_DELAY_ATTACH_ON_CONNECT")]
    #[doc(alias = "set_immediate")]
    Immediate immediate = ZMQ_IMMEDIATE: Flag, [get set], Socket;

    /// Whether the xpub receives every subscription, not only the first to a topic. The default is
    /// `false`.
    #[doc(alias = "ZMQ_XPUB_VERBOSE")]
    Verbose verbose = ZMQ_XPUB_VERBOSE: Flag, [set], { XPub };

    /// Whether the socket uses IPv6 besides IPv4. The default is that of the context: `true` (C:
    /// `false`).
    ///
    /// If a name has addresses of both families, the I/O thread tries the IPv6 address first and
    /// then, if that fails, the IPv4 address at once. Another libzmq than the vendored one does not
    /// try the second address.
    #[doc(alias = "ZMQ_IPV6")]
    #[doc(alias = "set_ipv6")]
    #[doc(alias = "IPV4ONLY")]
    Ipv6 ipv6 = ZMQ_IPV6: Flag, [get set], Socket;

    /// Whether the socket sends an empty message to each new peer, so that a
    /// [`Router`](crate::Router) there learns its identity at once. The default is `false`.
    #[doc(alias = "ZMQ_PROBE_ROUTER")]
    ProbeRouter probe_router = ZMQ_PROBE_ROUTER: Flag, [set], { Req Dealer Router };

    /// Whether the req adds a number to each request and discards replies that have another one.
    /// The default is `false`.
    ///
    /// Use it together with [`Relaxed`](crate::opt::Relaxed). The peer must return the whole
    /// envelope, as a [`Rep`](crate::Rep) does.
    #[doc(alias = "ZMQ_REQ_CORRELATE")]
    #[doc(alias = "set_req_correlate")]
    #[doc(alias = "REQ_CORRELATE")]
    Correlate correlate = ZMQ_REQ_CORRELATE: Flag, [set], { Req };

    /// Whether the req may send another request before it has received the reply to the last one,
    /// which is then discarded. The default is `false`.
    #[doc(alias = "ZMQ_REQ_RELAXED")]
    #[doc(alias = "set_req_relaxed")]
    #[doc(alias = "REQ_RELAXED")]
    Relaxed relaxed = ZMQ_REQ_RELAXED: Flag, [set], { Req };

    /// Whether each queue keeps only the last message. The default is `false`.
    ///
    /// Messages must have a single frame. Over inproc both sockets share a queue, and the option
    /// takes effect if either of them sets it. Another libzmq than the vendored one can lose the
    /// last message until another one follows.
    #[doc(alias = "ZMQ_CONFLATE")]
    #[doc(alias = "CONFLATE")]
    Conflate conflate = ZMQ_CONFLATE: Flag, [get build], { Pull Push Sub Pub Dealer };

    /// The domain that the socket passes to the authentication (ZAP) handler: at most 255 bytes.
    ///
    /// By default it is empty, and the handler is not asked. Setting a mechanism of a server sets
    /// it to `global`.
    #[doc(alias = "ZMQ_ZAP_DOMAIN")]
    ZapDomain zap_domain = ZMQ_ZAP_DOMAIN: Text<1, 255>, [get set], Socket;

    /// Whether a new peer takes over the identity of a connected one, which is then disconnected.
    /// By default the router refuses the new peer.
    #[doc(alias = "ZMQ_ROUTER_HANDOVER")]
    #[doc(alias = "set_router_handover")]
    #[doc(alias = "ROUTER_HANDOVER")]
    Handover handover = ZMQ_ROUTER_HANDOVER: Flag, [set], { Router };

    /// The type-of-service byte of sent IP packets. The default is 0.
    #[doc(alias = "ZMQ_TOS")]
    TypeOfService type_of_service = ZMQ_TOS: Number<0, 255>, [get set], Socket;

    /// The process ids that may connect over ipc. Each value is added.
    ///
    /// Deprecated in C: an authentication (ZAP) handler is the better way.
    #[doc(alias = "ZMQ_IPC_FILTER_PID")]
    IpcFilterPid ipc_filter_pid = ZMQ_IPC_FILTER_PID: Number<0, { i32::MAX }>, [set], Socket;

    /// The user ids that may connect over ipc. Each value is added.
    ///
    /// Deprecated in C: an authentication (ZAP) handler is the better way.
    #[doc(alias = "ZMQ_IPC_FILTER_UID")]
    IpcFilterUid ipc_filter_uid = ZMQ_IPC_FILTER_UID: Number<0, { i32::MAX }>, [set], Socket;

    /// The group ids that may connect over ipc. Each value is added.
    ///
    /// Deprecated in C: an authentication (ZAP) handler is the better way.
    #[doc(alias = "ZMQ_IPC_FILTER_GID")]
    IpcFilterGid ipc_filter_gid = ZMQ_IPC_FILTER_GID: Number<0, { i32::MAX }>, [set], Socket;

    /// The identity of the peer that the next `connect` connects to: 1 to 255 bytes.
    ///
    /// [`Router::connect_as`](crate::Router::connect_as) and
    /// [`Stream::connect_as`](crate::Stream::connect_as) set it for one call. If `connect` fails,
    /// the identity is not used.
    #[doc(alias = "ZMQ_CONNECT_ROUTING_ID")]
    #[doc(alias = "ZMQ_CONNECT_RID")]
    #[doc(alias = "set_connect_routing_id")]
    ConnectRoutingIdentity connect_routing_identity = ZMQ_CONNECT_ROUTING_ID:
        Bytes<1, 255>, [set], { Router Stream };

    /// Whether the socket is a GSSAPI server. Needs a libzmq with GSSAPI.
    #[doc(alias = "ZMQ_GSSAPI_SERVER")]
    GssapiServer gssapi_server = ZMQ_GSSAPI_SERVER: Flag, [get set], Socket;

    /// The GSSAPI principal of this socket: at most 255 bytes. Needs a libzmq with GSSAPI.
    #[doc(alias = "ZMQ_GSSAPI_PRINCIPAL")]
    GssapiPrincipal gssapi_principal = ZMQ_GSSAPI_PRINCIPAL: Text<1, 255>, [get set], Socket;

    /// The GSSAPI principal of the server: at most 255 bytes. Needs a libzmq with GSSAPI.
    #[doc(alias = "ZMQ_GSSAPI_SERVICE_PRINCIPAL")]
    GssapiServicePrincipal gssapi_service_principal = ZMQ_GSSAPI_SERVICE_PRINCIPAL:
        Text<1, 255>, [get set], Socket;

    /// Whether GSSAPI authenticates without encryption. The default is `false`. Needs a libzmq with
    /// GSSAPI.
    #[doc(alias = "ZMQ_GSSAPI_PLAINTEXT")]
    GssapiPlaintext gssapi_plaintext = ZMQ_GSSAPI_PLAINTEXT: Flag, [get set], Socket;

    /// How long a handshake may take. The default is 30 seconds.
    ///
    /// The time begins with the connection and ends when the peer can send messages. It includes
    /// the WebSocket upgrade, and with ZMTP 1.0 and 2.0 the peer's identity. The peers of a
    /// [`Stream`](crate::Stream) have no handshake.
    #[doc(alias = "ZMQ_HANDSHAKE_IVL")]
    HandshakeInterval handshake_interval = ZMQ_HANDSHAKE_IVL: OrForever, [get set], Socket;

    /// The SOCKS5 proxy of outgoing tcp connections, as `host:port`. Empty text, the default, means
    /// none.
    #[doc(alias = "ZMQ_SOCKS_PROXY")]
    SocksProxy socks_proxy = ZMQ_SOCKS_PROXY: Text<0, { usize::MAX }>, [get set], Socket;

    /// Whether the socket blocks instead of dropping messages when a subscriber's queue reaches its
    /// high water mark. The default is `false`.
    ///
    /// With it, the socket is [`WRITABLE`](crate::poll::WRITABLE) while no subscriber's queue is
    /// full.
    #[doc(alias = "ZMQ_XPUB_NODROP")]
    #[doc(alias = "set_xpub_nodrop")]
    #[doc(alias = "XPUB_NODROP")]
    NoDrop wait_for_subscribers = ZMQ_XPUB_NODROP: Flag, [set], { Pub XPub Radio };

    /// Whether a subscription takes effect only when [`XPub::subscribe`](crate::XPub::subscribe)
    /// confirms it. The default is `false`.
    #[doc(alias = "ZMQ_XPUB_MANUAL")]
    Manual manual = ZMQ_XPUB_MANUAL: Flag, [set], { XPub };

    /// The message that each new subscriber receives first. Empty, the default, means none.
    #[doc(alias = "ZMQ_XPUB_WELCOME_MSG")]
    WelcomeMessage welcome_message = ZMQ_XPUB_WELCOME_MSG:
        Bytes<0, { usize::MAX }>, [set], { XPub };

    /// Whether the stream receives an empty message when a connection was made or has ended. The
    /// default is `true`.
    #[doc(alias = "ZMQ_STREAM_NOTIFY")]
    StreamNotify stream_notify = ZMQ_STREAM_NOTIFY: Flag, [set], { Stream };

    /// Whether a subscription matches the messages that do not begin with its topic. The default is
    /// `false`. Set it on the publisher and on the subscriber.
    #[doc(alias = "ZMQ_INVERT_MATCHING")]
    InvertMatching invert_matching = ZMQ_INVERT_MATCHING: Flag, [get set], { Pub XPub Sub };

    /// How often the socket sends a heartbeat to each peer. By default (`None`) never.
    ///
    /// See [`Heartbeat`](crate::Heartbeat).
    #[doc(alias = "ZMQ_HEARTBEAT_IVL")]
    #[doc(alias = "set_heartbeat_ivl")]
    #[doc(alias = "HEARTBEAT_IVL")]
    HeartbeatInterval heartbeat_interval = ZMQ_HEARTBEAT_IVL:
        OrOff<Millis>, [get set], Heartbeating;

    /// After how long the peer disconnects if it receives nothing: at most 6553.5 seconds, with a
    /// resolution of 0.1 seconds. By default (`None`) never.
    ///
    /// See [`Heartbeat`](crate::Heartbeat).
    #[doc(alias = "ZMQ_HEARTBEAT_TTL")]
    #[doc(alias = "set_heartbeat_ttl")]
    HeartbeatTtl heartbeat_ttl = ZMQ_HEARTBEAT_TTL: OrOff<TimeToLive>, [get set], Heartbeating;

    /// How long the socket waits for an answer to a heartbeat before it disconnects the peer. The
    /// default (`None`) is the interval of the heartbeats.
    ///
    /// See [`Heartbeat`](crate::Heartbeat).
    #[doc(alias = "ZMQ_HEARTBEAT_TIMEOUT")]
    #[doc(alias = "set_heartbeat_timeout")]
    HeartbeatTimeout heartbeat_timeout = ZMQ_HEARTBEAT_TIMEOUT:
        OrSystem<Millis>, [get set], Heartbeating;

    /// Whether the xpub receives every subscription and every unsubscription, not only the first
    /// and the last of a topic. The default is `false`.
    #[doc(alias = "ZMQ_XPUB_VERBOSER")]
    Verboser verboser = ZMQ_XPUB_VERBOSER: Flag, [set], { XPub };

    /// How long connecting over tcp may take. By default (`None`) the system decides.
    #[doc(alias = "ZMQ_CONNECT_TIMEOUT")]
    ConnectTimeout connect_timeout = ZMQ_CONNECT_TIMEOUT: OrOff<Millis>, [get set], Socket;

    /// How long sent data may stay unacknowledged before the kernel ends a tcp connection. By
    /// default (`None`) the system decides.
    #[doc(alias = "ZMQ_TCP_MAXRT")]
    TcpMaxRetransmit tcp_max_retransmit = ZMQ_TCP_MAXRT: OrOff<Millis>, [get set], Socket;

    /// Whether the socket is thread-safe.
    #[doc(alias = "ZMQ_THREAD_SAFE")]
    ThreadSafe thread_safe = ZMQ_THREAD_SAFE: Flag, [get], Socket;

    /// The maximum size of a packet of multicast transports, in bytes. The default is 1500.
    #[doc(alias = "ZMQ_MULTICAST_MAXTPDU")]
    MulticastMaxTpdu multicast_max_tpdu = ZMQ_MULTICAST_MAXTPDU:
        Number<1, { i32::MAX }>, [get set], { Pub Sub XPub XSub Radio Dish };

    /// The size of the buffer of a vmci connection, in bytes. Needs a libzmq with VMCI.
    #[doc(alias = "ZMQ_VMCI_BUFFER_SIZE")]
    VmciBufferSize vmci_buffer_size = ZMQ_VMCI_BUFFER_SIZE: Mask, [get set], Socket;

    /// The minimum size of the buffer of a vmci connection, in bytes. Needs a libzmq with VMCI.
    #[doc(alias = "ZMQ_VMCI_BUFFER_MIN_SIZE")]
    VmciBufferMinSize vmci_buffer_min_size = ZMQ_VMCI_BUFFER_MIN_SIZE: Mask, [get set], Socket;

    /// The maximum size of the buffer of a vmci connection, in bytes. Needs a libzmq with VMCI.
    #[doc(alias = "ZMQ_VMCI_BUFFER_MAX_SIZE")]
    VmciBufferMaxSize vmci_buffer_max_size = ZMQ_VMCI_BUFFER_MAX_SIZE: Mask, [get set], Socket;

    /// How long connecting over vmci may take. With `None` the system decides. Needs a libzmq with
    /// VMCI.
    #[doc(alias = "ZMQ_VMCI_CONNECT_TIMEOUT")]
    VmciConnectTimeout vmci_connect_timeout = ZMQ_VMCI_CONNECT_TIMEOUT:
        OrSystem<Millis>, [get set], Socket;

    /// The name type of the GSSAPI principal of this socket. Needs a libzmq with GSSAPI.
    #[doc(alias = "ZMQ_GSSAPI_PRINCIPAL_NAMETYPE")]
    GssapiPrincipalNametype gssapi_principal_nametype = ZMQ_GSSAPI_PRINCIPAL_NAMETYPE:
        NameType, [get set], Socket;

    /// The name type of the GSSAPI principal of the server. Needs a libzmq with GSSAPI.
    #[doc(alias = "ZMQ_GSSAPI_SERVICE_PRINCIPAL_NAMETYPE")]
    GssapiServicePrincipalNametype gssapi_service_principal_nametype = ZMQ_GSSAPI_SERVICE_PRINCIPAL_NAMETYPE:
        NameType,
        [get set], Socket;

    /// The name of the network interface that all connections use. Empty, the default, means any.
    /// Linux only; it may need `CAP_NET_RAW`.
    ///
    /// If the kernel refuses it, `bind` over tcp and ws fails, and a socket that connects tries
    /// again until the interface is there.
    #[doc(alias = "ZMQ_BINDTODEVICE")]
    BindToDevice bind_to_device = ZMQ_BINDTODEVICE: Text<0, 15>, [get set], Socket;

    /// Whether the socket refuses peers when no authentication (ZAP) handler is running. Setting a
    /// mechanism of a server sets it to `true` (C: `false`).
    #[doc(alias = "ZMQ_ZAP_ENFORCE_DOMAIN")]
    ZapEnforceDomain zap_enforce_domain = ZMQ_ZAP_ENFORCE_DOMAIN: Flag, [get set], Socket;

    /// Whether tcp over the loopback interface uses the fast path of Windows. The default is
    /// `false`. Windows only.
    #[doc(alias = "ZMQ_LOOPBACK_FASTPATH")]
    LoopbackFastpath loopback_fastpath = ZMQ_LOOPBACK_FASTPATH: Flag, [get set], Socket;

    /// A property that peers can read on each message, as `X-name:value`. Each value is added.
    ///
    /// [`Msg::property`](crate::Msg::property) reads it at the peer.
    #[doc(alias = "ZMQ_METADATA")]
    Metadata metadata = ZMQ_METADATA: Text<3, { usize::MAX }>, [set], Socket;

    /// Whether messages that this socket multicasts over udp are also received on this host. The
    /// default is `true`.
    #[doc(alias = "ZMQ_MULTICAST_LOOP")]
    MulticastLoop multicast_loop = ZMQ_MULTICAST_LOOP: Flag, [get set], { Radio Dish Dgram };

    /// Whether the router receives an empty message from a peer that has connected or disconnected.
    /// By default neither.
    #[doc(alias = "ZMQ_ROUTER_NOTIFY")]
    Notify notify = ZMQ_ROUTER_NOTIFY: NotifyOn, [get set], { Router };

    /// Whether the next message after each received subscription goes only to the sender of that
    /// subscription, whatever message that is. It also includes [`Manual`](crate::opt::Manual). The
    /// default is `false`.
    ///
    /// Use [`XPub::send_to_new_subscriber`](crate::XPub::send_to_new_subscriber) with `Manual`
    /// instead, where every other message goes to all subscribers.
    #[doc(alias = "ZMQ_XPUB_MANUAL_LAST_VALUE")]
    ManualLastValue manual_last_value = ZMQ_XPUB_MANUAL_LAST_VALUE: Flag, [set], { XPub };

    /// The user name for the SOCKS5 proxy: at most 255 bytes. Empty, the default, means none.
    #[doc(alias = "ZMQ_SOCKS_USERNAME")]
    SocksUsername socks_username = ZMQ_SOCKS_USERNAME: Text<0, 255>, [get set], Socket;

    /// The password for the SOCKS5 proxy: at most 255 bytes.
    #[doc(alias = "ZMQ_SOCKS_PASSWORD")]
    SocksPassword socks_password = ZMQ_SOCKS_PASSWORD: Text<0, 255>, [get set secret], Socket;

    /// How many bytes the I/O thread reads from a connection at once.
    ///
    /// By default it is 8192, and each connection raises it up to 262,144 while it receives much. A
    /// value that was set stays. The buffer is allocated for each connection.
    #[doc(alias = "ZMQ_IN_BATCH_SIZE")]
    InBatchSize in_batch_size = ZMQ_IN_BATCH_SIZE: Number<1, { i32::MAX }>, [get set], Socket;

    /// How many bytes the I/O thread writes to a connection at once.
    ///
    /// By default it is 8192, and each connection raises it up to 262,144 while it sends much. A
    /// value that was set stays. The buffer is allocated for each connection.
    #[doc(alias = "ZMQ_OUT_BATCH_SIZE")]
    OutBatchSize out_batch_size = ZMQ_OUT_BATCH_SIZE: Number<1, { i32::MAX }>, [get set], Socket;

    /// Whether a socket that connects over ws or wss offers only the WebSocket subprotocol
    /// `ZWS2.0`. By default it offers `ZWS2.0/NULL` and then `ZWS2.0`.
    ///
    /// jszmq and Python's `websockets` need this as servers: they accept the first subprotocol that
    /// a client offers, or refuse a name with a slash. The peer then learns neither the type nor
    /// the metadata of this socket. The option has no effect if the socket has a mechanism or a
    /// [`ZapDomain`](crate::opt::ZapDomain): it authenticates its peers as before. Another libzmq
    /// than the vendored one returns [`InvalidInput`](crate::ErrorKind::InvalidInput).
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

    /// The host name that a wss client expects in the certificate of the server. Needs the feature
    /// `wss`.
    #[doc(alias = "ZMQ_WSS_HOSTNAME")]
    WssHostname wss_hostname = ZMQ_WSS_HOSTNAME: Text<1, { usize::MAX }>, [set], Socket;

    /// Whether a wss client trusts the certificates that the system trusts. Needs the feature
    /// `wss`.
    #[doc(alias = "ZMQ_WSS_TRUST_SYSTEM")]
    WssTrustSystem wss_trust_system = ZMQ_WSS_TRUST_SYSTEM: Flag, [set], Socket;

    /// Whether only the first frame of a multipart message can be a subscription. By default each
    /// frame that looks like a subscription is one. A message that begins with another frame is
    /// received whole all the same.
    #[doc(alias = "ZMQ_ONLY_FIRST_SUBSCRIBE")]
    OnlyFirstSubscribe only_first_subscribe = ZMQ_ONLY_FIRST_SUBSCRIBE: Flag, [set], { XPub XSub };

    /// The causes that end a connection instead of a reconnect. By default none: see
    /// [`ReconnectInterval`](crate::opt::ReconnectInterval).
    #[doc(alias = "ZMQ_RECONNECT_STOP")]
    ReconnectStopOn reconnect_stop = ZMQ_RECONNECT_STOP: Stop, [get set], Socket;

    /// The message that each new peer receives first. Empty, the default, means none.
    #[doc(alias = "ZMQ_HELLO_MSG")]
    HelloMessage hello = ZMQ_HELLO_MSG:
        Bytes<0, { usize::MAX }>, [build], { Client Server Peer Router Dealer };

    /// The message that this socket receives when it loses a peer. It carries the peer's routing id
    /// or identity, and comes after the peer's last message. Empty, the default, means none.
    ///
    /// A peer can send a message with the same bytes; they cannot be told apart.
    #[doc(alias = "ZMQ_DISCONNECT_MSG")]
    DisconnectMessage disconnect_message = ZMQ_DISCONNECT_MSG:
        Bytes<0, { usize::MAX }>, [build], { Server Peer Router };

    /// The priority of sent packets: the Linux option `SO_PRIORITY`.
    ///
    /// Above 6 it needs `CAP_NET_ADMIN`; without it `bind` and `connect` over tcp and ws fail.
    #[doc(alias = "ZMQ_PRIORITY")]
    Priority priority = ZMQ_PRIORITY: Number<0, { i32::MAX }>, [get set], Socket;

    /// For how many microseconds the kernel may poll the network device before it waits: the Linux
    /// option `SO_BUSY_POLL`.
    ///
    /// If the kernel refuses the value, `bind` and `connect` over tcp and ws fail. The option
    /// cannot be read.
    #[doc(alias = "ZMQ_BUSY_POLL")]
    BusyPoll busy_poll = ZMQ_BUSY_POLL: Number<0, { i32::MAX }>, [set], Socket;

    /// The message that this socket receives when it loses a connection that it made. Empty, the
    /// default, means none. Not over inproc.
    #[doc(alias = "ZMQ_HICCUP_MSG")]
    HiccupMessage hiccup = ZMQ_HICCUP_MSG:
        Bytes<0, { usize::MAX }>, [build], { Client Peer Dealer };

    /// Whether the xsub sends every unsubscription to the publishers, not only the last of a topic.
    /// The default is `false`.
    #[doc(alias = "ZMQ_XSUB_VERBOSE_UNSUBSCRIBE")]
    VerboseUnsubscribe verbose_unsubscribe = ZMQ_XSUB_VERBOSE_UNSUBSCRIBE: Flag, [set], { XSub };

    /// The number of topics: those that the socket has subscribed to, or those that its subscribers
    /// have.
    #[doc(alias = "ZMQ_TOPICS_COUNT")]
    TopicsCount topics_count = ZMQ_TOPICS_COUNT:
        Number<0, { i32::MAX }>, [get], { Pub XPub Sub XSub };

    /// How norm controls congestion. Needs a libzmq with NORM.
    #[doc(alias = "ZMQ_NORM_MODE")]
    NormMode norm_mode = ZMQ_NORM_MODE: CongestionControl, [get set], { Pub Sub XPub XSub };

    /// Whether norm receivers request repairs by unicast. The default is `false`. Needs a libzmq
    /// with NORM.
    #[doc(alias = "ZMQ_NORM_UNICAST_NACK")]
    NormUnicastNack norm_unicast_nack = ZMQ_NORM_UNICAST_NACK:
        Flag, [get set], { Pub Sub XPub XSub };

    /// The size of the buffer of a norm stream, in kilobytes. Needs a libzmq with NORM.
    #[doc(alias = "ZMQ_NORM_BUFFER_SIZE")]
    NormBufferSize norm_buffer_size = ZMQ_NORM_BUFFER_SIZE:
        Number<1, { i32::MAX }>, [get set], { Pub Sub XPub XSub };

    /// The size of a norm segment, in bytes. Needs a libzmq with NORM.
    #[doc(alias = "ZMQ_NORM_SEGMENT_SIZE")]
    NormSegmentSize norm_segment_size = ZMQ_NORM_SEGMENT_SIZE:
        Number<1, { i32::MAX }>, [get set], { Pub Sub XPub XSub };

    /// The number of segments in a norm block. Needs a libzmq with NORM.
    #[doc(alias = "ZMQ_NORM_BLOCK_SIZE")]
    NormBlockSize norm_block_size = ZMQ_NORM_BLOCK_SIZE:
        Number<1, 255>, [get set], { Pub Sub XPub XSub };

    /// The number of parity segments that norm computes for a block. Needs a libzmq with NORM.
    #[doc(alias = "ZMQ_NORM_NUM_PARITY")]
    NormParity norm_parity = ZMQ_NORM_NUM_PARITY: Number<0, 254>, [get set], { Pub Sub XPub XSub };

    /// The number of parity segments that norm sends for a block without a request. Needs a libzmq
    /// with NORM.
    #[doc(alias = "ZMQ_NORM_NUM_AUTOPARITY")]
    NormAutoparity norm_autoparity = ZMQ_NORM_NUM_AUTOPARITY:
        Number<0, 254>, [get set], { Pub Sub XPub XSub };

    /// Whether a norm sender overwrites data that was not acknowledged, instead of blocking. The
    /// default is `false`. Needs a libzmq with NORM.
    #[doc(alias = "ZMQ_NORM_PUSH")]
    NormPush norm_push = ZMQ_NORM_PUSH: Flag, [get set], { Pub Sub XPub XSub };
        }
    };
}

pub(crate) use option_table;
