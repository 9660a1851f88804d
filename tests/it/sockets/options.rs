//! The whole table of options: each can be set on a builder of each type that takes it, and gives
//! back what was set.

use std::collections::BTreeSet;

use libzmq::{monitor::*, option::SocketOption, prelude::*, *};

use crate::{common::watchdog, sockets::link::ms};

const TABLE: &str = include_str!("../../../src/option/table.rs");

/// Lists options with the types to try them on, and values; and lists their names for the test that
/// none is missing.
macro_rules! options {
    (
        $test:ident $names:ident $check:ident:
        $($option:ident [$($socket:ident)*] [$($value:expr),*])*
    ) => {
        #[test]
        fn $test() {
            $($check!($option [$($socket)*] [$($value),*]);)*
        }

        const $names: &[&str] = &[$(stringify!($option)),*];
    };
}

macro_rules! read_back {
    ($option:ident [$($socket:ident)*] $values:tt) => {
        $(read_back!(one $option $socket $values);)*
    };
    (one $option:ident $socket:ident [$($value:expr),*]) => {
        $(
            let value: <opt::$option as SocketOption>::Value = $value.into();
            let mut builder = Builder::new();
            builder.option(opt::$option, value.clone());
            let socket = built::<$socket>(stringify!($option), &mut builder);
            let read = socket.get(opt::$option).unwrap();
            assert_eq!(read, value, "{} of {}", stringify!($option), stringify!($socket));
        )*
    };
}

macro_rules! set_only {
    ($option:ident [$($socket:ident)*] $values:tt) => {
        $(set_only!(one $option $socket $values);)*
    };
    (one $option:ident $socket:ident [$($value:expr),*]) => {
        $(
            let value: <opt::$option as SocketOption>::Value = $value.into();
            built::<$socket>(stringify!($option), Builder::new().option(opt::$option, value));
        )*
    };
}

/// A libzmq without the feature of the option refuses it.
macro_rules! refused {
    ($option:ident [$($socket:ident)*] [$value:expr]) => {
        $(
            let value: <opt::$option as SocketOption>::Value = $value.into();
            let error = Builder::<$socket>::new().option(opt::$option, value).build().unwrap_err();
            let is_invalid = matches!(error.kind(), ErrorKind::InvalidInput(_));
            assert!(is_invalid, "{}: {error}", stringify!($option));
            assert!(error.to_string().contains(<opt::$option as SocketOption>::NAME), "{error}");
        )*
    };
}

fn built<S: Socket>(option: &str, builder: &mut Builder<S>) -> S {
    builder.build().unwrap_or_else(|error| panic!("{option}: {error}"))
}

options! { options_of_a_builder_read_back READABLE read_back:
    Affinity [Pair Server Dgram] [1_u64, 0_u64]
    RoutingIdentity [Req Rep Dealer Router] ["name", vec![0xff; 255]]
    Rate [Pub Sub XPub XSub Radio Dish] [1, 10_000]
    RecoveryInterval [Pub Sub XPub XSub Radio Dish] [ms(0), ms(2500)]
    SendBuffer [Push Client Stream] [Some(65_536), None]
    RecvBuffer [Pull Gather Stream] [Some(65_536), None]
    Linger [Req Radio Peer] [ms(0), ms(1500), Infinite]
    ReconnectInterval [Sub Dish Dealer] [Some(ms(7)), None]
    Backlog [Rep Channel Stream] [1, 1000]
    ReconnectIntervalMax [Sub Dish Dealer] [Some(ms(7000)), None]
    MaxMsgSize [Pull Gather Router] [Some(1000), Some(5_000_000_000), None]
    SendHwm [
        Pair Push Pub XPub XSub Req Rep Dealer Router Stream Client Server Radio Scatter Peer
        Channel Dgram
    ] [0, 7]
    RecvHwm [
        Pair Pull Sub XPub XSub Req Rep Dealer Router Stream Client Server Dish Gather Peer
        Channel Dgram
    ] [0, 7]
    MulticastHops [Pub Sub XPub XSub Radio Dish Dgram] [1, 255]
    RecvTimeout [Pair Sub Dish Dgram] [ms(0), ms(5), Infinite]
    SendTimeout [Pair Pub Radio Dgram] [ms(0), ms(5), Infinite]
    TcpKeepalive [Pair XSub Scatter] [Some(true), Some(false), None]
    TcpKeepaliveCount [Pair XSub Scatter] [Some(3), None]
    TcpKeepaliveIdle [Pair XSub Scatter] [Some(ms(30_000)), None]
    TcpKeepaliveInterval [Pair XSub Scatter] [Some(ms(7000)), None]
    Immediate [Push Scatter Req] [true, false]
    Ipv6 [Pull Dish Stream] [true, false]
    Conflate [Pull Push Sub Pub Dealer] [true, false]
    ZapDomain [Rep Peer Router] ["domain", "d".repeat(255)]
    TypeOfService [Push Radio Stream] [0, 0x28, 255]
    HandshakeInterval [Pull Channel XPub] [ms(1500), Infinite]
    SocksProxy [Sub Client Dealer] ["127.0.0.1:1080", ""]
    InvertMatching [Pub XPub Sub] [true, false]
    HeartbeatInterval [
        Pair Push Pull Pub Sub XPub XSub Req Rep Dealer Router Client Server Scatter Gather Peer
        Channel
    ] [Some(ms(100)), None]
    HeartbeatTtl [
        Pair Push Pull Pub Sub XPub XSub Req Rep Dealer Router Client Server Scatter Gather Peer
        Channel
    ] [Some(ms(300)), None]
    HeartbeatTimeout [
        Pair Push Pull Pub Sub XPub XSub Req Rep Dealer Router Client Server Scatter Gather Peer
        Channel
    ] [Some(ms(0)), Some(ms(200))]
    ConnectTimeout [Req Dish Channel] [Some(ms(1500)), None]
    TcpMaxRetransmit [Pub Gather Stream] [Some(ms(1500)), None]
    MulticastMaxTpdu [Pub Sub XPub XSub Radio Dish] [1, 9000]
    BindToDevice [Push Server Dgram] ["lo", ""]
    ZapEnforceDomain [Rep Dish Router] [true, false]
    LoopbackFastpath [Pair Radio Peer] [true, false]
    MulticastLoop [Radio Dish Dgram] [true, false]
    Notify [Router] [RouterNotify::all(), RouterNotify::CONNECT, RouterNotify::empty()]
    SocksUsername [Sub Client Dealer] ["user", ""]
    SocksPassword [Sub Client Dealer] ["password", ""]
    InBatchSize [Pull Gather Sub] [1, 65_536]
    OutBatchSize [Push Scatter Pub] [1, 65_536]
    WsNoMechanism [Sub Client Dealer] [true, false]
    ReconnectStopOn [Sub Dish Dealer] [ReconnectStop::all(), ReconnectStop::empty()]
    Priority [Push Radio Stream] [0, 3]
}

