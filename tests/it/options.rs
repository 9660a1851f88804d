//! Options of clients and servers: values read back from a socket, a builder and a configuration,
//! and values that are refused.

use std::time::Duration;

use libzmq::{
    option::SocketOption,
    poll::{EMPTY, READABLE, WRITABLE},
    prelude::*,
    *,
};

use crate::common::{Transport, greet, watchdog};

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Calls a macro with a type of socket and its builder, the name of each option that both types can
/// read back, and some of its values. Those after the semicolon count only before a socket is bound
/// or connected.
macro_rules! for_each_option {
    ($call:ident $socket:ident $builder:ident) => {
        $call! { $socket $builder;
            Affinity [1_u64, 3_u64, u64::MAX, 0_u64]
            SendBuffer [Some(65536), Some(0), None]
            RecvBuffer [Some(65536), Some(0), None]
            Linger [ms(0), ms(1500), Infinite]
            ReconnectInterval [Some(ms(1)), Some(ms(1500)), None]
            Backlog [1, 1000]
            ReconnectIntervalMax [Some(ms(5000)), None]
            MaxMsgSize [Some(0), Some(1), Some(5_000_000_000), None]
            RecvTimeout [ms(0), ms(1), ms(1500), Infinite]
            SendTimeout [ms(0), ms(1), ms(1500), Infinite]
            TcpKeepalive [Some(true), Some(false), None]
            TcpKeepaliveCount [Some(3), None]
            TcpKeepaliveIdle [Some(Duration::from_secs(30)), None]
            TcpKeepaliveInterval [Some(Duration::from_secs(7)), None]
            Immediate [true, false]
            Ipv6 [true, false]
            ZapDomain ["global", "d".repeat(255)]
            TypeOfService [0, 0x28, 255]
            HandshakeInterval [ms(1), ms(1500), Infinite]
            SocksProxy ["127.0.0.1:1080", ""]
            HeartbeatInterval [Some(ms(1)), Some(ms(1500)), None]
            HeartbeatTtl [Some(ms(100)), Some(ms(6_553_500)), None]
            HeartbeatTimeout [Some(ms(0)), Some(ms(1500))]
            ConnectTimeout [Some(ms(1500)), None]
            TcpMaxRetransmit [Some(ms(1500)), None]
            BindToDevice ["lo", ""]
            ZapEnforceDomain [true, false]
            SocksUsername ["user", "u".repeat(255), ""]
            SocksPassword ["password", ""]
            InBatchSize [1, 65536]
            OutBatchSize [1, 65536]
            ReconnectStopOn [
                ReconnectStop::CONNECTION_REFUSED, ReconnectStop::all(), ReconnectStop::empty()
            ]
            WsNoMechanism [true, false]
            Priority [0, 3]
            ;
            SendHwm [0, 1, 100_000]
            RecvHwm [0, 1, 100_000]
        }
    };
}

macro_rules! set_and_get {
    ($socket:ident $builder:ident; $($option:ident [$($value:expr),*])*; $($early:tt)*) => {
        let socket = $socket::new().unwrap();
        $($({
            let value: <opt::$option as SocketOption>::Value = $value.into();
            let set = socket.set(opt::$option, value.clone());
            set.unwrap_or_else(|error| panic!("{value:?}: {error}"));
            assert_eq!(socket.get(opt::$option).unwrap(), value, "{}", stringify!($option));
        })*)*
    };
}

#[test]
fn options_set_on_a_socket_read_back() {
    for_each_option!(set_and_get Client ClientBuilder);
    for_each_option!(set_and_get Server ServerBuilder);
}

macro_rules! build_and_get {
    (
        $socket:ident $builder:ident;
        $($option:ident [$($value:expr),*])*;
        $($early:ident [$($at_first:expr),*])*
    ) => {
        $($({
            let value: <opt::$option as SocketOption>::Value = $value.into();
            let socket = $builder::new().option(opt::$option, value.clone()).build().unwrap();
            assert_eq!(socket.get(opt::$option).unwrap(), value, "{}", stringify!($option));
        })*)*
        $($({
            let value: <opt::$early as SocketOption>::Value = $at_first.into();
            let socket = $builder::new().option(opt::$early, value).build().unwrap();
            assert_eq!(socket.get(opt::$early).unwrap(), value, "{}", stringify!($early));
        })*)*
    };
}

#[test]
fn options_of_a_builder_read_back_from_its_socket() {
    for_each_option!(build_and_get Client ClientBuilder);
    for_each_option!(build_and_get Server ServerBuilder);
}

