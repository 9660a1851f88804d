//! Every public function of version 0.2 can be called with the types that it took, and answers with
//! those that it gave: that this file compiles is the test. What is missing has a row in the
//! guide's chapter `coming_from`.

use std::{
    borrow::Cow,
    convert::Infallible,
    ffi::CStr,
    io,
    net::{IpAddr, Ipv4Addr},
    str::Utf8Error,
    time::Duration,
};

use libzmq::{
    addr::{AddrParseError, Endpoint, Hostname, Interface, IntoIpAddrs, Port, SocketAddr, SrcAddr},
    auth::{
        AuthBuilder, AuthClient, CurveCert, CurveClientCreds, CurveError, CurvePublicKey,
        CurveSecretKey, CurveServerCreds, Mechanism, PlainClientCreds,
    },
    config::{
        AuthConfig, ClientConfig, CtxConfig, DishConfig, GatherConfig, RadioConfig, ScatterConfig,
        ServerConfig,
    },
    poll::{EMPTY, Event, Events, PollId, Poller, READABLE, Trigger, WRITABLE},
    prelude::*,
    prelude::{
        BuildHeartbeating, BuildRecv, BuildSend, BuildSocket, Heartbeating, RecvMsg, SendMsg,
        Socket,
    },
    *,
};

type Fallible<T = ()> = Result<T, Error>;

fn is<T>(_: T) {}
fn builds<B: BuildSocket>() {}
fn builds_sends<B: BuildSend>() {}
fn builds_receives<B: BuildRecv>() {}
fn builds_heartbeats<B: BuildHeartbeating>() {}
fn becomes<T: Into<U>, U>() {}
fn parses<T>()
where
    T: std::str::FromStr + std::fmt::Display + Clone + Eq,
    for<'a> T: TryFrom<&'a str> + TryFrom<String> + TryFrom<&'a String>,
{
}

#[test]
fn context_signatures_are_those_of_0_2() {
    is::<fn() -> CtxConfig>(CtxConfig::new);
    is::<fn(&CtxConfig) -> Fallible<Ctx>>(CtxConfig::build);
    is::<fn(&CtxConfig, CtxHandle) -> Fallible>(CtxConfig::apply);
    is::<fn(&mut CtxConfig, Option<i32>)>(CtxConfig::set_io_threads);
    is::<fn(&mut CtxConfig, Option<i32>)>(CtxConfig::set_max_sockets);

    is::<fn() -> CtxBuilder>(CtxBuilder::new);
    is::<fn(&CtxBuilder) -> Fallible<Ctx>>(CtxBuilder::build);
    is::<fn(&CtxBuilder, CtxHandle) -> Fallible>(CtxBuilder::apply);
    is::<fn(&mut CtxBuilder, i32) -> &mut CtxBuilder>(CtxBuilder::io_threads);
    is::<fn(&mut CtxBuilder, i32) -> &mut CtxBuilder>(CtxBuilder::max_sockets);

    is::<fn(CtxHandle) -> i32>(CtxHandle::io_threads);
    is::<fn(CtxHandle, i32) -> Fallible>(CtxHandle::set_io_threads);
    is::<fn(CtxHandle) -> i32>(CtxHandle::max_sockets);
    is::<fn(CtxHandle, i32) -> Fallible>(CtxHandle::set_max_sockets);
    is::<fn(CtxHandle)>(CtxHandle::shutdown);

    is::<fn() -> Ctx>(Ctx::new);
    is::<fn(&Ctx) -> CtxHandle>(Ctx::handle);
    is::<fn() -> CtxHandle>(Ctx::global);
    is::<fn(&Ctx) -> i32>(Ctx::io_threads);
    is::<fn(&Ctx, i32) -> Fallible>(Ctx::set_io_threads);
    is::<fn(&Ctx) -> i32>(Ctx::max_sockets);
    is::<fn(&Ctx, i32) -> Fallible>(Ctx::set_max_sockets);
    is::<fn(&Ctx) -> i32>(Ctx::socket_limit);
    is::<fn(&Ctx)>(Ctx::shutdown);

    is::<fn() -> (i32, i32, i32)>(version);
}

