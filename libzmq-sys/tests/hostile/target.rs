//! A socket that is attacked, and the good peer that it must still serve.

use std::ffi::{CString, c_int};
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::{Duration, Instant};

use crate::nonsense;
use crate::random::Random;
use crate::zmq::*;

const MS: Duration = Duration::from_millis(1);

/// What a socket shows, and trusts, over wss.
const CERTIFICATE: &[u8] = include_bytes!("../../../tests/interop/websockets/cert.pem");
const KEY: &[u8] = include_bytes!("../../../tests/interop/websockets/key.pem");

/// Each type, and the good peer of it.
const TYPES: [(u32, u32); 21] = [
    (ZMQ_PAIR, ZMQ_PAIR),
    (ZMQ_PUB, ZMQ_SUB),
    (ZMQ_SUB, ZMQ_PUB),
    (ZMQ_REQ, ZMQ_REP),
    (ZMQ_REP, ZMQ_REQ),
    (ZMQ_DEALER, ZMQ_DEALER),
    (ZMQ_ROUTER, ZMQ_DEALER),
    (ZMQ_PULL, ZMQ_PUSH),
    (ZMQ_PUSH, ZMQ_PULL),
    (ZMQ_XPUB, ZMQ_SUB),
    (ZMQ_XSUB, ZMQ_PUB),
    (ZMQ_STREAM, ZMQ_STREAM),
    (ZMQ_SERVER, ZMQ_CLIENT),
    (ZMQ_CLIENT, ZMQ_SERVER),
    (ZMQ_RADIO, ZMQ_DISH),
    (ZMQ_DISH, ZMQ_RADIO),
    (ZMQ_GATHER, ZMQ_SCATTER),
    (ZMQ_SCATTER, ZMQ_GATHER),
    (ZMQ_DGRAM, ZMQ_DGRAM),
    (ZMQ_PEER, ZMQ_PEER),
    (ZMQ_CHANNEL, ZMQ_CHANNEL),
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Transport {
    Tcp,
    Ipc,
    Ws,
    Wss,
    Udp,
}

impl Transport {
    /// Those that carry what all types say.
    fn built() -> Vec<Self> {
        let mut transports = vec![Self::Tcp, Self::Ipc];
        for (transport, name) in [(Self::Ws, c"WS"), (Self::Wss, c"WSS")] {
            if c!(zmq_has(name.as_ptr())) != 0 {
                transports.push(transport);
            }
        }
        transports
    }

    fn scheme(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Ipc => "ipc",
            Self::Ws => "ws",
            Self::Wss => "wss",
            Self::Udp => "udp",
        }
    }
}

/// A connection by tcp or by a file.
trait Stream: Read + Write {
    /// Has no call take longer than that.
    fn limit(&self, time: Duration);
    fn finish(&self);
}

macro_rules! streams {
    ($($stream:ty),*) => {$(
        impl Stream for $stream {
            fn limit(&self, time: Duration) {
                self.set_nonblocking(false).expect("an option");
                self.set_read_timeout(Some(time)).expect("an option");
                self.set_write_timeout(Some(time)).expect("an option");
            }

            fn finish(&self) {
                // Fails where the socket has hung up.
                let _ = self.shutdown(Shutdown::Write);
            }
        }
    )*};
}
streams!(TcpStream, UnixStream);

/// Where hostile peers wait for a socket to connect.
enum Listener {
    Tcp(TcpListener),
    Ipc(UnixListener),
}

impl Listener {
    fn accept(&self) -> Option<Box<dyn Stream>> {
        match self {
            Self::Tcp(listener) => listener.accept().ok().map(|(s, _)| Box::new(s) as _),
            Self::Ipc(listener) => listener.accept().ok().map(|(s, _)| Box::new(s) as _),
        }
    }
}