/// A builder that was written to a file and read from it is the same, and so are the sockets that
/// it builds.
#[cfg(feature = "serde")]
macro_rules! write_and_read {
    (
        $socket:ident $builder:ident;
        $($option:ident [$($value:expr),*])*;
        $($early:ident [$($at_first:expr),*])*
    ) => {
        $($({
            let value: <opt::$option as SocketOption>::Value = $value.into();
            let mut builder = $builder::new();
            builder.option(opt::$option, value.clone());
            let socket = rewritten(&builder).build().unwrap();
            assert_eq!(socket.get(opt::$option).unwrap(), value, "{}", stringify!($option));
        })*)*
        $($({
            let mut builder = $builder::new();
            builder.option(opt::$early, $at_first);
            rewritten(&builder);
        })*)*
    };
}

#[cfg(feature = "serde")]
fn rewritten<B>(builder: &B) -> B
where
    B: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let text = serde_json::to_string(builder).unwrap();
    let back: B = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(&back, builder, "{text}");
    // Through a tree of values, as formats that are not read in one pass have it.
    let tree = serde_json::to_value(builder).unwrap();
    assert_eq!(&serde_json::from_value::<B>(tree).unwrap(), builder, "{text}");
    back
}

#[cfg(feature = "serde")]
#[test]
fn options_in_a_configuration_read_back() {
    for_each_option!(write_and_read Client ClientBuilder);
    for_each_option!(write_and_read Server ServerBuilder);
}

macro_rules! names {
    ($socket:ident $builder:ident; $($option:ident $values:tt)*; $($early:ident $at_first:tt)*) => {
        [$(stringify!($option),)* $(stringify!($early)),*]
    };
}

/// The list above has every row of the table that a client and a server read and take.
#[test]
fn every_client_and_server_option_is_listed() {
    const TABLE: &str = include_str!("../../src/option/table.rs");
    const BOTH_TAKE: [&str; 7] =
        ["Socket", "SendMsg", "RecvMsg", "Sends", "Receives", "Heartbeating", "HasHwm"];

    // Options that few builds of libzmq have.
    const RARE: [&str; 5] = ["Gssapi", "LoopbackFastpath", "Norm", "Vmci", "Wss"];

    let listed = for_each_option!(names Client ClientBuilder);
    let mut rows = 0;
    // A row may be broken behind the name in C.
    let table = TABLE.replace(":\n        ", ": ");
    for line in
        table.lines().map(str::trim).filter(|line| line.contains(" = ZMQ_") && line.ends_with(';'))
    {
        let (name, rest) = line.split_once(' ').unwrap();
        let (access, takers) = rest.rsplit_once('[').unwrap().1.split_once("], ").unwrap();
        let (taken, access) = (takers.trim_end_matches(';'), access.split(' ').collect::<Vec<_>>());
        let taken =
            BOTH_TAKE.contains(&taken) || taken.contains(" Client ") && taken.contains(" Server ");
        let rare = RARE.iter().any(|rare| name.starts_with(rare));
        if taken
            && !rare
            && access.contains(&"get")
            && (access.contains(&"set") || access.contains(&"build"))
        {
            assert!(listed.contains(&name), "{name} is in the table and not in this test");
            rows += 1;
        }
    }
    assert_eq!(rows, listed.len());
}

#[test]
fn read_only_options_follow_the_state_of_the_socket() {
    let _watchdog = watchdog();
    let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").build().unwrap();
    let client = Client::new().unwrap();
    assert_eq!(server.get(opt::Type).unwrap(), SocketType::Server);
    assert_eq!(client.get(opt::Type).unwrap(), SocketType::Client);
    assert!(server.get(opt::ThreadSafe).unwrap() && client.get(opt::ThreadSafe).unwrap());
    assert_eq!(server.get(opt::LastEndpoint).unwrap(), Some(server.last_endpoint().unwrap()));
    assert_eq!(client.get(opt::LastEndpoint).unwrap(), None);
    assert_eq!(
        (client.get(opt::ReadyEvents).unwrap(), server.get(opt::ReadyEvents).unwrap()),
        (EMPTY, WRITABLE)
    );
    client.connect(server.last_endpoint().unwrap()).unwrap();
    client.send("event").unwrap();
    crate::common::until(|| server.get(opt::ReadyEvents).unwrap() == READABLE | WRITABLE);
}