#[test]
fn error_signatures_are_those_of_0_2() {
    is::<fn(&Error<Msg>) -> ErrorKind>(Error::kind);
    is::<fn(&Error<Msg>) -> Option<&Msg>>(Error::content);
    is::<fn(&Error<Msg>) -> Option<&Msg>>(Error::get);
    is::<fn(&mut Error<Msg>) -> Option<Msg>>(Error::take_content);
    is::<fn(&mut Error<Msg>) -> Option<Msg>>(Error::take);
    is::<fn(Error<Msg>) -> Error>(Error::cast);
    is::<fn(Error<Msg>) -> Error<u8>>(Error::cast_into);
    becomes::<AddrParseError, Error<Msg>>();
    becomes::<GroupParseError, Error<Msg>>();
    becomes::<Infallible, Error<Msg>>();
    becomes::<Error<Msg>, io::Error>();

    // Each kind, with what it holds.
    let message = |kind: ErrorKind| match kind {
        ErrorKind::NotFound(what) | ErrorKind::InvalidInput(what) => Some(what),
        ErrorKind::WouldBlock
        | ErrorKind::HostUnreachable
        | ErrorKind::InvalidCtx
        | ErrorKind::Interrupted => None,
        ErrorKind::AddrInUse | ErrorKind::AddrNotAvailable | ErrorKind::SocketLimit => None,
        _ => None,
    };
    assert_eq!(message(ErrorKind::NotFound("it")), Some("it"));
}