pub(crate) fn attack(random: &mut Random) {
    let (kind, peer) = random.of(&TYPES);
    let transport = match kind {
        ZMQ_STREAM => Transport::Tcp,
        ZMQ_DGRAM => Transport::Udp,
        ZMQ_DISH | ZMQ_RADIO if random.flip() => Transport::Udp,
        _ => random.of(&Transport::built()),
    };
    eprintln!("type {kind}, {transport:?}");
    let ctx = Ctx::new();
    let handler = ctx.socket(ZMQ_REP);
    assert_eq!(handler.bind("inproc://zeromq.zap.01"), Ok(0));
    let handler = std::thread::spawn(move || authenticate(handler));
    let socket = ctx.socket(kind);
    let mechanism = match random.below(6) {
        _ if transport == Transport::Udp || kind == ZMQ_STREAM => Mechanism::Null,
        0 | 1 => Mechanism::Plain,
        2 if c!(zmq_has(c"curve".as_ptr())) != 0 => Mechanism::Curve(Keys::new()),
        _ => Mechanism::Null,
    };
    configure(socket, kind, &mechanism, random);
    assert_eq!(socket.publish_events("inproc://events", ZMQ_EVENT_ALL, 2, ZMQ_PUB), Ok(0));
    let events = ctx.socket(ZMQ_SUB);
    assert_eq!(events.connect("inproc://events"), Ok(0));
    assert_eq!(events.try_set(ZMQ_SUBSCRIBE, b""), Ok(0));
    if transport == Transport::Wss {
        for (option, pem) in [
            (ZMQ_WSS_CERT_PEM, CERTIFICATE),
            (ZMQ_WSS_KEY_PEM, KEY),
            (ZMQ_WSS_TRUST_PEM, CERTIFICATE),
        ] {
            assert_eq!(socket.try_set(option, pem), Ok(0));
        }
    }
    if transport == Transport::Udp && kind == ZMQ_RADIO {
        broadcasts(socket, random);
    } else if transport == Transport::Udp {
        datagrams(socket, random);
    } else {
        let file = std::env::temp_dir().join(format!("libzmq-hostile-{}", std::process::id()));
        let bind = random.flip();
        eprintln!("bound: {bind}, {}", mechanism.name());
        if bind {
            bound(socket, transport, random);
        } else {
            connected(socket, transport, &file, random);
        }
        let _ = std::fs::remove_file(&file);
        serves(ctx, socket, (kind, peer), &mechanism);
    }
    while events.recv(DONTWAIT).is_ok() {}
    events.close();
    socket.close();
    assert_eq!(ctx.term(), Ok(0));
    handler.join().expect("the handler");
}

/// How the socket wants its peers to authenticate.
enum Mechanism {
    Null,
    Plain,
    Curve(Keys),
}

/// The public and the secret key of the socket, and those of its good peer.
struct Keys {
    socket: [[u8; 41]; 2],
    peer: [[u8; 41]; 2],
}

impl Mechanism {
    fn name(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Plain => "PLAIN",
            Self::Curve(_) => "CURVE",
        }
    }

    fn require(&self, socket: Sock) {
        match self {
            Self::Null => (),
            Self::Plain => socket.set(ZMQ_PLAIN_SERVER, 1),
            Self::Curve(keys) => {
                socket.set(ZMQ_CURVE_SERVER, 1);
                assert_eq!(socket.try_set(ZMQ_CURVE_SECRETKEY, &keys.socket[1]), Ok(0));
            }
        }
    }

    fn satisfy(&self, good: Sock) {
        let options: &[(u32, &[u8])] = match self {
            Self::Null => &[],
            Self::Plain => &[(ZMQ_PLAIN_USERNAME, b"good"), (ZMQ_PLAIN_PASSWORD, b"good")],
            Self::Curve(keys) => &[
                (ZMQ_CURVE_SERVERKEY, &keys.socket[0]),
                (ZMQ_CURVE_PUBLICKEY, &keys.peer[0]),
                (ZMQ_CURVE_SECRETKEY, &keys.peer[1]),
            ],
        };
        for (option, value) in options {
            assert_eq!(good.try_set(*option, value), Ok(0));
        }
    }
}

impl Keys {
    fn new() -> Self {
        let pair = || {
            let (mut public, mut secret) = ([0; 41], [0; 41]);
            let (to, and) = (public.as_mut_ptr().cast(), secret.as_mut_ptr().cast());
            assert_eq!(c!(zmq_curve_keypair(to, and)), 0);
            [public, secret]
        };
        Self { socket: pair(), peer: pair() }
    }
}

/// Lets in those whose name is `good`, and those who have the key of the socket, until the context
/// ends.
fn authenticate(handler: Sock) {
    loop {
        let mut request = Vec::new();
        while let Ok(frame) = handler.recv(0) {
            request.push(frame.body().to_vec());
            if handler.get(ZMQ_RCVMORE) == 0 {
                break;
            }
        }
        let [version, id, .., name, _password] = &request[..] else { break };
        let known = name == b"good" || name == b"CURVE";
        let status: &[u8] = if known { b"200" } else { b"400" };
        for frame in [&version[..], id, status, b"", b""] {
            let _ = handler.send(frame, SNDMORE);
        }
        let _ = handler.send(b"", 0);
    }
    handler.close();
}