options! { write_only_options_of_a_builder_are_accepted WRITE_ONLY set_only:
    Mandatory [Router] [true, false]
    TcpAcceptFilter [Pull Server Stream] ["127.0.0.0/8", "::1/128", ""]
    Verbose [XPub] [true, false]
    ProbeRouter [Req Dealer Router] [true, false]
    Correlate [Req] [true, false]
    Relaxed [Req] [true, false]
    Handover [Router] [true, false]
    ConnectRoutingIdentity [Router Stream] ["name", vec![0xff; 255]]
    NoDrop [Pub XPub Radio] [true, false]
    Manual [XPub] [true, false]
    WelcomeMessage [XPub] ["welcome", vec![0x00, 0xff], ""]
    StreamNotify [Stream] [true, false]
    Verboser [XPub] [true, false]
    Metadata [Push Server Rep] ["X-name:value", "X-other:1"]
    ManualLastValue [XPub] [true, false]
    OnlyFirstSubscribe [XPub XSub] [true, false]
    HelloMessage [Client Server Peer Router Dealer] ["hello", vec![0x00, 0xff], ""]
    DisconnectMessage [Server Peer Router] ["gone", vec![0x00, 0xff], ""]
    BusyPoll [Push Server Stream] [0, 50]
    HiccupMessage [Client Peer Dealer] ["lost", vec![0x00, 0xff], ""]
    VerboseUnsubscribe [XSub] [true, false]
}

// No build of the vendored libzmq has GSSAPI, VMCI or NORM.
options! { options_of_missing_transports_are_invalid_input RARE refused:
    GssapiServer [Rep Server] [true]
    GssapiPrincipal [Rep Server] ["name"]
    GssapiServicePrincipal [Req Client] ["name"]
    GssapiPlaintext [Rep Server] [true]
    VmciBufferSize [Push Server] [65_536_u64]
    VmciBufferMinSize [Push Server] [4096_u64]
    VmciBufferMaxSize [Push Server] [1_000_000_u64]
    VmciConnectTimeout [Push Client] [Some(ms(100))]
    GssapiPrincipalNametype [Rep Server] [option::GssapiNameType::UserName]
    GssapiServicePrincipalNametype [Req Client] [option::GssapiNameType::UserName]
    NormMode [Pub Sub XPub XSub] [option::NormCongestionControl::Cc]
    NormUnicastNack [Pub Sub XPub XSub] [true]
    NormBufferSize [Pub Sub XPub XSub] [2048]
    NormSegmentSize [Pub Sub XPub XSub] [1400]
    NormBlockSize [Pub Sub XPub XSub] [16]
    NormParity [Pub Sub XPub XSub] [4]
    NormAutoparity [Pub Sub XPub XSub] [0]
    NormPush [Pub Sub XPub XSub] [true]
}

// Windows does not report the process of an ipc peer.
#[cfg(unix)]
options! { ipc_filter_options_are_accepted IPC set_only:
    IpcFilterPid [Pull Server Rep] [1, 4711]
    IpcFilterUid [Pull Server Rep] [0, 4711]
    IpcFilterGid [Pull Server Rep] [0, 4711]
}

