//! The traits that the types of 0.2 have.

use std::{
    ffi::{CStr, CString},
    fmt::{Debug, Display},
    hash::Hash,
    io, net,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
    time::Duration,
};

use libzmq::{addr::*, auth::*, config::*, poll::*, *};

fn plain<T: Clone + Debug + Eq + Hash>() {}
fn copies<T: Copy + Debug + Eq + Hash>() {}
fn shared<T: Clone + Debug + Eq + Send + Sync>() {}
fn begins<T: Default>() {}
fn shows<T: Display>() {}
fn fails<T: std::error::Error>() {}
fn becomes<A: Into<B>, B>() {}
fn parses<T>()
where
    T: FromStr + Display + TryFrom<&'static str> + TryFrom<String> + TryFrom<&'static String>,
{
}
fn repeats<T: IntoIterator>() {}

#[test]
fn values_have_the_traits_of_0_2() {
    plain::<CurvePublicKey>();
    plain::<CurveSecretKey>();
    plain::<CurveCert>();
    plain::<CurveClientCreds>();
    plain::<CurveServerCreds>();
    plain::<PlainClientCreds>();
    plain::<Mechanism>();
    plain::<Group>();
    plain::<Hostname>();
    plain::<Interface>();
    plain::<SocketAddr>();
    plain::<SrcAddr>();
    plain::<TcpAddr>();
    plain::<UdpAddr>();
    plain::<PgmAddr>();
    plain::<EpgmAddr>();
    plain::<InprocAddr>();
    plain::<Endpoint>();
    plain::<Heartbeat>();
    plain::<Events>();
    plain::<Event>();
    plain::<GroupParseError>();
    copies::<Port>();
    copies::<Period>();
    copies::<ErrorKind>();
    copies::<PollId>();
    copies::<Trigger>();
    copies::<RoutingId>();
    copies::<CtxHandle>();
    begins::<Mechanism>();
    begins::<Period>();
    begins::<Ctx>();
    begins::<Msg>();
    begins::<Events>();
    begins::<Poller<'static>>();
    fails::<Error<Msg>>();
    fails::<AddrParseError>();
    fails::<GroupParseError>();
    fails::<CurveError>();
    shows::<ErrorKind>();
}

#[test]
fn builders_and_sockets_have_the_traits_of_0_2() {
    plain::<CtxConfig>();
    plain::<CtxBuilder>();
    plain::<AuthConfig>();
    plain::<AuthBuilder>();
    plain::<ClientConfig>();
    plain::<ServerBuilder>();
    plain::<RadioConfig>();
    plain::<DishBuilder>();
    plain::<ScatterBuilder>();
    plain::<GatherConfig>();
    begins::<ClientBuilder>();
    begins::<AuthBuilder>();
    begins::<CtxBuilder>();
    shared::<Client>();
    shared::<Server>();
    shared::<Radio>();
    shared::<Dish>();
    shared::<Scatter>();
    shared::<Gather>();
    shared::<AuthClient>();
}

#[test]
fn conversions_are_those_of_0_2() {
    parses::<Hostname>();
    parses::<InprocAddr>();
    parses::<TcpAddr>();
    parses::<UdpAddr>();
    parses::<PgmAddr>();
    parses::<EpgmAddr>();
    parses::<SocketAddr>();
    parses::<SrcAddr>();
    parses::<Interface>();
    parses::<Port>();
    parses::<Group>();
    shows::<CurvePublicKey>();

    becomes::<Option<Duration>, Period>();
    becomes::<Period, Option<Duration>>();
    becomes::<RoutingId, u32>();
    becomes::<usize, PollId>();
    becomes::<PollId, usize>();
    becomes::<&Heartbeat, Heartbeat>();
    becomes::<&CurvePublicKey, CurvePublicKey>();
    becomes::<&CurveSecretKey, CurveSecretKey>();
    becomes::<&CurveClientCreds, CurveClientCreds>();
    becomes::<&CurveServerCreds, CurveServerCreds>();
    becomes::<&PlainClientCreds, PlainClientCreds>();
    becomes::<&CurveClientCreds, Mechanism>();
    becomes::<&CurveServerCreds, Mechanism>();
    becomes::<&PlainClientCreds, Mechanism>();
    becomes::<&Mechanism, Mechanism>();
    becomes::<net::SocketAddr, SocketAddr>();
    becomes::<&SocketAddr, SocketAddr>();
    becomes::<SocketAddr, SrcAddr>();
    becomes::<&SocketAddr, SrcAddr>();
    becomes::<&SrcAddr, SrcAddr>();
    becomes::<SocketAddr, TcpAddr>();
    becomes::<SocketAddr, UdpAddr>();
    becomes::<SocketAddr, PgmAddr>();
    becomes::<SocketAddr, EpgmAddr>();
    becomes::<(Ipv4Addr, u16), SocketAddr>();
    becomes::<(Ipv6Addr, u16), SocketAddr>();
    becomes::<&Endpoint, Endpoint>();
    becomes::<Error<Msg>, io::Error>();
    becomes::<Group, CString>();
    becomes::<&Group, Group>();
    becomes::<&GroupSlice, Group>();
    let _: fn(&Endpoint) -> &Endpoint = AsRef::as_ref;
    let _: fn(&GroupSlice) -> &CStr = AsRef::as_ref;

    #[cfg(feature = "curve")]
    {
        becomes::<CurveSecretKey, CurvePublicKey>();
        becomes::<&CurveSecretKey, CurvePublicKey>();
    }

    repeats::<Endpoint>();
    repeats::<&Endpoint>();
    repeats::<&TcpAddr>();
    repeats::<CurvePublicKey>();
    repeats::<&CurvePublicKey>();
    repeats::<CurveSecretKey>();
    repeats::<&CurveSecretKey>();
    repeats::<PlainClientCreds>();
    repeats::<&PlainClientCreds>();
    repeats::<Group>();
    repeats::<&Group>();

    let ip = IpAddr::from([127, 0, 0, 1]);
    assert_eq!(ip.into_ip_addrs().count(), 1);
    assert_eq!((&ip).into_ip_addrs().count(), 1);
    assert_eq!(Ipv6Addr::LOCALHOST.into_ip_addrs().count(), 1);
    assert_eq!((&[ip, ip][..]).into_ip_addrs().count(), 2);
    assert_eq!(vec![ip].into_ip_addrs().count(), 1);
}