#[test]
fn option_defaults_are_as_documented() {
    let client = Client::new().unwrap();
    assert_eq!(client.get(opt::Linger).unwrap(), Finite(Duration::from_secs(30)));
    assert!(client.get(opt::Ipv6).unwrap());
    assert_eq!(client.get(opt::MaxMsgSize).unwrap(), Some(1 << 30));
    assert_eq!((client.send_hwm().unwrap(), client.recv_hwm().unwrap()), (1000, 1000));
    assert_eq!(
        (client.send_timeout().unwrap(), client.recv_timeout().unwrap()),
        (Infinite, Infinite)
    );
    assert_eq!(client.heartbeat(), None);
    assert_eq!(client.get(opt::ReconnectInterval).unwrap(), Some(ms(100)));
    assert_eq!(client.get(opt::ReconnectIntervalMax).unwrap(), None);
    assert_eq!(client.get(opt::Backlog).unwrap(), 100);
    assert_eq!(client.get(opt::HandshakeInterval).unwrap(), Finite(Duration::from_secs(30)));
    assert_eq!(
        (client.get(opt::InBatchSize).unwrap(), client.get(opt::OutBatchSize).unwrap()),
        (8192, 8192)
    );
    assert_eq!(
        (client.get(opt::SendBuffer).unwrap(), client.get(opt::RecvBuffer).unwrap()),
        (None, None)
    );
    assert_eq!(client.get(opt::TcpKeepalive).unwrap(), None);
    assert!(!client.get(opt::Immediate).unwrap());
}

#[test]
fn option_methods_agree_with_get_and_set() {
    let client = Client::new().unwrap();
    client.set_send_timeout(ms(7)).unwrap();
    client.set_recv_timeout(ms(8)).unwrap();
    client.set_send_hwm(9).unwrap();
    client.set_recv_hwm(10).unwrap();
    assert_eq!(client.get(opt::SendTimeout).unwrap(), client.send_timeout().unwrap());
    assert_eq!(client.get(opt::RecvTimeout).unwrap(), Finite(ms(8)));
    assert_eq!((client.send_hwm().unwrap(), client.recv_hwm().unwrap()), (9, 10));
    client.set_recv_timeout(Infinite).unwrap();
    assert_eq!(client.recv_timeout().unwrap(), Infinite);
    client.set_recv_timeout(None).unwrap();
    assert_eq!(client.recv_timeout().unwrap(), Infinite);
    // C counts milliseconds. Less is rounded up, so that a timeout does not become zero.
    client.set_recv_timeout(Duration::from_nanos(1)).unwrap();
    assert_eq!(client.recv_timeout().unwrap(), Finite(ms(1)));

    for heartbeat in [
        Heartbeat::new(ms(100)),
        Heartbeat::new(ms(100)).add_timeout(ms(200)),
        Heartbeat::new(ms(100)).add_timeout(ms(200)).add_ttl(ms(300)),
    ] {
        client.set_heartbeat(Some(heartbeat.clone())).unwrap();
        assert_eq!(client.heartbeat(), Some(heartbeat.clone()));
        let built = ServerBuilder::new().heartbeat(&heartbeat).build().unwrap();
        assert_eq!(built.heartbeat(), Some(heartbeat));
    }
    client.set_heartbeat(None).unwrap();
    assert_eq!(client.heartbeat(), None);
    assert_eq!(client.mechanism(), Server::new().unwrap().mechanism());
}

/// Each is refused with the option's name, by a socket and by a builder.
macro_rules! refuse {
    ($($option:ident $value:expr;)*) => {
        let server = Server::new().unwrap();
        $({
            let name = <opt::$option as SocketOption>::NAME;
            let before = server.get(opt::$option).unwrap();
            let errors = [
                server.set(opt::$option, $value).unwrap_err(),
                ServerBuilder::new().option(opt::$option, $value).build().unwrap_err(),
            ];
            for error in errors {
                assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error:?}");
                assert!(error.to_string().contains(name), "{name}: {error}");
                assert_eq!(std::io::Error::from(error).kind(), std::io::ErrorKind::InvalidInput);
            }
            assert_eq!(server.get(opt::$option).unwrap(), before);
        })*
    };
}