#[cfg(not(unix))]
options! { ipc_filter_options_are_invalid_input_without_unix IPC refused:
    IpcFilterPid [Pull Server Rep] [1]
    IpcFilterUid [Pull Server Rep] [0]
    IpcFilterGid [Pull Server Rep] [0]
}

#[cfg(not(feature = "wss"))]
options! { wss_options_are_invalid_input_without_the_feature WSS refused:
    WssKeyPem [Server Rep] ["key"]
    WssCertPem [Server Rep] ["certificate"]
    WssTrustPem [Client Req] ["certificate"]
    WssHostname [Client Req] ["example.org"]
    WssTrustSystem [Client Req] [true]
}

#[cfg(feature = "wss")]
options! { wss_options_are_accepted_with_the_feature WSS set_only:
    WssKeyPem [Server Rep] ["key"]
    WssCertPem [Server Rep] ["certificate"]
    WssTrustPem [Client Req] ["certificate"]
    WssHostname [Client Req] ["example.org"]
    WssTrustSystem [Client Req] [true]
}

const READ_ONLY: &[&str] = &["ReadyEvents", "Type", "LastEndpoint", "ThreadSafe", "TopicsCount"];

#[test]
fn read_only_options_of_a_sub_have_their_initial_values() {
    let sub = SubBuilder::new().subscribe(["a", "b"]).build().unwrap();
    assert_eq!(
        (sub.get(opt::ReadyEvents).unwrap(), sub.get(opt::Type).unwrap()),
        (poll::EMPTY, SocketType::Sub)
    );
    assert_eq!(
        (sub.get(opt::LastEndpoint).unwrap(), sub.get(opt::ThreadSafe).unwrap()),
        (None, false)
    );
    assert_eq!(sub.get(opt::TopicsCount).unwrap(), 2);
}

#[test]
fn every_option_of_the_table_is_tested() {
    let row = |line: &'static str| {
        (line.contains(" = ZMQ_") && !line.starts_with("//"))
            .then(|| line.split_once(' ').unwrap().0)
    };
    let rows: BTreeSet<_> = TABLE.lines().map(str::trim).filter_map(row).collect();
    let tested: BTreeSet<_> =
        [READABLE, WRITE_ONLY, IPC, RARE, WSS, READ_ONLY].into_iter().flatten().copied().collect();
    assert!(rows.len() > 90);
    assert_eq!(rows, tested);
}

#[test]
fn tcp_accept_filter_accepts_only_matching_addresses() {
    let _watchdog = watchdog();
    let accepts = |filters: &[&str], ipv6: bool| {
        let ctx = Ctx::new();
        let server = ServerBuilder::new().ipv6(ipv6).with_ctx(ctx.handle()).unwrap();
        for filter in filters {
            server.set(opt::TcpAcceptFilter, *filter).unwrap();
        }
        let monitor = server.monitor(EventSet::ACCEPTED | EventSet::ACCEPT_FAILED).unwrap();
        server.bind("tcp://127.0.0.1:*").unwrap();
        let _client = ClientBuilder::new()
            .connect(server.last_endpoint().unwrap())
            .with_ctx(ctx.handle())
            .unwrap();
        monitor.recv().unwrap().kind() == EventKind::Accepted
    };
    // With IPv6 on, libzmq has IPv4 addresses in the form of IPv6.
    for ipv6 in [true, false] {
        for filter in
            ["127.0.0.1", "127.0.0.1/32", "127.0.0.0/31", "127.0.0.0/8", "96.0.0.0/3", "0.0.0.0/0"]
        {
            assert!(accepts(&[filter], ipv6), "{filter}, {ipv6}");
        }
        for filter in ["192.0.2.0/24", "127.0.0.2", "127.0.0.2/32", "126.0.0.0/8", "128.0.0.0/1"] {
            assert!(!accepts(&[filter], ipv6), "{filter}, {ipv6}");
            assert!(accepts(&[filter, "127.0.0.1/32"], ipv6), "{filter}, {ipv6}");
            assert!(accepts(&[filter, ""], ipv6), "{filter}, {ipv6}");
        }
        assert!(Server::new().unwrap().set(opt::TcpAcceptFilter, "127.0.0.0/33").is_err());
    }
    assert!(accepts(&["::ffff:127.0.0.0/104"], true));
    assert!(!accepts(&["2001:db8::/32"], true));
}

#[test]
fn high_water_mark_can_be_set_after_a_failed_bind_or_connect() {
    let _watchdog = watchdog();
    let taken = ServerBuilder::new().bind("tcp://127.0.0.1:*").build().unwrap();
    let server = Server::new().unwrap();
    server.bind(taken.last_endpoint().unwrap()).unwrap_err();
    server.connect("tcp://127.0.0.1:99999").unwrap_err();
    server.connect("ipc://@").unwrap_err();
    server.set_send_hwm(5).unwrap();
    assert_eq!(server.send_hwm().unwrap(), 5);

    server.bind("tcp://127.0.0.1:*").unwrap();
    let late = server.set_send_hwm(6).unwrap_err();
    assert!(matches!(late.kind(), ErrorKind::InvalidInput(_)), "{late}");
}
