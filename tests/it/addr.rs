//! The texts of addresses: what parses, what does not, and that printing and parsing are each
//! other's inverse.

use std::{
    collections::{BTreeSet, HashSet},
    fmt::{Debug, Display},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddrV6},
    num::NonZeroU32,
    str::FromStr,
};

use libzmq::{EpgmAddr, INPROC_MAX_SIZE, InprocAddr, PgmAddr, TcpAddr, UdpAddr, addr::*};
use proptest::{option, prelude::*};

fn endpoint(text: &str) -> Endpoint {
    text.parse().unwrap()
}

/// What each of these parses to prints as the text after it; `=` stands for itself.
#[test]
fn valid_endpoint_texts_parse_and_print() {
    for (text, printed) in [
        ("tcp://127.0.0.1:5555", "="),
        ("tcp://*:5555", "="),
        ("tcp://*:*", "="),
        ("tcp://*:0", "tcp://*:*"),
        ("tcp://*:!", "tcp://*:*"),
        ("tcp://eth0:5555", "="),
        ("tcp://eth0.100:5555", "="),
        ("tcp://example.org:5555", "="),
        ("tcp://[::1]:5555", "="),
        ("tcp://::1:5555", "tcp://[::1]:5555"),
        ("tcp://[0:0:0:0:0:0:0:1]:05555", "tcp://[::1]:5555"),
        ("tcp://[127.0.0.1]:1", "tcp://127.0.0.1:1"),
        ("tcp://[fe80::1%eth0]:5555", "="),
        ("tcp://fe80::1%2:5555", "tcp://[fe80::1%2]:5555"),
        ("tcp://10.0.0.1:*;10.0.0.2:5555", "="),
        ("tcp://eth0:5556;10.0.0.2:5555", "="),
        ("tcp://[::1]:*;[::1]:5555", "="),
        // libzmq requires a port there.
        ("tcp://eth0;10.0.0.2:5555", "tcp://eth0:*;10.0.0.2:5555"),
        ("tcp://::1;[::2]:5555", "tcp://[::1]:*;[::2]:5555"),
        ("udp://239.0.0.1:5555", "="),
        ("udp://*:5555", "="),
        ("udp://eth0;239.0.0.1:5555", "="),
        ("udp://*;239.0.0.1:5555", "="),
        ("udp://[::1];[ff02::1]:5555", "="),
        ("udp://::1;[ff02::1]:5555", "udp://[::1];[ff02::1]:5555"),
        ("ipc:///run/orders.sock", "="),
        ("ipc://orders.sock", "="),
        ("ipc://@orders", "="),
        ("ipc://*", "="),
        ("ipc://a b\n", "="),
        ("inproc://workers", "="),
        ("inproc://a://b;c:d", "="),
        ("ws://127.0.0.1:8080/", "="),
        ("ws://127.0.0.1:8080", "ws://127.0.0.1:8080/"),
        ("ws://*:*/a/b", "="),
        ("ws://[::1]:8080/a?b=c", "="),
        ("wss://example.org:443/a", "="),
        ("tipc://{5555,0,100}", "="),
        ("tipc://{5555, 0, 100}", "tipc://{5555,0,100}"),
        ("tipc://{5555,42}", "="),
        ("tipc://{5555,42}@1.0.0", "tipc://{5555,42}"),
        ("tipc://{5555,42}@1.1.10", "="),
        ("tipc://<*>", "="),
        ("tipc://<1.1.10:123>", "="),
        ("vmci://2:5555", "="),
        ("vmci://@:*", "="),
        ("vmci://-1:-1", "vmci://*:*"),
        ("vmci://4294967295:4294967295", "vmci://*:*"),
        ("pgm://eth0;239.192.1.1:5555", "="),
        ("pgm://239.192.1.1:5555", "pgm://;239.192.1.1:5555"),
        ("pgm://;239.192.1.1:5555", "="),
        ("epgm://eth0;239.192.1.1:5555", "="),
        ("norm://224.1.2.3:5556", "="),
        ("norm://eth0;224.1.2.3:5556", "="),
        ("norm://7,eth0;224.1.2.3:5556", "="),
    ] {
        let endpoint = endpoint(text);
        assert_eq!(endpoint.to_string(), if printed == "=" { text } else { printed });
        assert_eq!(text.split_once("://").unwrap().0, endpoint.transport());
    }
}