/// Turns on what has the socket look at its peers more closely.
fn configure(socket: Sock, kind: u32, mechanism: &Mechanism, random: &mut Random) {
    socket.set(ZMQ_RECONNECT_IVL, 1);
    socket.set(ZMQ_HANDSHAKE_IVL, 1000);
    if random.flip() {
        socket.set(ZMQ_HEARTBEAT_IVL, 10);
        socket.set(ZMQ_HEARTBEAT_TIMEOUT, 500);
        socket.set(ZMQ_HEARTBEAT_TTL, 1000);
    }
    if random.flip() {
        assert_eq!(socket.try_set(ZMQ_MAXMSGSIZE, &8192_i64.to_ne_bytes()), Ok(0));
    }
    // Where the type takes them.
    if kind != ZMQ_STREAM && random.flip() {
        for option in [ZMQ_HELLO_MSG, ZMQ_DISCONNECT_MSG, ZMQ_HICCUP_MSG] {
            let _ = socket.try_set(option, b"notice");
        }
    }
    let _ = socket.try_set(ZMQ_SUBSCRIBE, b"");
    if kind == ZMQ_DISH {
        assert_eq!(socket.join("g"), Ok(0));
    }
    if kind == ZMQ_REQ {
        socket.set(ZMQ_REQ_RELAXED, 1);
        socket.set(ZMQ_REQ_CORRELATE, 1);
    }
    mechanism.require(socket);
}

fn bound(socket: Sock, transport: Transport, random: &mut Random) {
    let endpoint = socket.bound(&match transport {
        Transport::Ipc => "ipc://*".to_owned(),
        _ => format!("{}://127.0.0.1:*", transport.scheme()),
    });
    let (_, address) = endpoint.split_once("://").expect("an endpoint");
    let address = address.trim_end_matches('/');
    let mut kept: Vec<Box<dyn Stream>> = Vec::new();
    for _ in 0..2 + random.below(8) {
        let stream: Box<dyn Stream> = match transport {
            Transport::Ipc => Box::new(UnixStream::connect(address).expect("a connection")),
            _ => Box::new(TcpStream::connect(address).expect("a connection")),
        };
        kept.extend(talk(stream, transport, random));
        answer(socket);
    }
}

fn connected(socket: Sock, transport: Transport, file: &std::path::Path, random: &mut Random) {
    let (listener, endpoint) = if transport == Transport::Ipc {
        let listener = UnixListener::bind(file).expect("a listener");
        listener.set_nonblocking(true).expect("an option");
        (Listener::Ipc(listener), format!("ipc://{}", file.display()))
    } else {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("an option");
        let address = listener.local_addr().expect("an address");
        (Listener::Tcp(listener), format!("{}://{address}", transport.scheme()))
    };
    connect(socket, &endpoint);
    let mut kept: Vec<Box<dyn Stream>> = Vec::new();
    for _ in 0..2 + random.below(8) {
        // A socket that was refused, or still holds a connection, does not come again.
        let start = Instant::now();
        let stream = loop {
            match listener.accept() {
                None if start.elapsed() < 200 * MS => std::thread::sleep(MS),
                stream => break stream,
            }
        };
        let Some(stream) = stream else { break };
        kept.extend(talk(stream, transport, random));
        answer(socket);
    }
    let _ = socket.disconnect(&endpoint);
}

/// PEER has a call of its own.
fn connect(socket: Sock, endpoint: &str) -> u32 {
    if socket.get(ZMQ_TYPE) == ZMQ_PEER as c_int {
        let endpoint = CString::new(endpoint).expect("no NUL");
        return c!(zmq_connect_peer(socket.0, endpoint.as_ptr()));
    }
    assert_eq!(socket.connect(endpoint), Ok(0));
    0
}

/// Says something, and ends the connection in one of several ways, or keeps it.
fn talk(
    mut stream: Box<dyn Stream>,
    transport: Transport,
    random: &mut Random,
) -> Option<Box<dyn Stream>> {
    stream.limit(200 * MS);
    let bytes = match transport {
        Transport::Wss if random.below(4) > 0 => nonsense::tls(random),
        _ => nonsense::conversation(random, transport == Transport::Ws),
    };
    let (first, last) = bytes.split_at(random.below(bytes.len() + 1));
    // A socket that does not like the beginning hangs up.
    let _ = stream.write_all(first).and_then(|()| stream.write_all(last));
    match random.below(4) {
        // Without having read what the socket said, which resets a connection by tcp.
        0 => None,
        1 => {
            stream.finish();
            None
        }
        2 => {
            let mut said = [0; 4096];
            let _ = stream.read(&mut said);
            None
        }
        _ => Some(stream),
    }
}