#[test]
fn out_of_range_option_values_are_invalid_input() {
    refuse! {
        SendBuffer Some(-1);
        RecvBuffer Some(-2);
        Linger Duration::MAX;
        Linger Duration::from_secs(25 * 86_400);
        ReconnectInterval Some(Duration::MAX);
        Backlog -1;
        MaxMsgSize Some(u64::MAX);
        RecvTimeout Duration::MAX;
        SendTimeout Duration::MAX;
        TcpKeepaliveCount Some(-2);
        TcpKeepaliveIdle Some(Duration::MAX);
        ZapDomain "d".repeat(256);
        ZapDomain "";
        ZapDomain "nul\0";
        TypeOfService -1;
        TypeOfService 256;
        HeartbeatTtl Some(Duration::from_secs(6554));
        HeartbeatTimeout Some(Duration::MAX);
        BindToDevice "a name of sixteen";
        SocksUsername "u".repeat(256);
        SocksPassword "p".repeat(256);
        InBatchSize 0;
        OutBatchSize -1;
        Priority -1;
    }
    for (name, builder) in [
        ("send_hwm", ServerBuilder::new().send_hwm(-1)),
        ("recv_hwm", ServerBuilder::new().recv_hwm(i32::MIN)),
        ("metadata", ServerBuilder::new().metadata("no colon")),
        ("metadata", ServerBuilder::new().metadata("")),
        ("busy_poll", ServerBuilder::new().busy_poll(-1)),
    ] {
        let error = builder.build().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error:?}");
        assert!(error.to_string().contains(name), "{name}: {error}");
    }
}

#[test]
fn connection_with_buffer_tcp_and_metadata_options_works() {
    let _watchdog = watchdog();
    let server = ServerBuilder::new()
        .bind(Transport::Tcp.anywhere())
        .send_buffer(100_000)
        .recv_buffer(100_000)
        .tcp_keepalive(true)
        .tcp_keepalive_idle(Duration::from_secs(30))
        .tcp_keepalive_interval(Duration::from_secs(5))
        .tcp_keepalive_count(3)
        .tcp_max_retransmit(Duration::from_secs(30))
        .type_of_service(0x28)
        .in_batch_size(100_000)
        .out_batch_size(100_000)
        .backlog(5)
        .metadata("X-one:1")
        .build()
        .unwrap();
    let client = ClientBuilder::new()
        .connect(server.last_endpoint().unwrap())
        .immediate(true)
        .connect_timeout(ms(5000))
        .build()
        .unwrap();
    let id = greet(&server, &client);
    server.route("answer", id).unwrap();
    assert_eq!(client.recv_msg().unwrap().property("X-one"), Some("1"));
}

#[cfg(feature = "serde")]
mod file {
    use libzmq::config::{ClientConfig, ServerConfig};
    use serde_json::{from_str, to_string};

    use super::*;

    #[test]
    fn configuration_round_trips_through_json() {
        let mut server = ServerBuilder::new();
        server
            .bind(["tcp://127.0.0.1:*", "ipc://@abstract", "inproc://x"])
            .connect("tcp://localhost:5555")
            .recv_hwm(5)
            .hello("text")
            .disconnect_message(vec![0xff, 0x00])
            .linger(Infinite)
            .heartbeat(Heartbeat::new(ms(1500)).add_ttl(ms(300)))
            .max_msg_size(None)
            .reconnect_stop(ReconnectStop::HANDSHAKE_FAILED)
            .zap_domain("domain");
        rewritten(&server);
        rewritten(&ClientBuilder::new());
        assert_eq!(from_str::<ClientConfig>("{}").unwrap(), ClientBuilder::new());
    }