/// The message of each error, so that a text is not refused for another reason.
#[test]
fn invalid_endpoint_text_errors_name_the_reason() {
    let transport = "unknown transport, expected one of tcp udp ipc inproc ws wss tipc \
                     vmci pgm epgm norm";
    let port = "a port is a number up to 65535, or * for one that the system assigns";
    let name = "a host name has none of * : ; , / % [ ]";
    let ws = "a path has no whitespace, no control characters and no colons";
    let zone = "a zone is the name of an interface or its index";
    let domain = "a domain is zone.cluster.node, of 8, 12 and 12 bits";
    let long_name = format!("inproc://{}", "x".repeat(INPROC_MAX_SIZE + 1));
    for (text, msg) in [
        ("", "an endpoint begins with its transport, as in tcp://"),
        ("127.0.0.1:5555", "an endpoint begins with its transport, as in tcp://"),
        ("TCP://127.0.0.1:5555", transport),
        ("://127.0.0.1:5555", transport),
        ("tcp://", "the port is missing"),
        ("tcp://127.0.0.1", "the port is missing"),
        ("tcp://[::1]", "the port is missing"),
        ("tcp://127.0.0.1:", "the port is missing"),
        ("tcp://:5555", "the host is missing"),
        ("tcp://[]:5555", "the host is missing"),
        ("tcp://;127.0.0.1:5555", "the host is missing"),
        ("tcp://127.0.0.1:65536", port),
        ("tcp://127.0.0.1:+1", port),
        ("tcp://127.0.0.1:-1", port),
        ("tcp://127.0.0.1:http", port),
        ("tcp://127.0.0.1:1x", port),
        ("tcp://127.0.0.1:1/path", port),
        ("tcp://127.0.0.1:80:80", name),
        ("tcp://a*b:1", name),
        ("tcp://udp://127.0.0.1:1", name),
        ("tcp://tcp://127.0.0.1:1", "the transport is there twice"),
        ("tcp:// a:1", "a host has no surrounding whitespace and no control characters"),
        ("tcp://a\0b:1", "a host has no surrounding whitespace and no control characters"),
        ("tcp://127.0.0.1%eth0:1", "only an IPv6 address has a zone"),
        ("tcp://[fe80::1%]:1", zone),
        ("tcp://[fe80::1%0]:1", zone),
        ("tcp://[fe80::1%1x]:1", zone),
        ("udp://eth0:1;239.0.0.1:5555", name),
        ("udp://;239.0.0.1:5555", "the host is missing"),
        ("ipc://", "the path is missing"),
        ("ipc://@", "the path is missing"),
        ("ipc:///tmp/a\0b", "a path has no NUL"),
        ("ipc://ipc://a", "the transport is there twice"),
        ("inproc://", "the name is missing"),
        ("inproc://a\0b", "a name has no NUL"),
        (&long_name, "a name has at most INPROC_MAX_SIZE bytes"),
        ("inproc://inproc://a", "the transport is there twice"),
        ("ws://127.0.0.1:80/a\r\nX-Evil: 1", ws),
        ("ws://127.0.0.1:80/a b", ws),
        ("ws://127.0.0.1:80/a:b", ws),
        ("ws://eth0;127.0.0.1:80/", name),
        ("ws://127.0.0.1/", "the port is missing"),
        ("tipc://{63,0,1}", "the service type is reserved"),
        ("tipc://{64,0}", "the service type is reserved"),
        ("tipc://{5555,2,1}", "the range is empty"),
        ("tipc://{5555}", "a service is {type,instance} or {type,lower,upper}"),
        ("tipc://{5555,0,1,2}", "a service is {type,instance} or {type,lower,upper}"),
        ("tipc://{5555,0,1}@1.0.0", "a service is {type,instance} or {type,lower,upper}"),
        ("tipc://{5555,-1}", "a number of 32 bits is expected"),
        ("tipc://{5555,1", "the closing brace is missing"),
        ("tipc://{5555,1}x", "what follows a service is @ and a domain"),
        ("tipc://{5555,1}@1.0", domain),
        ("tipc://{5555,1}@256.0.0", domain),
        ("tipc://<1.4096.0:1>", domain),
        ("tipc://<1.1.1>", "the reference of the port is missing"),
        ("tipc://5555", "an address of TIPC begins with { or <"),
        ("vmci://2", "the port is missing"),
        ("vmci://x:1", "a context is a number of 32 bits, @ or *"),
        ("vmci://1:4294967296", "a port is a number of 32 bits, or *"),
        ("norm://x,eth0;224.1.2.3:5556", "a node id is a number of 32 bits"),
    ] {
        let err = text.parse::<Endpoint>().unwrap_err();
        assert_eq!((err.text(), err.msg()), (text, msg));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn ipc_path_over_107_bytes_is_an_error() {
    assert!(IpcAddr::new("x".repeat(107)).is_ok());
    assert!(IpcAddr::new("x".repeat(108)).is_err());
}

#[cfg(unix)]
#[test]
fn ipc_path_that_is_not_utf8_is_an_error() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

    let err = IpcAddr::new(OsStr::from_bytes(b"/tmp/\xff")).unwrap_err();
    assert_eq!(err.msg(), "a path must be UTF-8");
}

#[test]
fn address_parses_with_and_without_its_transport() {
    let addr: TcpAddr = "127.0.0.1:*".parse().unwrap();
    assert_eq!(addr, "tcp://127.0.0.1:*".parse().unwrap());
    assert_eq!(addr.to_string(), "127.0.0.1:*");
    assert!("udp://127.0.0.1:1".parse::<TcpAddr>().is_err());
    assert_eq!(InprocAddr::new("inproc://a").unwrap(), "a");
}

#[test]
fn addresses_of_equal_value_are_equal() {
    let ip = Ipv4Addr::LOCALHOST;
    let addr = SocketAddr::from((ip, 5555));
    let spelt = Interface::Hostname(Hostname::new("127.0.0.1").unwrap());
    assert_eq!(SocketAddr::new(spelt, Port::Specified(5555)), addr);
    assert_eq!(SocketAddr::new(ip.into(), Port::Specified(0)), (ip, Port::Unspecified).into());
    let scoped = SocketAddrV6::new(Ipv6Addr::LOCALHOST, 1, 7, 2);
    assert_eq!(SocketAddr::from(scoped).to_string(), "[::1%2]:1");
    let tcp = TcpAddr::new(&addr).add_src(IpAddr::V4(ip));
    assert_eq!(tcp.src(), Some(&SrcAddr::from((ip, Port::Unspecified))));
    let udp = UdpAddr::new(addr).add_src((ip, 7));
    assert_eq!(udp.src(), Some(&SrcAddr::from(ip)));
}

#[test]
fn std_socket_addresses_convert_into_endpoints() {
    let std = std::net::SocketAddr::from(([127, 0, 0, 1], 5555));
    assert_eq!(Endpoint::from(std), endpoint("tcp://127.0.0.1:5555"));
    assert_eq!(TcpAddr::from(std).to_string(), "127.0.0.1:5555");
    let (host, port) = (Hostname::new("eth0").unwrap(), 5555);
    assert_eq!(UdpAddr::from((host, port)).to_string(), "eth0:5555");
}

#[test]
fn wildcard_endpoints_bind_and_do_not_connect() {
    for (text, bind, connect) in [
        ("tcp://127.0.0.1:1", true, true),
        ("tcp://127.0.0.1:*", true, false),
        ("tcp://*:1", true, false),
        ("ws://*:1", true, false),
        ("udp://*:1", true, false),
        ("ipc://*", true, false),
        ("ipc://a", true, true),
        ("inproc://a", true, true),
        ("tipc://<*>", true, false),
        ("tipc://{5555,0,1}", true, false),
        ("tipc://{5555,0}", true, true),
        ("tipc://<1.1.1:1>", false, true),
        ("vmci://*:1", true, false),
        ("vmci://@:1", true, true),
    ] {
        let endpoint = endpoint(text);
        assert_eq!((endpoint.can_bind(), endpoint.can_connect()), (bind, connect), "{text}");
    }
}

#[test]
fn address_iterates_as_one_endpoint() {
    fn gather<I, E>(endpoints: I) -> Vec<Endpoint>
    where
        I: IntoIterator<Item = E>,
        E: TryInto<Endpoint>,
        E::Error: Debug,
    {
        endpoints.into_iter().map(|endpoint| endpoint.try_into().unwrap()).collect()
    }

    let addr: TcpAddr = "127.0.0.1:1".parse().unwrap();
    let one = vec![Endpoint::from(&addr)];
    assert_eq!(gather(&addr), one);
    assert_eq!(gather(addr.clone()), one);
    assert_eq!(gather([&addr]), one);
    assert_eq!(gather(&one), one);
    assert_eq!(gather(one[0].clone()), one);
    assert_eq!(gather(["tcp://127.0.0.1:1"]), one);
    assert_eq!(gather(["tcp://127.0.0.1:1".to_owned()]), one);
}

#[expect(clippy::needless_borrows_for_generic_args, reason = "references are tested, too")]
#[test]
fn one_or_many_ip_addresses_convert() {
    fn gather<I: IntoIpAddrs>(ips: I) -> Vec<IpAddr> {
        ips.into_ip_addrs().collect()
    }

    let v4 = Ipv4Addr::LOCALHOST;
    let ip = IpAddr::from(v4);
    let (array, list, set) = ([ip], vec![v4], BTreeSet::from([ip]));
    assert_eq!(gather(v4), [ip]);
    assert_eq!(gather([v4]), [ip]);
    assert_eq!(gather(&array[0]), [ip]);
    assert_eq!(gather(&array[..]), [ip]);
    assert_eq!(gather(&array), array);
    assert_eq!(gather(&list), [ip]);
    assert_eq!(gather(list), [ip]);
    assert_eq!(gather(&set), [ip]);
    assert_eq!(gather(set), [ip]);
    assert_eq!(gather(HashSet::from([ip])), [ip]);
}

#[cfg(feature = "serde")]
#[test]
fn addresses_serialize_as_strings() {
    let endpoint = endpoint("tcp://[fe80::1%eth0]:*");
    let json = serde_json::to_string(&endpoint).unwrap();
    assert_eq!(json, r#""tcp://[fe80::1%eth0]:*""#);
    assert_eq!(serde_json::from_str::<Endpoint>(&json).unwrap(), endpoint);
    assert_eq!(serde_json::to_string(&Port::from(80)).unwrap(), r#""80""#);
    let err = serde_json::from_str::<TcpAddr>(r#""localhost""#).unwrap_err();
    assert!(err.to_string().contains("the port is missing"));
}

fn hostname() -> impl Strategy<Value = Hostname> {
    "[A-Za-z0-9_.-]{1,20}".prop_map(|name| Hostname::new(name).unwrap())
}

fn zone() -> impl Strategy<Value = Zone> {
    prop_oneof![
        "[a-z][a-z0-9.]{0,9}".prop_map(|name| Zone::new(name).unwrap()),
        any::<NonZeroU32>().prop_map(Zone::from),
    ]
}

fn interface() -> impl Strategy<Value = Interface> {
    prop_oneof![
        any::<IpAddr>().prop_map(Interface::Ip),
        hostname().prop_map(Interface::from),
        (any::<Ipv6Addr>(), zone()).prop_map(|(ip, zone)| Interface::Zoned(ip, zone)),
        Just(Interface::Unspecified),
    ]
}

fn port() -> impl Strategy<Value = Port> {
    any::<u16>().prop_map(Port::from)
}

fn socket_addr() -> impl Strategy<Value = SocketAddr> {
    (interface(), port()).prop_map(|(interface, port)| SocketAddr::new(interface, port))
}

fn src() -> impl Strategy<Value = SrcAddr> {
    prop_oneof![socket_addr().prop_map(SrcAddr::from), interface().prop_map(SrcAddr::from),]
}

fn path() -> impl Strategy<Value = String> {
    "/[!-9;-~é]{0,20}"
}

fn domain() -> impl Strategy<Value = TipcDomain> {
    (any::<u8>(), 0..4096u16, 0..4096u16)
        .prop_map(|(zone, cluster, node)| TipcDomain::new(zone, cluster, node).unwrap())
}

fn tipc() -> impl Strategy<Value = TipcAddr> {
    prop_oneof![
        (64u32.., any::<u32>(), any::<u32>()).prop_map(|(service, a, b)| TipcAddr::range(
            service,
            a.min(b),
            a.max(b)
        )
        .unwrap()),
        (65u32.., any::<u32>(), domain()).prop_map(|(a, b, c)| TipcAddr::service(a, b, c).unwrap()),
        Just(TipcAddr::random()),
        (domain(), any::<u32>()).prop_map(|(node, reference)| TipcAddr::port(node, reference)),
    ]
}

fn vmci() -> impl Strategy<Value = VmciAddr> {
    let cid = prop_oneof![
        any::<u32>().prop_map(VmciCid::from),
        Just(VmciCid::Local),
        Just(VmciCid::Any),
    ];
    (cid, any::<Option<u32>>()).prop_map(|(cid, port)| VmciAddr::new(cid, port))
}

/// Any address to which a source can be added.
macro_rules! with_src {
    ($Type:ident) => {
        (socket_addr(), option::of(src())).prop_map(|(host, src)| match src {
            Some(src) => $Type::new(host).add_src(src),
            None => $Type::new(host),
        })
    };
}

fn any_endpoint() -> impl Strategy<Value = Endpoint> {
    let with_id = |(addr, id): (NormAddr, Option<u32>)| match id {
        Some(id) => addr.add_id(id),
        None => addr,
    };
    prop_oneof![
        with_src!(TcpAddr).prop_map(Endpoint::from),
        with_src!(UdpAddr).prop_map(Endpoint::from),
        with_src!(PgmAddr).prop_map(Endpoint::from),
        with_src!(EpgmAddr).prop_map(Endpoint::from),
        (with_src!(NormAddr), any::<Option<u32>>()).prop_map(with_id).prop_map(Endpoint::from),
        "[^\0]{1,60}"
            .prop_filter("@ alone is no path", |path| path != "@" && path.len() <= 103)
            .prop_map(|path| IpcAddr::new(path).unwrap().into()),
        "[^\0]{1,60}".prop_map(|name| InprocAddr::new(name).unwrap().into()),
        (socket_addr(), path())
            .prop_map(|(host, path)| WsAddr::new(host).add_path(path).unwrap().into()),
        (socket_addr(), path())
            .prop_map(|(host, path)| WssAddr::new(host).add_path(path).unwrap().into()),
        tipc().prop_map(Endpoint::from),
        vmci().prop_map(Endpoint::from),
    ]
}

/// Text that is close to an address, more often than arbitrary text would be.
fn nearly() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "tcp", "udp", "ipc", "inproc", "ws", "wss", "tipc", "vmci", "pgm", "epgm", "norm", "://",
        ":", ";", ",", "/", "%", "[", "]", "*", "!", "@", "{", "}", "<", ">", ".", " ", "-1", "0",
        "1", "99", "5555", "65536", "::1", "127.0.0.1", "fe80::1", "eth0", "é", "\0", "\r\n",
    ]);
    prop::collection::vec(words, 0..12).prop_map(|words| words.concat())
}

fn round_trip<T>(value: &T) -> Result<(), TestCaseError>
where
    T: FromStr<Err = AddrParseError> + Display + Debug + PartialEq,
{
    same(&value.to_string(), value)
}

fn same<T>(text: &str, value: &T) -> Result<(), TestCaseError>
where
    T: FromStr<Err = AddrParseError> + Debug + PartialEq,
{
    let parsed = text.parse::<T>();
    prop_assert_eq!(parsed.as_ref(), Ok(value));
    Ok(())
}

/// What parses prints to a text that parses to an equal value, as each type.
fn stable(text: &str) -> Result<(), TestCaseError> {
    fn check<T>(text: &str) -> Result<(), TestCaseError>
    where
        T: FromStr<Err = AddrParseError> + Display + Debug + PartialEq,
    {
        match text.parse::<T>() {
            Ok(value) => round_trip(&value),
            Err(err) => {
                prop_assert_eq!(err.text(), text);
                Ok(())
            }
        }
    }

    check::<Endpoint>(text)?;
    check::<TcpAddr>(text)?;
    check::<UdpAddr>(text)?;
    check::<IpcAddr>(text)?;
    check::<InprocAddr>(text)?;
    check::<WsAddr>(text)?;
    check::<WssAddr>(text)?;
    check::<TipcAddr>(text)?;
    check::<TipcDomain>(text)?;
    check::<VmciAddr>(text)?;
    check::<PgmAddr>(text)?;
    check::<EpgmAddr>(text)?;
    check::<NormAddr>(text)?;
    check::<SocketAddr>(text)?;
    check::<SrcAddr>(text)?;
    check::<Interface>(text)?;
    check::<Hostname>(text)?;
    check::<Zone>(text)?;
    check::<Port>(text)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn endpoints_round_trip_through_text(endpoint in any_endpoint()) {
        round_trip(&endpoint)?;
        // An address type's own text is that of the endpoint without the transport.
        let text = endpoint.to_string();
        let (transport, addr) = text.split_once("://").unwrap();
        match &endpoint {
            Endpoint::Tcp(tcp) => same(addr, tcp)?,
            Endpoint::Udp(udp) => same(addr, udp)?,
            Endpoint::Ipc(ipc) => same(addr, ipc)?,
            Endpoint::Inproc(inproc) => same(addr, inproc)?,
            Endpoint::Norm(norm) => same(addr, norm)?,
            _ => {}
        }
        prop_assert_eq!(transport, endpoint.transport());
        prop_assert!(!text.contains('\0'));
    }

    #[test]
    fn address_parts_round_trip_through_text(
        src in src(),
        host in socket_addr(),
        port in port(),
        domain in domain(),
    ) {
        round_trip(&src)?;
        round_trip(&host)?;
        round_trip(host.interface())?;
        round_trip(&port)?;
        round_trip(&domain)?;
    }

    #[test]
    fn parsing_any_text_does_not_panic(text in any::<String>()) {
        stable(&text)?;
    }

    #[test]
    fn parsing_text_like_an_address_does_not_panic(text in nearly()) {
        stable(&text)?;
    }
}