#[test]
fn message_signatures_are_those_of_0_2() {
    is::<fn() -> Msg>(Msg::new);
    is::<fn(usize) -> Msg>(Msg::with_size);
    is::<fn(&Msg) -> usize>(Msg::len);
    is::<fn(&Msg) -> bool>(Msg::is_empty);
    is::<fn(&Msg) -> Result<&str, Utf8Error>>(Msg::to_str);
    is::<fn(&Msg) -> &[u8]>(Msg::as_bytes);
    is::<fn(&Msg) -> Option<RoutingId>>(Msg::routing_id);
    is::<fn(&mut Msg, RoutingId)>(Msg::set_routing_id);
    is::<fn(&Msg) -> Option<&GroupSlice>>(Msg::group);
    is::<fn(&mut Msg, &'static Group)>(Msg::set_group);
    is::<fn(&mut Msg, &'static GroupSlice)>(Msg::set_group);

    becomes::<Vec<u8>, Msg>();
    becomes::<Box<[u8]>, Msg>();
    becomes::<&[u8], Msg>();
    becomes::<[u8; 3], Msg>();
    becomes::<&str, Msg>();
    becomes::<String, Msg>();
    becomes::<&String, Msg>();
    becomes::<&Msg, Msg>();
}

#[test]
fn group_signatures_are_those_of_0_2() {
    is::<usize>(MAX_GROUP_SIZE);
    is::<fn(&GroupSlice) -> &CStr>(GroupSlice::as_c_str);
    is::<fn(&GroupSlice) -> Result<&str, Utf8Error>>(GroupSlice::to_str);
    is::<fn(&GroupSlice) -> Cow<'_, str>>(GroupSlice::to_string_lossy);
    is::<fn(&GroupSlice) -> &[u8]>(GroupSlice::to_bytes);
    is::<fn(&'static str) -> Result<Group, GroupParseError>>(Group::new);
    is::<fn(Vec<u8>) -> Result<Group, GroupParseError>>(Group::new);
    is::<fn(&Group) -> &CStr>(|group| group.as_c_str());
    is::<fn(&Group) -> Result<&str, Utf8Error>>(|group| group.to_str());
    is::<fn(&Group) -> Cow<'_, str>>(|group| group.to_string_lossy());
    is::<fn(&Group) -> &[u8]>(Group::as_bytes);
}

#[test]
fn address_signatures_are_those_of_0_2() {
    /// What every address of a host has.
    macro_rules! with_host {
        ($($addr:ident)*) => {$(
            is::<fn((Ipv4Addr, u16)) -> $addr>($addr::new);
            is::<fn(SocketAddr) -> $addr>($addr::new);
            is::<fn($addr, Hostname) -> $addr>($addr::add_src);
            is::<fn($addr, SrcAddr) -> $addr>($addr::add_src);
            is::<fn(&$addr) -> &SocketAddr>($addr::host);
            is::<fn(&$addr) -> Option<&SrcAddr>>($addr::src);
            parses::<$addr>();
            becomes::<$addr, Endpoint>();
            becomes::<&$addr, Endpoint>();
        )*};
    }
    with_host!(TcpAddr UdpAddr PgmAddr EpgmAddr);

    is::<usize>(INPROC_MAX_SIZE);
    is::<fn(&'static str) -> Result<InprocAddr, AddrParseError>>(InprocAddr::new);
    is::<fn() -> InprocAddr>(InprocAddr::new_unique);
    is::<fn(&InprocAddr) -> &str>(InprocAddr::as_str);
    parses::<InprocAddr>();
    becomes::<InprocAddr, Endpoint>();

    is::<fn(&AddrParseError) -> &'static str>(AddrParseError::msg);
    is::<fn(&'static str) -> Result<Hostname, AddrParseError>>(Hostname::new);
    is::<fn(&Hostname) -> &str>(Hostname::as_str);
    is::<fn(Port) -> bool>(Port::is_specified);
    is::<fn(Port) -> bool>(Port::is_unspecified);
    is::<[Port; 2]>([Port::Specified(1), Port::Unspecified]);
    is::<fn(Interface, Port) -> SocketAddr>(SocketAddr::new);
    is::<fn(&SocketAddr) -> &Interface>(SocketAddr::interface);
    is::<fn(&SocketAddr) -> Port>(SocketAddr::port);
    is::<fn(IpAddr) -> Interface>(Interface::Ip);
    is::<fn(Hostname) -> Interface>(Interface::Hostname);
    is::<fn(SocketAddr) -> SrcAddr>(SrcAddr::Socket);
    is::<fn(Interface) -> SrcAddr>(SrcAddr::Interface);
    parses::<Endpoint>();

    is::<fn(TcpAddr) -> Endpoint>(Endpoint::Tcp);
    is::<fn(UdpAddr) -> Endpoint>(Endpoint::Udp);
    is::<fn(InprocAddr) -> Endpoint>(Endpoint::Inproc);
    is::<fn(PgmAddr) -> Endpoint>(Endpoint::Pgm);
    is::<fn(EpgmAddr) -> Endpoint>(Endpoint::Epgm);
    is::<fn(&Endpoint) -> bool>(Endpoint::is_tcp);
    is::<fn(&Endpoint) -> bool>(Endpoint::is_udp);
    is::<fn(&Endpoint) -> bool>(Endpoint::is_inproc);
    is::<fn(&Endpoint) -> bool>(Endpoint::is_pgm);
    is::<fn(&Endpoint) -> bool>(Endpoint::is_edpgm);

    assert_eq!(Ipv4Addr::LOCALHOST.into_ip_addrs().count(), 1);
}

#[test]
fn period_and_heartbeat_signatures_are_those_of_0_2() {
    is::<fn(Duration) -> Period>(Finite);
    is::<[Period; 2]>([Infinite, Period::Infinite]);
    becomes::<Duration, Period>();

    is::<fn(Duration) -> Heartbeat>(Heartbeat::new);
    is::<fn(&Heartbeat) -> Duration>(Heartbeat::interval);
    is::<fn(Heartbeat, Duration) -> Heartbeat>(Heartbeat::add_timeout);
    is::<fn(&Heartbeat) -> Period>(Heartbeat::timeout);
    is::<fn(Heartbeat, Duration) -> Heartbeat>(Heartbeat::add_ttl);
    is::<fn(&Heartbeat) -> Period>(Heartbeat::ttl);
}

/// What every socket, its builder and its configuration have.
fn socket<S: Socket>() {
    is::<fn(&S, TcpAddr) -> Fallible>(Socket::connect);
    is::<fn(&S, &'static InprocAddr) -> Fallible>(Socket::bind);
    is::<fn(&S, Endpoint) -> Fallible>(Socket::disconnect);
    is::<fn(&S, &'static Endpoint) -> Fallible>(Socket::unbind);
    is::<fn(&S) -> Fallible<Endpoint>>(Socket::last_endpoint);
    is::<fn(&S) -> Mechanism>(Socket::mechanism);
    is::<fn(&S, PlainClientCreds) -> Fallible>(Socket::set_mechanism);
}

fn sends<S: SendMsg>() {
    is::<fn(&S, &'static str) -> Result<(), Error<Msg>>>(SendMsg::send);
    is::<fn(&S, Vec<u8>) -> Result<(), Error<Msg>>>(SendMsg::try_send);
    is::<fn(&S) -> Fallible<i32>>(S::send_hwm);
    is::<fn(&S, i32) -> Fallible>(S::set_send_hwm);
    is::<fn(&S) -> Fallible<Period>>(S::send_timeout);
    is::<fn(&S, Duration) -> Fallible>(S::set_send_timeout);
}

fn receives<S: RecvMsg>() {
    is::<fn(&S, &mut Msg) -> Fallible>(RecvMsg::recv);
    is::<fn(&S, &mut Msg) -> Fallible>(RecvMsg::try_recv);
    is::<fn(&S) -> Fallible<Msg>>(RecvMsg::recv_msg);
    is::<fn(&S) -> Fallible<Msg>>(RecvMsg::try_recv_msg);
    is::<fn(&S) -> Fallible<i32>>(S::recv_hwm);
    is::<fn(&S, i32) -> Fallible>(S::set_recv_hwm);
    is::<fn(&S) -> Fallible<Period>>(S::recv_timeout);
    is::<fn(&S, Period) -> Fallible>(S::set_recv_timeout);
}

fn heartbeats<S: Heartbeating>() {
    is::<fn(&S) -> Option<Heartbeat>>(Heartbeating::heartbeat);
    is::<fn(&S, Option<Heartbeat>) -> Fallible>(Heartbeating::set_heartbeat);
}

#[test]
fn socket_signatures_are_those_of_0_2() {
    macro_rules! made_so {
        ($($socket:ident $builder:ident $config:ident;)*) => {$(
            socket::<$socket>();
            builds::<$builder>();
            is::<fn() -> Fallible<$socket>>($socket::new);
            is::<fn(CtxHandle) -> Fallible<$socket>>($socket::with_ctx);
            is::<fn(&$socket) -> CtxHandle>($socket::ctx);

            is::<fn() -> $builder>($builder::new);
            is::<fn(&$builder) -> Fallible<$socket>>($builder::build);
            is::<fn(&$builder, CtxHandle) -> Fallible<$socket>>($builder::with_ctx);
            is::<fn(&mut $builder, TcpAddr) -> &mut $builder>($builder::connect);
            is::<fn(&mut $builder, Vec<Endpoint>) -> &mut $builder>($builder::bind);
            is::<fn(&mut $builder, Mechanism) -> &mut $builder>($builder::mechanism);

            is::<fn() -> $config>($config::new);
            is::<fn(&$config) -> Fallible<$socket>>($config::build);
            is::<fn(&$config, CtxHandle) -> Fallible<$socket>>($config::with_ctx);
            is::<fn(&$config, &$socket) -> Fallible>($config::apply);
        )*};
    }
    made_so! {
        Client ClientBuilder ClientConfig;
        Server ServerBuilder ServerConfig;
        Radio RadioBuilder RadioConfig;
        Dish DishBuilder DishConfig;
        Scatter ScatterBuilder ScatterConfig;
        Gather GatherBuilder GatherConfig;
    }

    macro_rules! sending {
        ($($socket:ident $builder:ident)*) => {$(
            sends::<$socket>();
            builds_sends::<$builder>();
            is::<fn(&mut $builder, i32) -> &mut $builder>($builder::send_hwm);
            is::<fn(&mut $builder, Duration) -> &mut $builder>($builder::send_timeout);
        )*};
    }
    sending!(Client ClientBuilder Server ServerBuilder Radio RadioBuilder Scatter ScatterBuilder);

    macro_rules! receiving {
        ($($socket:ident $builder:ident)*) => {$(
            receives::<$socket>();
            builds_receives::<$builder>();
            is::<fn(&mut $builder, i32) -> &mut $builder>($builder::recv_hwm);
            is::<fn(&mut $builder, Duration) -> &mut $builder>($builder::recv_timeout);
        )*};
    }
    receiving!(Client ClientBuilder Server ServerBuilder Dish DishBuilder Gather GatherBuilder);

    macro_rules! heartbeating {
        ($($socket:ident $builder:ident)*) => {$(
            heartbeats::<$socket>();
            builds_heartbeats::<$builder>();
            is::<fn(&mut $builder, Heartbeat) -> &mut $builder>($builder::heartbeat);
        )*};
    }
    heartbeating!(
        Client ClientBuilder
        Server ServerBuilder
        Scatter ScatterBuilder
        Gather GatherBuilder
    );

    is::<fn(&Server, &'static str, RoutingId) -> Result<(), Error<Msg>>>(Server::route);
    is::<fn(&Server, Msg, RoutingId) -> Result<(), Error<Msg>>>(Server::try_route);

    is::<fn(&Radio) -> Fallible<bool>>(Radio::no_drop);
    is::<fn(&Radio, bool) -> Fallible>(Radio::set_no_drop);
    is::<fn(&Radio, &'static str, &'static Group) -> Result<(), Error<Msg>>>(Radio::transmit);
    is::<fn(&Radio, Msg, &'static GroupSlice) -> Result<(), Error<Msg>>>(Radio::try_transmit);
    is::<fn(&mut RadioBuilder) -> &mut RadioBuilder>(RadioBuilder::no_drop);

    is::<fn(&Dish, Group) -> Fallible>(Dish::join);
    is::<fn(&Dish) -> Vec<Group>>(Dish::joined);
    is::<fn(&Dish, &'static GroupSlice) -> Fallible>(Dish::leave);
    is::<fn(&mut DishBuilder, Vec<Group>) -> &mut DishBuilder>(DishBuilder::join);
    is::<for<'a> fn(&'a mut DishBuilder, &'static Group) -> &'a mut DishBuilder>(DishBuilder::join);

    is::<[SocketType; 6]>([
        SocketType::Client,
        SocketType::Server,
        SocketType::Radio,
        SocketType::Dish,
        SocketType::Scatter,
        SocketType::Gather,
    ]);
}

#[test]
fn proxy_signatures_are_those_of_0_2() {
    is::<fn(Gather, Scatter) -> Fallible>(proxy);
    is::<fn(Radio, Dish) -> Fallible>(proxy);
}

#[test]
fn poller_signatures_are_those_of_0_2() {
    is::<fn() -> Poller<'static>>(Poller::new);
    is::<fn(&mut Poller<'static>, &'static Client, PollId, Trigger) -> Fallible>(Poller::add);
    is::<fn(&mut Poller<'static>, &'static Server) -> Fallible>(Poller::remove);
    is::<fn(&mut Poller<'static>, &'static Server, Trigger) -> Fallible>(Poller::modify);
    is::<fn(&mut Poller<'static>, &mut Events) -> Fallible>(Poller::try_poll);
    is::<fn(&mut Poller<'static>, &mut Events, Period) -> Fallible>(Poller::poll);

    is::<fn() -> Events>(Events::new);
    is::<fn(usize) -> Events>(Events::with_capacity);
    is::<fn(&Events) -> usize>(Events::capacity);
    is::<fn(&Events) -> bool>(Events::is_empty);
    is::<fn(&mut Events)>(Events::clear);
    let mut ids: Vec<PollId> = Events::new().iter().map(|event| event.id()).collect();
    ids.extend((&Events::new()).into_iter().map(|event| event.id()));
    ids.extend(Events::new().into_iter().map(|event| event.id()));
    assert_eq!(ids, []);

    is::<fn(&Event) -> bool>(Event::is_readable);
    is::<fn(&Event) -> bool>(Event::is_writable);
    is::<fn(&Event) -> bool>(Event::is_error);
    is::<fn(&Event) -> bool>(Event::is_priority);
    is::<fn(&Event) -> PollId>(Event::id);
    is::<usize>(PollId(1).0);
    is::<[Trigger; 6]>([
        EMPTY,
        READABLE,
        WRITABLE,
        Trigger::EMPTY,
        Trigger::READABLE,
        Trigger::WRITABLE,
    ]);
}

#[test]
fn mechanism_signatures_are_those_of_0_2() {
    is::<fn(&'static str, String) -> PlainClientCreds>(PlainClientCreds::new);
    is::<fn(&PlainClientCreds) -> &str>(PlainClientCreds::username);
    is::<fn(&PlainClientCreds) -> &str>(PlainClientCreds::password);

    is::<fn(CurvePublicKey) -> CurveClientCreds>(CurveClientCreds::new);
    is::<fn(CurveClientCreds, CurveCert) -> CurveClientCreds>(CurveClientCreds::add_cert);
    is::<fn(&CurveClientCreds) -> Option<&CurveCert>>(CurveClientCreds::cert);
    is::<fn(&CurveClientCreds) -> &CurvePublicKey>(CurveClientCreds::server);
    is::<fn(CurveSecretKey) -> CurveServerCreds>(CurveServerCreds::new);
    is::<fn(&CurveServerCreds) -> &CurveSecretKey>(CurveServerCreds::secret);

    is::<fn(&'static str) -> Result<CurvePublicKey, CurveError>>(CurvePublicKey::new);
    is::<fn(&CurvePublicKey) -> &str>(CurvePublicKey::as_str);
    is::<fn(String) -> Result<CurveSecretKey, CurveError>>(CurveSecretKey::new);
    is::<fn(&CurveSecretKey) -> &str>(CurveSecretKey::as_str);
    #[cfg(feature = "curve")]
    is::<fn() -> CurveCert>(CurveCert::new_unique);
    is::<fn(&CurveCert) -> &CurvePublicKey>(CurveCert::public);
    is::<fn(&CurveCert) -> &CurveSecretKey>(CurveCert::secret);
    is::<[CurveError; 2]>([CurveError::InvalidSize, CurveError::InvalidByte { pos: 0, byte: 0 }]);

    is::<[Mechanism; 2]>([Mechanism::Null, Mechanism::PlainServer]);
    is::<fn(PlainClientCreds) -> Mechanism>(Mechanism::PlainClient);
    is::<fn(CurveClientCreds) -> Mechanism>(Mechanism::CurveClient);
    is::<fn(CurveServerCreds) -> Mechanism>(Mechanism::CurveServer);
}

#[test]
fn authentication_signatures_are_those_of_0_2() {
    type Ips = Vec<IpAddr>;
    type Creds = Vec<PlainClientCreds>;
    type Keys = Vec<CurvePublicKey>;

    is::<fn() -> Fallible<AuthClient>>(AuthClient::new);
    is::<fn(CtxHandle) -> Fallible<AuthClient>>(AuthClient::with_ctx);
    is::<fn(&AuthClient, Ips) -> Result<(), Error<usize>>>(AuthClient::add_blacklist);
    is::<fn(&AuthClient, Ips) -> Result<(), Error<usize>>>(AuthClient::remove_blacklist);
    is::<fn(&AuthClient, Ips) -> Fallible>(AuthClient::set_blacklist);
    is::<fn(&AuthClient, Ips) -> Result<(), Error<usize>>>(AuthClient::add_whitelist);
    is::<fn(&AuthClient, Ips) -> Result<(), Error<usize>>>(AuthClient::remove_whitelist);
    is::<fn(&AuthClient, Ips) -> Fallible>(AuthClient::set_whitelist);
    is::<fn(&AuthClient, Creds) -> Result<(), Error<usize>>>(AuthClient::add_plain_registry);
    is::<fn(&AuthClient, Vec<String>) -> Result<(), Error<usize>>>(
        AuthClient::remove_plain_registry,
    );
    is::<fn(&AuthClient, Creds) -> Fallible>(AuthClient::set_plain_registry);
    is::<fn(&AuthClient, Keys) -> Result<(), Error<usize>>>(AuthClient::add_curve_registry);
    is::<fn(&AuthClient, Keys) -> Result<(), Error<usize>>>(AuthClient::remove_curve_registry);
    is::<fn(&AuthClient, Keys) -> Fallible>(AuthClient::set_curve_registry);
    is::<fn(&AuthClient, bool) -> Fallible>(AuthClient::set_curve_auth);

    is::<fn() -> AuthConfig>(AuthConfig::new);
    is::<fn(&AuthConfig) -> Fallible<AuthClient>>(AuthConfig::build);
    is::<fn(&AuthConfig, CtxHandle) -> Fallible<AuthClient>>(AuthConfig::with_ctx);
    is::<fn(&AuthConfig, &AuthClient) -> Fallible>(AuthConfig::apply);
    is::<fn(&mut AuthConfig, Option<Ips>)>(AuthConfig::set_blacklist);
    is::<fn(&mut AuthConfig, Option<Ips>)>(AuthConfig::set_whitelist);
    is::<fn(&mut AuthConfig, Option<Creds>)>(AuthConfig::set_plain_registry);
    is::<fn(&mut AuthConfig, Option<Keys>)>(AuthConfig::set_curve_registry);
    is::<fn(&mut AuthConfig, Option<bool>)>(AuthConfig::set_curve_auth);

    is::<fn() -> AuthBuilder>(AuthBuilder::new);
    is::<fn(&AuthBuilder) -> Fallible<AuthClient>>(AuthBuilder::build);
    is::<fn(&AuthBuilder, CtxHandle) -> Fallible<AuthClient>>(AuthBuilder::with_ctx);
    is::<fn(&mut AuthBuilder, Ips) -> &mut AuthBuilder>(AuthBuilder::blacklist);
    is::<fn(&mut AuthBuilder, Ips) -> &mut AuthBuilder>(AuthBuilder::whitelist);
    is::<fn(&mut AuthBuilder, Creds) -> &mut AuthBuilder>(AuthBuilder::plain_registry);
    is::<fn(&mut AuthBuilder, Keys) -> &mut AuthBuilder>(AuthBuilder::curve_registry);
    is::<fn(&mut AuthBuilder) -> &mut AuthBuilder>(AuthBuilder::no_curve_auth);
}

#[test]
#[allow(clippy::op_ref, reason = "programs for 0.2 do so")]
fn groups_compare_with_each_other_and_with_text_in_both_orders() {
    let group: Group = "abc".try_into().unwrap();
    let slice: &GroupSlice = &group;
    let (text, bytes) = ("abc", &b"abc"[..]);
    let mut msg = Msg::new();
    msg.set_group(&group);

    assert_eq!(group, text);
    assert_eq!(text, group);
    assert_eq!(group, *text);
    assert_eq!(*text, group);
    assert_eq!(&group, text);
    assert_eq!(group, text.to_owned());
    assert_eq!(group, *bytes);
    assert_eq!(*bytes, group);
    assert_eq!(group, bytes);
    assert_eq!(slice, text);
    assert_eq!(*text, *slice);
    assert_eq!(slice, bytes);
    assert_eq!(group, slice);
    assert_eq!(slice, group);
    assert_eq!(slice, &group);
    assert_eq!(&group, slice);
    assert_eq!(group, *slice);
    assert_eq!(*slice, group);
    assert!(group == msg.group().unwrap());
    assert!(msg.group().unwrap() == &group);
    assert!(msg.group().unwrap() == group);
    assert!(group != "abd" && "ab" != group && *slice != *"abd");

    assert_eq!(format!("{group} {slice}"), "abc abc");
    is::<fn(&'static GroupSlice) -> &'static CStr>(AsRef::as_ref);
    is::<fn(Group) -> std::ffi::CString>(Into::into);
    is::<fn(&'static Group) -> &'static GroupSlice>(Into::into);
    assert_eq!(slice.into_iter().count(), 1);
}

#[test]
fn cast_infers_its_type_before_a_question_mark() {
    fn route(server: &Server, id: RoutingId) -> Result<(), Error> {
        server.try_route("pong", id).map_err(Error::cast)?;
        Ok(())
    }
    let id = RoutingId::new(1).unwrap();
    assert_eq!(route(&Server::new().unwrap(), id).unwrap_err().kind(), ErrorKind::HostUnreachable);
}