    #[test]
    fn configuration_parses_human_readable_values() {
        let config: ClientConfig = from_str(
            r#"{ "connect": "tcp://127.0.0.1:5555", "linger": "5m",
                 "recv_timeout": "1h", "send_timeout": "250 ms",
                 "tcp_keepalive": "none", "hiccup": "lost", "send_hwm": 0, "reconnect_stop": 3 }"#,
        )
        .unwrap();
        let mut expected = ClientBuilder::new();
        expected
            .connect("tcp://127.0.0.1:5555")
            .linger(Duration::from_secs(300))
            .recv_timeout(Duration::from_secs(3600))
            .send_timeout(ms(250))
            .tcp_keepalive(None)
            .hiccup("lost")
            .send_hwm(0)
            .reconnect_stop(ReconnectStop::CONNECTION_REFUSED | ReconnectStop::HANDSHAKE_FAILED);
        assert_eq!(config, expected);
    }

    #[test]
    fn configuration_errors_name_the_option() {
        for (text, named) in [
            (r#"{ "no_such_option": 1 }"#, "no_such_option"),
            // An option of another type, and one that is read-only.
            (r#"{ "disconnect_message": "x" }"#, "disconnect_message"),
            (r#"{ "last_endpoint": "tcp://x:1" }"#, "last_endpoint"),
            (r#"{ "linger": 5 }"#, "linger"),
            (r#"{ "linger": "5 parsecs" }"#, "linger"),
            (r#"{ "linger": "99999999h" }"#, "linger"),
            (r#"{ "send_hwm": "many" }"#, "send_hwm"),
            (r#"{ "send_hwm": 3000000000 }"#, "send_hwm"),
            (r#"{ "ipv6": 1 }"#, "ipv6"),
            (r#"{ "zap_domain": true }"#, "zap_domain"),
            (r#"{ "zap_domain": [1, 2] }"#, "zap_domain"),
            (r#"{ "type_of_service": 256 }"#, "type_of_service"),
            (r#"{ "reconnect_stop": 8 }"#, "reconnect_stop"),
            (r#"{ "hiccup": [1, 256] }"#, "hiccup"),
            (r#"{ "send_hwm": -1 }"#, "send_hwm"),
            (r#"{ "send_hwm": 1.5 }"#, "send_hwm"),
            (r#"{ "connect": "nonsense" }"#, "connect"),
            (r#"{ "connect": 5 }"#, "connect"),
            (r#"{ "bind": ["tcp://127.0.0.1:*", "tcp://127.0.0.1:no-port"] }"#, "bind"),
        ] {
            let error = from_str::<ClientConfig>(text).unwrap_err().to_string();
            assert!(error.contains(named), "{text}: {error}");
        }
        // Files of 0.2 have `null` for options that were not set.
        let unset = from_str::<ClientConfig>(r#"{ "send_hwm": null }"#);
        assert_eq!(unset.unwrap(), ClientConfig::default());
        assert!(from_str::<ServerConfig>("[]").is_err());
        assert!(
            from_str::<ServerConfig>(r#"{ "hiccup": "x" }"#)
                .unwrap_err()
                .to_string()
                .contains("hiccup")
        );
    }

    #[test]
    fn serializing_a_builder_with_an_invalid_value_is_an_error() {
        let error = to_string(ServerBuilder::new().recv_hwm(-1)).unwrap_err();
        assert!(error.to_string().contains("recv_hwm"), "{error}");
    }
}

#[test]
fn debug_of_a_builder_hides_secrets() {
    let mut builder = ClientBuilder::new();
    builder.socks_proxy("proxy:1080").socks_username("walter").socks_password("open sesame");
    let debug = format!("{builder:?} {builder:#?}");
    assert!(debug.contains("socks_password") && debug.contains("socks_proxy"), "{debug}");
    let numbers = format!("{:?}", "open sesame".as_bytes());
    assert!(
        !debug.contains("sesame") && !debug.contains(numbers.trim_matches(['[', ']'])),
        "{debug}"
    );
}

#[test]
fn zero_period_reads_back_as_none_where_c_means_off() {
    let client = ClientBuilder::new()
        .reconnect_interval_max(Duration::ZERO)
        .handshake_interval(Duration::ZERO)
        .heartbeat_interval(Duration::ZERO)
        .heartbeat_ttl(Duration::ZERO)
        .connect_timeout(Duration::ZERO)
        .tcp_max_retransmit(Duration::ZERO)
        .build()
        .unwrap();
    assert_eq!(client.get(opt::ReconnectIntervalMax).unwrap(), None);
    assert_eq!(client.get(opt::HandshakeInterval).unwrap(), Infinite);
    assert_eq!(client.get(opt::HeartbeatInterval).unwrap(), None);
    assert_eq!(client.get(opt::HeartbeatTtl).unwrap(), None);
    assert_eq!(client.get(opt::ConnectTimeout).unwrap(), None);
    assert_eq!(client.get(opt::TcpMaxRetransmit).unwrap(), None);
}

#[test]
fn refused_option_names_get_or_set_as_the_operation() {
    let ctx = Ctx::new();
    let client = Client::with_ctx(ctx.handle()).unwrap();
    let too_long = Duration::MAX;
    assert_eq!(client.set(opt::Linger, too_long).unwrap_err().operation(), "set linger");
    let error = ClientBuilder::new().linger(too_long).build().unwrap_err();
    assert_eq!(error.operation(), "set linger");
    let bound = ServerBuilder::new().bind("inproc://refused").build_in(&ctx).unwrap();
    let error = ServerBuilder::new().with(|late| late.recv_hwm(7)).apply(&bound).unwrap_err();
    assert_eq!(error.operation(), "set recv_hwm");

    ctx.shutdown();
    client.recv_msg().unwrap_err();
    assert_eq!(client.get(opt::Linger).unwrap_err().operation(), "get linger");
    assert_eq!(client.last_endpoint().unwrap_err().operation(), "get last_endpoint");
}
