//! Every name of `zmq.h`, and the item of this crate that has its function.
//!
//! The tables list each function, option, constant, event and error of C, with the draft API. For
//! each they link to an item of this crate, or say why none is needed. The
//! [manual](https://libzmq.readthedocs.io) of libzmq describes the names in C. The module contains
//! no code. The crate `libzmq-sys` contains the declarations of C.
//!
//! # Version and capabilities
//! | Name | Here |
//! |:---|:---|
//! | `zmq_version` | [`version`] |
//! | `ZMQ_VERSION` | [`version`], whose tuples can be compared |
//! | `ZMQ_VERSION_MAJOR` | [`version`]`().0` |
//! | `ZMQ_VERSION_MINOR` | [`version`]`().1` |
//! | `ZMQ_VERSION_PATCH` | [`version`]`().2` |
//! | `zmq_has` | [`has`] |
//! | `ZMQ_HAS_CAPABILITIES` | none: [`has`] always exists |
//!
//! ## Capabilities
//! | Name | Here |
//! |:---|:---|
//! | `"ipc"` | [`Capability::Ipc`] |
//! | `"pgm"` | [`Capability::Pgm`] |
//! | `"tipc"` | [`Capability::Tipc`] |
//! | `"norm"` | [`Capability::Norm`] |
//! | `"curve"` | [`Capability::Curve`] |
//! | `"gssapi"` | [`Capability::Gssapi`] |
//! | `"vmci"` | [`Capability::Vmci`] |
//! | `"draft"` | [`Capability::Draft`] |
//! | `"WS"` | [`Capability::Ws`] |
//! | `"WSS"` | [`Capability::Wss`] |
//!
//! # Contexts
//! | Function | Here |
//! |:---|:---|
//! | `zmq_ctx_new` | [`Ctx::new`], [`Ctx::global`] |
//! | `zmq_ctx_set` | [`CtxBuilder`] |
//! | `zmq_ctx_set_ext` | [`CtxBuilder::thread_name_prefix`] |
//! | `zmq_ctx_get` | [`Ctx::io_threads`], [`Ctx::max_sockets`], [`Ctx::socket_limit`] |
//! | `zmq_ctx_get_ext` | none: the program has set the prefix itself |
//! | `zmq_ctx_shutdown` | [`Ctx::shutdown`] |
//! | `zmq_ctx_term` | [`Ctx::terminate`], [`Ctx::terminate_global`] |
//! | `zmq_init` | none: deprecated, [`Ctx::new`] |
//! | `zmq_term` | none: deprecated, [`Ctx::terminate`] |
//! | `zmq_ctx_destroy` | none: deprecated, [`Ctx::terminate`] |
//!
//! ## Options of contexts
//! [`CtxBuilder::ipv6`] sets `ZMQ_IPV6` of a context.
//!
//! | Option | Here |
//! |:---|:---|
//! | `ZMQ_IO_THREADS` | [`CtxBuilder::io_threads`], [`Ctx::set_io_threads`] |
//! | `ZMQ_IO_THREADS_DFLT` | the default of [`Ctx::io_threads`] |
//! | `ZMQ_MAX_SOCKETS` | [`CtxBuilder::max_sockets`], [`Ctx::set_max_sockets`] |
//! | `ZMQ_MAX_SOCKETS_DFLT` | the default of [`Ctx::max_sockets`] |
//! | `ZMQ_SOCKET_LIMIT` | [`Ctx::socket_limit`] |
//! | `ZMQ_THREAD_PRIORITY` | [`CtxBuilder::thread_scheduling`] |
//! | `ZMQ_THREAD_PRIORITY_DFLT` | the default of [`CtxBuilder::thread_scheduling`] |
//! | `ZMQ_THREAD_SCHED_POLICY` | [`CtxBuilder::thread_scheduling`] |
//! | `ZMQ_THREAD_SCHED_POLICY_DFLT` | the default of [`CtxBuilder::thread_scheduling`] |
//! | `ZMQ_THREAD_AFFINITY_CPU_ADD` | [`CtxBuilder::thread_affinity`] |
//! | `ZMQ_THREAD_AFFINITY_CPU_REMOVE` | none: [`CtxBuilder::thread_affinity`] sets all at once |
//! | `ZMQ_THREAD_NAME_PREFIX` | [`CtxBuilder::thread_name_prefix`] |
//! | `ZMQ_MAX_MSGSZ` | [`CtxBuilder::max_msg_size`] |
//! | `ZMQ_MSG_T_SIZE` | none: `size_of::<`[`Msg`]`>()` |
//! | `ZMQ_ZERO_COPY_RECV` | [`CtxBuilder::zero_copy_recv`] |
//! | `ZMQ_BLOCKY` | none: every builder sets [`Linger`](opt::Linger) |
//!
//! # Sockets
//! | Function | Here |
//! |:---|:---|
//! | `zmq_socket` | [`Builder::build`], [`Builder::build_in`], and `new` of each type |
//! | `zmq_close` | none: dropping a socket closes it |
//! | `zmq_bind` | [`Socket::bind`], [`Builder::bind`] |
//! | `zmq_connect` | [`Socket::connect`], [`Builder::connect`] |
//! | `zmq_connect_watched` | [`Monitored::connect_and_wait`]; our patches add it |
//! | `zmq_stop_watching` | [`Monitored::connect_and_wait`]; our patches add it |
//! | `zmq_connect_peer` | [`Peer::connect_peer`] |
//! | `zmq_unbind` | [`Socket::unbind`] |
//! | `zmq_disconnect` | [`Socket::disconnect`] |
//! | `zmq_disconnect_peer` | [`Server::disconnect_peer`], and the same of [`Peer`]; not in 4.3.5 |
//! | `zmq_join` | [`Dish::join`], [`Builder::join`] |
//! | `zmq_leave` | [`Dish::leave`] |
//! | `zmq_setsockopt` | [`Socket::set`], [`Builder::option`], [`Socket::set_raw`] |
//! | `zmq_getsockopt` | [`Socket::get`], [`Socket::get_raw`] |
//! | `zmq_socket_get_peer_state` | [`Router::has_room_for`] |
//! | `zmq_socket_stop_receiving` | [`Receives::stop_receiving`]; our patches add it |
//!
//! ## Socket types
//! | Type | Here |
//! |:---|:---|
//! | `ZMQ_CLIENT` | [`Client`] |
//! | `ZMQ_SERVER` | [`Server`] |
//! | `ZMQ_RADIO` | [`Radio`] |
//! | `ZMQ_DISH` | [`Dish`] |
//! | `ZMQ_SCATTER` | [`Scatter`] |
//! | `ZMQ_GATHER` | [`Gather`] |
//! | `ZMQ_PEER` | [`Peer`] |
//! | `ZMQ_CHANNEL` | [`Channel`] |
//! | `ZMQ_PUB` | [`Pub`] |
//! | `ZMQ_SUB` | [`Sub`] |
//! | `ZMQ_XPUB` | [`XPub`] |
//! | `ZMQ_XSUB` | [`XSub`] |
//! | `ZMQ_PUSH` | [`Push`] |
//! | `ZMQ_PULL` | [`Pull`] |
//! | `ZMQ_PAIR` | [`Pair`] |
//! | `ZMQ_REQ` | [`Req`] |
//! | `ZMQ_REP` | [`Rep`] |
//! | `ZMQ_DEALER` | [`Dealer`] |
//! | `ZMQ_ROUTER` | [`Router`] |
//! | `ZMQ_STREAM` | [`Stream`] |
//! | `ZMQ_DGRAM` | [`Dgram`] |
//! | `ZMQ_XREQ` | deprecated name of `ZMQ_DEALER`: [`Dealer`] |
//! | `ZMQ_XREP` | deprecated name of `ZMQ_ROUTER`: [`Router`] |
//!
//! # Sending and receiving
//! | Name | Here |
//! |:---|:---|
//! | `zmq_send` | [`SendMsg::send`] of bytes |
//! | `zmq_send_const` | [`SendMsg::send`] of a [`Msg::from_static`] |
//! | `zmq_msg_send` | [`SendMsg::send`], [`SendMultipart::send_multipart`] |
//! | `zmq_msg_send_many` | [`SendMsg::send_many`], [`SendMsg::try_send_many`]; our patches add it |
//! | `zmq_recv` | [`RecvMsg::recv_into`], [`RecvMsg::recv_msg`] |
//! | `zmq_msg_recv` | [`RecvMsg::recv`], [`RecvMultipart::recv_multipart`] |
//! | `zmq_msg_recv_many` | [`RecvMsg::recv_many`], [`RecvMsg::try_recv_many`]; our patches add it |
//! | `ZMQ_DONTWAIT` | [`SendMsg::try_send`], [`RecvMsg::try_recv`], and others with `try_` |
//! | `ZMQ_NOBLOCK` | deprecated name of `ZMQ_DONTWAIT` |
//! | `ZMQ_SNDMORE` | none: [`SendMultipart::send_multipart`] sends all frames or none |
//! | `zmq_sendmsg` | none: deprecated, [`SendMsg::send`] |
//! | `zmq_recvmsg` | none: deprecated, [`RecvMsg::recv`] |
//! | `zmq_sendiov` | none: [`SendMultipart::send_multipart`] |
//! | `zmq_recviov` | none: [`RecvMultipart::recv_multipart`] |
//! | `iovec` | none: a [`Multipart`] |
//!
//! # Messages
//! | Name | Here |
//! |:---|:---|
//! | `zmq_msg_t` | [`Msg`] |
//! | `zmq_msg_init` | [`Msg::new`] |
//! | `zmq_msg_init_size` | [`Msg::with_size`], [`Msg::try_with_size`] |
//! | `zmq_msg_init_data` | [`Msg::from_owner`], `Msg::from` a `Vec<u8>`, `String`, `Box<[u8]>` |
//! | `zmq_msg_init_buffer` | `Msg::from` borrowed bytes |
//! | `zmq_free_fn` | none: the owner of [`Msg::from_owner`] is dropped |
//! | `zmq_msg_close` | none: dropping a [`Msg`] closes it |
//! | `zmq_msg_move` | none: a [`Msg`] moves like every value; or `std::mem::take` |
//! | `zmq_msg_copy` | `clone` of a [`Msg`] |
//! | `zmq_msg_data` | [`Msg::as_bytes`], [`Msg::as_mut_bytes`] |
//! | `zmq_msg_size` | [`Msg::len`] |
//! | `zmq_msg_more` | none: all frames are received together, as a [`Multipart`] |
//! | `zmq_msg_get` | see the properties below |
//! | `zmq_msg_set` | none: libzmq has no property that it sets |
//! | `zmq_msg_gets` | [`Msg::property`] |
//! | `zmq_msg_routing_id` | [`Msg::routing_id`] |
//! | `zmq_msg_set_routing_id` | [`Msg::set_routing_id`], [`Server::route`], [`Peer::route`] |
//! | `zmq_msg_group` | [`Msg::group`] |
//! | `zmq_msg_set_group` | [`Msg::set_group`], [`Radio::transmit`] |
//! | `ZMQ_GROUP_MAX_LENGTH` | [`MAX_GROUP_SIZE`] |
//!
//! ## Properties
//! | Property | Here |
//! |:---|:---|
//! | `ZMQ_MORE` | none: all frames are received together, as a [`Multipart`] |
//! | `ZMQ_SHARED` | none: [`Msg::as_mut_bytes`] copies shared bytes |
//! | `ZMQ_SRCFD` | [`Msg::property`]`("__fd")`: a number, since the descriptor may be closed |
//! | `ZMQ_MSG_PROPERTY_ROUTING_ID` | [`Router::recv_from`], [`Msg::property`]`("Routing-Id")` |
//! | `ZMQ_MSG_PROPERTY_SOCKET_TYPE` | [`Msg::socket_type`] |
//! | `ZMQ_MSG_PROPERTY_USER_ID` | [`Msg::user_id`] |
//! | `ZMQ_MSG_PROPERTY_PEER_ADDRESS` | [`Msg::peer_address`] |
//!
//! # Options of sockets
//! [`opt`] has a type for each; a builder has a method of the same name as well.
//!
//! ## Connections
//! | Option | Here |
//! |:---|:---|
//! | `ZMQ_AFFINITY` | [`opt::Affinity`] |
//! | `ZMQ_LINGER` | [`opt::Linger`] |
//! | `ZMQ_RECONNECT_IVL` | [`opt::ReconnectInterval`] |
//! | `ZMQ_RECONNECT_IVL_MAX` | [`opt::ReconnectIntervalMax`] |
//! | `ZMQ_RECONNECT_STOP` | [`opt::ReconnectStopOn`], [`ReconnectStop`] |
//! | `ZMQ_CONNECT_TIMEOUT` | [`opt::ConnectTimeout`] |
//! | `ZMQ_HANDSHAKE_IVL` | [`opt::HandshakeInterval`] |
//! | `ZMQ_BACKLOG` | [`opt::Backlog`] |
//! | `ZMQ_IMMEDIATE` | [`opt::Immediate`] |
//! | `ZMQ_DELAY_ATTACH_ON_CONNECT` | deprecated name: [`opt::Immediate`] |
//! | `ZMQ_HEARTBEAT_IVL` | [`opt::HeartbeatInterval`], [`Heartbeat::interval`] |
//! | `ZMQ_HEARTBEAT_TTL` | [`opt::HeartbeatTtl`], [`Heartbeat::ttl`] |
//! | `ZMQ_HEARTBEAT_TIMEOUT` | [`opt::HeartbeatTimeout`], [`Heartbeat::timeout`] |
//! | `ZMQ_LAST_ENDPOINT` | [`opt::LastEndpoint`], [`Socket::last_endpoint`] |
//! | `ZMQ_METADATA` | [`opt::Metadata`] |
//! | `ZMQ_USE_FD` | [`RawOption`], which is `unsafe`: libzmq takes over the descriptor unchecked |
//!
//! ## Queues and messages
//! | Option | Here |
//! |:---|:---|
//! | `ZMQ_SNDHWM` | [`opt::SendHwm`], [`Sends::send_hwm`] |
//! | `ZMQ_RCVHWM` | [`opt::RecvHwm`], [`Receives::recv_hwm`] |
//! | `ZMQ_SNDTIMEO` | [`opt::SendTimeout`], [`Sends::send_timeout`] |
//! | `ZMQ_RCVTIMEO` | [`opt::RecvTimeout`], [`Receives::recv_timeout`] |
//! | `ZMQ_SNDBUF` | [`opt::SendBuffer`] |
//! | `ZMQ_RCVBUF` | [`opt::RecvBuffer`] |
//! | `ZMQ_IN_BATCH_SIZE` | [`opt::InBatchSize`] |
//! | `ZMQ_OUT_BATCH_SIZE` | [`opt::OutBatchSize`] |
//! | `ZMQ_MAXMSGSIZE` | [`opt::MaxMsgSize`] |
//! | `ZMQ_CONFLATE` | [`opt::Conflate`] |
//! | `ZMQ_RCVMORE` | none: all frames are received together, as a [`Multipart`] |
//! | `ZMQ_EVENTS` | [`opt::ReadyEvents`] |
//! | `ZMQ_FD` | [`Dealer::fd`] and that of other sockets; or [`Async`](crate#async) |
//! | `ZMQ_TYPE` | [`opt::Type`], [`SocketType`] |
//! | `ZMQ_THREAD_SAFE` | [`opt::ThreadSafe`] |
//! | `ZMQ_HELLO_MSG` | [`opt::HelloMessage`] |
//! | `ZMQ_DISCONNECT_MSG` | [`opt::DisconnectMessage`] |
//! | `ZMQ_HICCUP_MSG` | [`opt::HiccupMessage`] |
//!
//! ## Options of some socket types
//! | Option | Here |
//! |:---|:---|
//! | `ZMQ_SUBSCRIBE` | [`Sub::subscribe`], [`XPub::subscribe`] |
//! | `ZMQ_UNSUBSCRIBE` | [`Sub::unsubscribe`], [`XPub::unsubscribe`] |
//! | `ZMQ_INVERT_MATCHING` | [`opt::InvertMatching`] |
//! | `ZMQ_TOPICS_COUNT` | [`opt::TopicsCount`] |
//! | `ZMQ_ONLY_FIRST_SUBSCRIBE` | [`opt::OnlyFirstSubscribe`] |
//! | `ZMQ_XPUB_VERBOSE` | [`opt::Verbose`] |
//! | `ZMQ_XPUB_VERBOSER` | [`opt::Verboser`] |
//! | `ZMQ_XPUB_MANUAL` | [`opt::Manual`] |
//! | `ZMQ_XPUB_MANUAL_LAST_VALUE` | [`opt::ManualLastValue`] |
//! | `ZMQ_XPUB_NODROP` | [`opt::NoDrop`], [`Builder::no_drop`], [`Radio::set_no_drop`] |
//! | `ZMQ_XPUB_WELCOME_MSG` | [`opt::WelcomeMessage`] |
//! | `ZMQ_XSUB_VERBOSE_UNSUBSCRIBE` | [`opt::VerboseUnsubscribe`] |
//! | `ZMQ_REQ_CORRELATE` | [`opt::Correlate`] |
//! | `ZMQ_REQ_RELAXED` | [`opt::Relaxed`] |
//! | `ZMQ_ROUTING_ID` | [`opt::RoutingIdentity`] |
//! | `ZMQ_IDENTITY` | deprecated name of `ZMQ_ROUTING_ID`: [`opt::RoutingIdentity`] |
//! | `ZMQ_CONNECT_ROUTING_ID` | [`opt::ConnectRoutingIdentity`], [`Router::connect_as`] |
//! | `ZMQ_CONNECT_RID` | deprecated name: [`opt::ConnectRoutingIdentity`] |
//! | `ZMQ_PROBE_ROUTER` | [`opt::ProbeRouter`] |
//! | `ZMQ_ROUTER_MANDATORY` | [`opt::Mandatory`] |
//! | `ZMQ_FAIL_UNROUTABLE` | deprecated name: [`opt::Mandatory`] |
//! | `ZMQ_ROUTER_BEHAVIOR` | deprecated name: [`opt::Mandatory`] |
//! | `ZMQ_ROUTER_HANDOVER` | [`opt::Handover`] |
//! | `ZMQ_ROUTER_NOTIFY` | [`opt::Notify`], [`RouterNotify`] |
//! | `ZMQ_ROUTER_RAW` | none: deprecated, use a [`Stream`] |
//! | `ZMQ_STREAM_NOTIFY` | [`opt::StreamNotify`] |
//!
//! ## Transports
//! | Option | Here |
//! |:---|:---|
//! | `ZMQ_IPV6` | [`opt::Ipv6`], [`CtxBuilder::ipv6`] |
//! | `ZMQ_IPV4ONLY` | none: deprecated, the opposite of [`opt::Ipv6`] |
//! | `ZMQ_TOS` | [`opt::TypeOfService`] |
//! | `ZMQ_PRIORITY` | [`opt::Priority`] |
//! | `ZMQ_BUSY_POLL` | [`opt::BusyPoll`] |
//! | `ZMQ_BINDTODEVICE` | [`opt::BindToDevice`] |
//! | `ZMQ_LOOPBACK_FASTPATH` | [`opt::LoopbackFastpath`] |
//! | `ZMQ_TCP_KEEPALIVE` | [`opt::TcpKeepalive`] |
//! | `ZMQ_TCP_KEEPALIVE_CNT` | [`opt::TcpKeepaliveCount`] |
//! | `ZMQ_TCP_KEEPALIVE_IDLE` | [`opt::TcpKeepaliveIdle`] |
//! | `ZMQ_TCP_KEEPALIVE_INTVL` | [`opt::TcpKeepaliveInterval`] |
//! | `ZMQ_TCP_MAXRT` | [`opt::TcpMaxRetransmit`] |
//! | `ZMQ_TCP_ACCEPT_FILTER` | [`opt::TcpAcceptFilter`] |
//! | `ZMQ_IPC_FILTER_PID` | [`opt::IpcFilterPid`] |
//! | `ZMQ_IPC_FILTER_UID` | [`opt::IpcFilterUid`] |
//! | `ZMQ_IPC_FILTER_GID` | [`opt::IpcFilterGid`] |
//! | `ZMQ_SOCKS_PROXY` | [`opt::SocksProxy`] |
//! | `ZMQ_SOCKS_USERNAME` | [`opt::SocksUsername`] |
//! | `ZMQ_SOCKS_PASSWORD` | [`opt::SocksPassword`] |
//! | `ZMQ_WS_NO_MECHANISM` | [`opt::WsNoMechanism`] |
//! | `ZMQ_WSS_KEY_PEM` | [`opt::WssKeyPem`] |
//! | `ZMQ_WSS_CERT_PEM` | [`opt::WssCertPem`] |
//! | `ZMQ_WSS_TRUST_PEM` | [`opt::WssTrustPem`] |
//! | `ZMQ_WSS_HOSTNAME` | [`opt::WssHostname`] |
//! | `ZMQ_WSS_TRUST_SYSTEM` | [`opt::WssTrustSystem`] |
//! | `ZMQ_RATE` | [`opt::Rate`] |
//! | `ZMQ_RECOVERY_IVL` | [`opt::RecoveryInterval`] |
//! | `ZMQ_MULTICAST_HOPS` | [`opt::MulticastHops`] |
//! | `ZMQ_MULTICAST_LOOP` | [`opt::MulticastLoop`] |
//! | `ZMQ_MULTICAST_MAXTPDU` | [`opt::MulticastMaxTpdu`] |
//! | `ZMQ_NORM_MODE` | [`opt::NormMode`] |
//! | `ZMQ_NORM_UNICAST_NACK` | [`opt::NormUnicastNack`] |
//! | `ZMQ_NORM_BUFFER_SIZE` | [`opt::NormBufferSize`] |
//! | `ZMQ_NORM_SEGMENT_SIZE` | [`opt::NormSegmentSize`] |
//! | `ZMQ_NORM_BLOCK_SIZE` | [`opt::NormBlockSize`] |
//! | `ZMQ_NORM_NUM_PARITY` | [`opt::NormParity`] |
//! | `ZMQ_NORM_NUM_AUTOPARITY` | [`opt::NormAutoparity`] |
//! | `ZMQ_NORM_PUSH` | [`opt::NormPush`] |
//! | `ZMQ_VMCI_BUFFER_SIZE` | [`opt::VmciBufferSize`] |
//! | `ZMQ_VMCI_BUFFER_MIN_SIZE` | [`opt::VmciBufferMinSize`] |
//! | `ZMQ_VMCI_BUFFER_MAX_SIZE` | [`opt::VmciBufferMaxSize`] |
//! | `ZMQ_VMCI_CONNECT_TIMEOUT` | [`opt::VmciConnectTimeout`] |
//!
//! ## Security
//! | Option | Here |
//! |:---|:---|
//! | `ZMQ_MECHANISM` | [`Socket::mechanism`] |
//! | `ZMQ_ZAP_DOMAIN` | [`opt::ZapDomain`] |
//! | `ZMQ_ZAP_ENFORCE_DOMAIN` | [`opt::ZapEnforceDomain`] |
//! | `ZMQ_PLAIN_SERVER` | [`Mechanism::PlainServer`] |
//! | `ZMQ_PLAIN_USERNAME` | [`PlainClientCreds`] |
//! | `ZMQ_PLAIN_PASSWORD` | [`PlainClientCreds`] |
//! | `ZMQ_CURVE_SERVER` | [`Mechanism::CurveServer`] |
//! | `ZMQ_CURVE_PUBLICKEY` | [`CurveCert::public`] |
//! | `ZMQ_CURVE_SECRETKEY` | [`CurveCert::secret`], [`CurveServerCreds`] |
//! | `ZMQ_CURVE_SERVERKEY` | [`CurveClientCreds::server`] |
//! | `ZMQ_GSSAPI_SERVER` | [`opt::GssapiServer`] |
//! | `ZMQ_GSSAPI_PRINCIPAL` | [`opt::GssapiPrincipal`] |
//! | `ZMQ_GSSAPI_PRINCIPAL_NAMETYPE` | [`opt::GssapiPrincipalNametype`] |
//! | `ZMQ_GSSAPI_SERVICE_PRINCIPAL` | [`opt::GssapiServicePrincipal`] |
//! | `ZMQ_GSSAPI_SERVICE_PRINCIPAL_NAMETYPE` | [`opt::GssapiServicePrincipalNametype`] |
//! | `ZMQ_GSSAPI_PLAINTEXT` | [`opt::GssapiPlaintext`] |
//!
//! ## Values
//! | Value | Here |
//! |:---|:---|
//! | `ZMQ_NULL` | [`Mechanism::Null`] |
//! | `ZMQ_PLAIN` | [`Mechanism::PlainServer`], [`Mechanism::PlainClient`] |
//! | `ZMQ_CURVE` | [`Mechanism::CurveServer`], [`Mechanism::CurveClient`] |
//! | `ZMQ_GSSAPI` | none: the GSSAPI options above select it; the vendored libzmq has no GSSAPI |
//! | `ZMQ_GSSAPI_NT_HOSTBASED` | [`GssapiNameType::HostBased`] |
//! | `ZMQ_GSSAPI_NT_USER_NAME` | [`GssapiNameType::UserName`] |
//! | `ZMQ_GSSAPI_NT_KRB5_PRINCIPAL` | [`GssapiNameType::Krb5Principal`] |
//! | `ZMQ_RECONNECT_STOP_CONN_REFUSED` | [`ReconnectStop::CONNECTION_REFUSED`] |
//! | `ZMQ_RECONNECT_STOP_HANDSHAKE_FAILED` | [`ReconnectStop::HANDSHAKE_FAILED`] |
//! | `ZMQ_RECONNECT_STOP_AFTER_DISCONNECT` | [`ReconnectStop::AFTER_DISCONNECT`] |
//! | `ZMQ_NOTIFY_CONNECT` | [`RouterNotify::CONNECT`] |
//! | `ZMQ_NOTIFY_DISCONNECT` | [`RouterNotify::DISCONNECT`] |
//! | `ZMQ_NORM_FIXED` | [`NormCongestionControl::Fixed`] |
//! | `ZMQ_NORM_CC` | [`NormCongestionControl::Cc`] |
//! | `ZMQ_NORM_CCL` | [`NormCongestionControl::Ccl`] |
//! | `ZMQ_NORM_CCE` | [`NormCongestionControl::Cce`] |
//! | `ZMQ_NORM_CCE_ECNONLY` | [`NormCongestionControl::CceEcnOnly`] |
//!
//! # Keys
//! | Function | Here |
//! |:---|:---|
//! | `zmq_z85_encode` | [`z85::encode`] |
//! | `zmq_z85_decode` | [`z85::decode`] |
//! | `zmq_curve_keypair` | [`CurveCert`]`::new_unique`, with the feature `curve` |
//! | `zmq_curve_public` | [`CurveSecretKey`]`::try_public`, with the feature `curve` |
//!
//! # Polling
//! | Name | Here |
//! |:---|:---|
//! | `zmq_poll` | [`Poller::poll`], also for thread-safe sockets; [`Socket::poll`] for one socket |
//! | `zmq_ppoll` | [`Poller::poll`], which continues after a signal; a [`Waker`] ends it |
//! | `sigset_t` | none: see `zmq_ppoll` |
//! | `zmq_pollitem_t` | [`Pollable`] |
//! | `zmq_poller_new` | [`Poller::new`] |
//! | `zmq_poller_destroy` | none: dropping a [`Poller`] destroys it |
//! | `zmq_poller_size` | none: the program can count what it adds |
//! | `zmq_poller_add` | [`Poller::add`] |
//! | `zmq_poller_modify` | [`Poller::modify`] |
//! | `zmq_poller_remove` | [`Poller::remove`] |
//! | `zmq_poller_wait` | none: [`Poller::poll`] returns all events at once |
//! | `zmq_poller_wait_all` | [`Poller::poll`], [`Poller::try_poll`] |
//! | `zmq_poller_fd` | none: use [`Async`](crate#async) |
//! | `zmq_poller_add_fd` | [`Poller::add`] of an `AsFd` |
//! | `zmq_poller_modify_fd` | [`Poller::modify`] |
//! | `zmq_poller_remove_fd` | [`Poller::remove`] |
//! | `zmq_poller_event_t` | [`Event`](poll::Event) |
//! | `zmq_fd_t` | none: `AsFd`, or `AsSocket` on Windows, of the standard library |
//! | `ZMQ_POLLIN` | [`READABLE`], [`Event::is_readable`](poll::Event::is_readable) |
//! | `ZMQ_POLLOUT` | [`WRITABLE`], [`Event::is_writable`](poll::Event::is_writable) |
//! | `ZMQ_POLLERR` | [`Event::is_error`](poll::Event::is_error) |
//! | `ZMQ_POLLPRI` | [`Event::is_priority`](poll::Event::is_priority) |
//! | `ZMQ_POLLITEMS_DFLT` | none: a [`Poller`] grows as needed |
//!
//! # Monitoring
//! | Name | Here |
//! |:---|:---|
//! | `zmq_socket_monitor` | [`Monitored::monitor`], [`Monitored::stop_monitor`] |
//! | `zmq_socket_monitor_versioned` | [`Monitored::monitor`] |
//! | `zmq_socket_monitor_pipes_stats` | none: unsafe with other libzmqs than the vendored one |
//! | `ZMQ_CURRENT_EVENT_VERSION` | none: [`monitor::Event`] is version 2, with both endpoints |
//! | `ZMQ_CURRENT_EVENT_VERSION_DRAFT` | none: [`monitor::Event`] is version 2, and counts losses |
//!
//! ## Events
//! | Event | Here |
//! |:---|:---|
//! | `ZMQ_EVENT_CONNECTED` | [`EventKind::Connected`], [`EventSet::CONNECTED`] |
//! | `ZMQ_EVENT_CONNECT_DELAYED` | [`EventKind::ConnectDelayed`], [`EventSet::CONNECT_DELAYED`] |
//! | `ZMQ_EVENT_CONNECT_RETRIED` | [`EventKind::ConnectRetried`], [`EventSet::CONNECT_RETRIED`] |
//! | `ZMQ_EVENT_LISTENING` | [`EventKind::Listening`], [`EventSet::LISTENING`] |
//! | `ZMQ_EVENT_BIND_FAILED` | [`EventKind::BindFailed`], [`EventSet::BIND_FAILED`] |
//! | `ZMQ_EVENT_ACCEPTED` | [`EventKind::Accepted`], [`EventSet::ACCEPTED`] |
//! | `ZMQ_EVENT_ACCEPT_FAILED` | [`EventKind::AcceptFailed`], [`EventSet::ACCEPT_FAILED`] |
//! | `ZMQ_EVENT_CLOSED` | [`EventKind::Closed`], [`EventSet::CLOSED`] |
//! | `ZMQ_EVENT_CLOSE_FAILED` | [`EventKind::CloseFailed`], [`EventSet::CLOSE_FAILED`] |
//! | `ZMQ_EVENT_DISCONNECTED` | [`EventKind::Disconnected`], [`EventSet::DISCONNECTED`] |
//! | `ZMQ_EVENT_MONITOR_STOPPED` | [`EventKind::Stopped`], always the last event |
//! | `ZMQ_EVENT_ALL` | [`EventSet::ALL`] |
//! | `ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL` | [`EventKind::HandshakeFailed`], [set][failed] |
//! | `ZMQ_EVENT_HANDSHAKE_SUCCEEDED` | [`EventKind::HandshakeSucceeded`], [set][succeeded] |
//! | `ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL` | [`EventKind::HandshakeFailedProtocol`], [set][p] |
//! | `ZMQ_EVENT_HANDSHAKE_FAILED_AUTH` | [`EventKind::HandshakeFailedAuth`], [set][auth] |
//! | `ZMQ_EVENT_PIPES_STATS` | none: see `zmq_socket_monitor_pipes_stats` |
//! | `ZMQ_EVENT_ALL_V1` | [`EventSet::ALL`] |
//! | `ZMQ_EVENT_ALL_V2` | [`EventSet::ALL`], without the statistics of pipes |
//!
//! [auth]: EventSet::HANDSHAKE_FAILED_AUTH
//! [failed]: EventSet::HANDSHAKE_FAILED
//! [p]: EventSet::HANDSHAKE_FAILED_PROTOCOL
//! [succeeded]: EventSet::HANDSHAKE_SUCCEEDED
//!
//! ## Causes of failed handshakes
//! | Value | Here |
//! |:---|:---|
//! | `ZMQ_PROTOCOL_ERROR_ZMTP_UNSPECIFIED` | [`ProtocolError::Zmtp`] |
//! | `ZMQ_PROTOCOL_ERROR_ZMTP_UNEXPECTED_COMMAND` | [`ProtocolError::UnexpectedCommand`] |
//! | `ZMQ_PROTOCOL_ERROR_ZMTP_INVALID_SEQUENCE` | [`ProtocolError::InvalidSequence`] |
//! | `ZMQ_PROTOCOL_ERROR_ZMTP_KEY_EXCHANGE` | [`ProtocolError::KeyExchange`] |
//! | `ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED` | [`MalformedCommand`] |
//! | `ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_MESSAGE` | [`ProtocolError::MalformedMessage`] |
//! | `ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_HELLO` | [`ProtocolError::MalformedHello`] |
//! | `ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_INITIATE` | [`ProtocolError::MalformedInitiate`] |
//! | `ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_ERROR` | [`ProtocolError::MalformedError`] |
//! | `ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_READY` | [`ProtocolError::MalformedReady`] |
//! | `ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_WELCOME` | [`ProtocolError::MalformedWelcome`] |
//! | `ZMQ_PROTOCOL_ERROR_ZMTP_INVALID_METADATA` | [`ProtocolError::InvalidMetadata`] |
//! | `ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC` | [`ProtocolError::Cryptographic`] |
//! | `ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH` | [`ProtocolError::MechanismMismatch`] |
//! | `ZMQ_PROTOCOL_ERROR_ZAP_UNSPECIFIED` | [`ProtocolError::Zap`] |
//! | `ZMQ_PROTOCOL_ERROR_ZAP_MALFORMED_REPLY` | [`ProtocolError::ZapMalformedReply`] |
//! | `ZMQ_PROTOCOL_ERROR_ZAP_BAD_REQUEST_ID` | [`ProtocolError::ZapBadRequestId`] |
//! | `ZMQ_PROTOCOL_ERROR_ZAP_BAD_VERSION` | [`ProtocolError::ZapBadVersion`] |
//! | `ZMQ_PROTOCOL_ERROR_ZAP_INVALID_STATUS_CODE` | [`ProtocolError::ZapInvalidStatus`] |
//! | `ZMQ_PROTOCOL_ERROR_ZAP_INVALID_METADATA` | [`ProtocolError::ZapInvalidMetadata`] |
//! | `ZMQ_PROTOCOL_ERROR_WS_UNSPECIFIED` | [`ProtocolError::WebSocket`] |
//!
//! # Proxies
//! | Name | Here |
//! |:---|:---|
//! | `zmq_proxy` | [`proxy`](crate::proxy()), [`Proxy`]; [`ServerProxy`] for SERVER and CLIENT |
//! | `zmq_proxy_steerable` | [`Proxy::spawn`], [`ProxyHandle`] |
//! | `zmq_device` | none: deprecated, [`Proxy`] |
//! | `ZMQ_QUEUE` | none: see `zmq_device` |
//! | `ZMQ_FORWARDER` | none: see `zmq_device` |
//! | `ZMQ_STREAMER` | none: see `zmq_device` |
//!
//! # Errors
//! | Name | Here |
//! |:---|:---|
//! | `zmq_errno` | none: each call returns its [`Error`] |
//! | `zmq_strerror` | `Display` of an [`ErrorKind`] |
//! | `ZMQ_HAUSNUMERO` | none: libzmq's own error numbers begin there; each is an [`ErrorKind`] |
//! | `EAGAIN` | [`ErrorKind::WouldBlock`] |
//! | `EFSM` | [`ErrorKind::WrongState`] |
//! | `ETERM` | [`ErrorKind::InvalidCtx`] |
//! | `ENOTSOCK` | [`ErrorKind::InvalidCtx`] |
//! | `EINTR` | none: calls continue after a signal; [`ErrorKind::Interrupted`] |
//! | `EHOSTUNREACH` | [`ErrorKind::HostUnreachable`] |
//! | `EADDRINUSE` | [`ErrorKind::AddrInUse`] |
//! | `EADDRNOTAVAIL` | [`ErrorKind::AddrNotAvailable`] |
//! | `ENODEV` | [`ErrorKind::AddrNotAvailable`] |
//! | `EINVAL` | [`ErrorKind::InvalidInput`] |
//! | `EFAULT` | [`ErrorKind::InvalidInput`] |
//! | `EMFILE` | [`ErrorKind::SocketLimit`] |
//! | `ENFILE` | [`ErrorKind::SocketLimit`] |
//! | `ENOCOMPATPROTO` | [`ErrorKind::Unsupported`] |
//! | `EPROTONOSUPPORT` | [`ErrorKind::Unsupported`] |
//! | `ENOTSUP` | [`ErrorKind::Unsupported`] |
//! | `EMTHREAD` | [`ErrorKind::Unsupported`] |
//! | `ENOENT` | [`ErrorKind::NotFound`] for an endpoint, [`ErrorKind::Os`] for a file |
//! | `EACCES` | [`ErrorKind::Os`] |
//! | `EAFNOSUPPORT` | [`ErrorKind::Os`] |
//! | `EBUSY` | [`ErrorKind::Os`] |
//! | `ECANCELED` | [`ErrorKind::Stopped`] |
//! | `ECONNABORTED` | [`ErrorKind::Os`] |
//! | `ECONNREFUSED` | [`ErrorKind::Os`] |
//! | `ECONNRESET` | [`ErrorKind::Os`] |
//! | `EEXIST` | [`ErrorKind::Os`] |
//! | `EINPROGRESS` | [`ErrorKind::Os`] |
//! | `EMSGSIZE` | [`ErrorKind::Os`] |
//! | `ENETDOWN` | [`ErrorKind::Os`] |
//! | `ENETRESET` | [`ErrorKind::Os`] |
//! | `ENETUNREACH` | [`ErrorKind::Os`] |
//! | `ENOBUFS` | [`ErrorKind::Os`] |
//! | `ENOMEM` | [`ErrorKind::Os`] |
//! | `ENOTCONN` | [`ErrorKind::Os`] |
//! | `EPERM` | [`ErrorKind::Os`] |
//! | `EPIPE` | [`ErrorKind::Os`] |
//! | `EPROTO` | [`ErrorKind::Os`] |
//! | `ETIMEDOUT` | [`ErrorKind::Os`] |
//!
//! # Threads, clocks and counters
//! | Name | Here |
//! |:---|:---|
//! | `zmq_threadstart` | none: [`std::thread::spawn`] |
//! | `zmq_threadclose` | none: [`std::thread::JoinHandle::join`] |
//! | `zmq_thread_fn` | none: a closure |
//! | `zmq_sleep` | none: [`std::thread::sleep`] |
//! | `zmq_stopwatch_start` | none: [`std::time::Instant::now`] |
//! | `zmq_stopwatch_intermediate` | none: [`std::time::Instant::elapsed`] |
//! | `zmq_stopwatch_stop` | none: [`std::time::Instant::elapsed`] |
//! | `zmq_atomic_counter_new` | none: [`std::sync::atomic::AtomicI32::new`] |
//! | `zmq_atomic_counter_set` | none: [`std::sync::atomic::AtomicI32::store`] |
//! | `zmq_atomic_counter_inc` | none: [`std::sync::atomic::AtomicI32::fetch_add`] |
//! | `zmq_atomic_counter_dec` | none: [`std::sync::atomic::AtomicI32::fetch_sub`] |
//! | `zmq_atomic_counter_value` | none: [`std::sync::atomic::AtomicI32::load`] |
//! | `zmq_atomic_counter_destroy` | none: dropping a [`std::sync::atomic::AtomicI32`] |
//! | `zmq_timers_new` | none: timers of an async runtime, or a timeout and [`std::time::Instant`] |
//! | `zmq_timers_destroy` | none: see `zmq_timers_new` |
//! | `zmq_timers_add` | none: see `zmq_timers_new` |
//! | `zmq_timers_cancel` | none: see `zmq_timers_new` |
//! | `zmq_timers_set_interval` | none: see `zmq_timers_new` |
//! | `zmq_timers_reset` | none: see `zmq_timers_new` |
//! | `zmq_timers_timeout` | none: see `zmq_timers_new` |
//! | `zmq_timers_execute` | none: see `zmq_timers_new` |
//! | `zmq_timer_fn` | none: a closure |

#[cfg(doc)]
use crate::{
    auth::{
        CurveCert, CurveClientCreds, CurveSecretKey, CurveServerCreds, Mechanism, PlainClientCreds,
    },
    monitor::{EventKind, EventSet, ProtocolError, ProtocolError::MalformedCommand},
    option::*,
    poll::{Pollable, Poller, READABLE, WRITABLE, Waker},
    prelude::*,
    *,
};