/// Receives what has come, and sends something to all.
fn answer(socket: Sock) {
    for _ in 0..100 {
        if socket.recv(DONTWAIT).is_err() {
            break;
        }
    }
    let _ = socket.send(b"answer", DONTWAIT);
}

fn datagrams(socket: Sock, random: &mut Random) {
    let free = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("an address");
    drop(free);
    assert_eq!(socket.bind(&format!("udp://{address}")), Ok(0));
    let peer = UdpSocket::bind("127.0.0.1:0").expect("a port");
    peer.connect(address).expect("UDP always connects");
    for _ in 0..100 {
        // Until it is bound, its machine says so.
        match peer.send(&nonsense::datagram(random)) {
            Err(e) if e.kind() != ErrorKind::ConnectionRefused => panic!("{e}"),
            _ => answer(socket),
        }
    }
    eventually("a good datagram", || {
        let _ = peer.send(b"\x01ggood");
        receives(socket)
    });
}

/// A RADIO sends to a peer that answers.
fn broadcasts(socket: Sock, random: &mut Random) {
    let peer = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let address = peer.local_addr().expect("an address");
    peer.set_read_timeout(Some(20 * MS)).expect("an option");
    assert_eq!(socket.connect(&format!("udp://{address}")), Ok(0));
    let broadcast = || {
        eventually("a good datagram", || {
            socket.send_to_group("g", b"good");
            let mut datagram = [0; 100];
            let (size, radio) = peer.recv_from(&mut datagram).ok()?;
            datagram[..size].ends_with(b"good").then_some(radio)
        })
    };
    let radio = broadcast();
    for _ in 0..100 {
        // Nothing reads what comes for a RADIO.
        assert!(peer.send_to(&nonsense::datagram(random), radio).is_ok());
        answer(socket);
    }
    broadcast();
}

/// One good message, from the socket or to it.
fn serves(ctx: Ctx, socket: Sock, (kind, peer): (u32, u32), mechanism: &Mechanism) {
    let endpoint = socket.bound("tcp://127.0.0.1:*");
    if kind == ZMQ_STREAM {
        let mut peer = TcpStream::connect(&endpoint["tcp://".len()..]).expect("a connection");
        peer.write_all(b"good").expect("taken");
        return eventually("a good stream", || receives(socket));
    }
    let good = ctx.socket(peer);
    good.set(ZMQ_RECONNECT_IVL, 1);
    let _ = good.try_set(ZMQ_SUBSCRIBE, b"");
    if peer == ZMQ_DISH {
        assert_eq!(good.join("g"), Ok(0));
    }
    if peer == ZMQ_REQ {
        good.set(ZMQ_REQ_RELAXED, 1);
    }
    mechanism.satisfy(good);
    let id = connect(good, &endpoint);
    let sends = [ZMQ_PUB, ZMQ_XPUB, ZMQ_PUSH, ZMQ_REQ, ZMQ_CLIENT, ZMQ_RADIO, ZMQ_SCATTER];
    let (from, to) = if sends.contains(&kind) { (socket, good) } else { (good, socket) };
    eventually("a good message", || {
        if kind == ZMQ_XSUB {
            let _ = socket.send(b"\x01", DONTWAIT);
        }
        let mut msg = if id == 0 { Msg::new(b"good") } else { Msg::to(b"good", id) };
        if [kind, peer].contains(&ZMQ_RADIO) {
            assert_eq!(msg.set_group("g"), Ok(0));
        }
        let _ = from.send_msg(msg, DONTWAIT);
        receives(to)
    });
    good.close();
}

/// Whether a good message is among those that have come. A DGRAM leaves the group in front.
fn receives(socket: Sock) -> Option<()> {
    while let Ok(msg) = socket.recv_within(20 * MS) {
        if msg.body().ends_with(b"good") {
            return Some(());
        }
    }
    // A REP that has received a bad request takes the next one after its answer.
    if socket.get(ZMQ_TYPE) == ZMQ_REP as i32 {
        let _ = socket.send(b"answer", DONTWAIT);
    }
    None
}
