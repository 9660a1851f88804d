//! Peers of each version of ZMTP: handshake timeout, refusal, monitor events, disconnect reasons.

use std::io::Write;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use crate::websockets::{self, has_ws};
use crate::wire;
use crate::zmq::*;

/// 1.0 as libzmq 2.1 speaks it, and with the signature that came later; and so on.
pub(crate) const VERSIONS: [&str; 5] = ["1.0", "1.0 with signature", "2.0", "3.0", "3.1"];

/// Those whose handshake has no mechanism.
const OLD: [&str; 3] = [VERSIONS[0], VERSIONS[1], VERSIONS[2]];

/// All that a peer without a routing id says before its first message.
pub(crate) fn hello(version: &str, socket_type: u8, name: &str) -> Vec<u8> {
    match version {
        "1.0" => vec![1, 0],
        "1.0 with signature" => {
            let mut hello = [wire::greeting_2_0(socket_type), vec![1, 0]].concat();
            hello[10] = 0;
            hello
        }
        "2.0" => [wire::greeting_2_0(socket_type), wire::frame(0, b"")].concat(),
        "3.0" => {
            let mut hello = wire::hello(name);
            hello[11] = 0;
            hello
        }
        _ => wire::hello(name),
    }
}

fn push(version: &str) -> Vec<u8> {
    hello(version, u8::try_from(ZMQ_PUSH).expect("fits"), "PUSH")
}

fn message(version: &str, body: &[u8]) -> Vec<u8> {
    if version.starts_with("1.0") {
        return [&[u8::try_from(body.len() + 1).expect("a short body"), 0], body].concat();
    }
    wire::frame(0, body)
}

/// What a monitor of version 3 reads: each event and its values.
struct Events(Sock);

impl Events {
    fn of(ctx: Ctx, socket: Sock) -> Self {
        let (sub, endpoint) = (ctx.socket(ZMQ_SUB), format!("inproc://events-{:p}", socket.0));
        assert_eq!(sub.try_set(ZMQ_SUBSCRIBE, b""), Ok(0));
        assert_eq!(sub.connect(&endpoint), Ok(0));
        assert_eq!(socket.publish_events(&endpoint, ZMQ_EVENT_ALL_V1, 3, ZMQ_PUB), Ok(0));
        Self(sub)
    }

    /// Reads up to the end of a connection, from where it was made: the events that tell of it, and
    /// the reason.
    fn connection(&self) -> (Vec<(u32, u64)>, u64) {
        let mut told = Vec::new();
        loop {
            let parts = self.0.multipart();
            let number = |part: &Vec<u8>| u64::from_ne_bytes(part[..].try_into().expect("64 bits"));
            let values: Vec<u64> = parts[3..parts.len() - 2].iter().map(number).collect();
            assert_eq!(number(&parts[2]), u64::try_from(values.len()).expect("fits"));
            match u32::try_from(number(&parts[1])).expect("an event") {
                ZMQ_EVENT_DISCONNECTED => return (told, values[1]),
                ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_CONNECTED => told.clear(),
                ZMQ_EVENT_CONNECT_RETRIED | ZMQ_EVENT_CONNECT_DELAYED | ZMQ_EVENT_LISTENING => (),
                event => told.push((event, values[0])),
            }
        }
    }
}

const SUCCEEDED: (u32, u64) = (ZMQ_EVENT_HANDSHAKE_SUCCEEDED, 0);
const MISMATCH: (u32, u64) =
    (ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL, ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH as u64);

fn number(errno: i32) -> u64 {
    u64::try_from(errno).expect("positive")
}

/// A connection with that socket, bound if `binds`.
fn peer(socket: Sock, binds: bool) -> (TcpStream, Option<TcpListener>) {
    if binds {
        return (wire::peer(&socket.bound(&apart("tcp")), b""), None);
    }
    let (listener, endpoint) = wire::listener();
    assert_eq!(socket.connect(&endpoint), Ok(0));
    (wire::accept(&listener), Some(listener))
}

/// Disconnects after all that was sent has arrived.
fn depart(mut peer: TcpStream) {
    peer.shutdown(Shutdown::Write).expect("its end");
    wire::rest(&mut peer);
}

/// Resets the connection, which drops what was not read.
#[cfg(unix)]
fn reset(peer: TcpStream) {
    use std::os::fd::AsRawFd;

    let at_once = libc::linger { l_onoff: 1, l_linger: 0 };
    let size = libc::socklen_t::try_from(size_of_val(&at_once)).expect("fits");
    let value = (&raw const at_once).cast();
    // SAFETY: an open socket, and a value of the type and size that are given.
    let rc = unsafe {
        libc::setsockopt(peer.as_raw_fd(), libc::SOL_SOCKET, libc::SO_LINGER, value, size)
    };
    assert_eq!(rc, 0);
}

cases! {
    fn handshake_that_stops_times_out() {
        let greeting = wire::greeting("NULL");
        let v2 = wire::greeting_2_0(8);
        let ready = wire::ready("PUSH");
        let stops = [
            b"".to_vec(),
            b"\xff".to_vec(),
            b"G".to_vec(),
            b"GET / HTTP/1.1\r\n\r\n".to_vec(),
            vec![5, 0, b'n', b'a'],
            greeting[..10].to_vec(),
            v2[..11].to_vec(),
            v2.clone(),
            [&v2[..], &[0, 5, b'n', b'a']].concat(),
            push(OLD[1])[..12].to_vec(),
            greeting[..11].to_vec(),
            greeting[..40].to_vec(),
            greeting.clone(),
            [&greeting[..], &ready[..10]].concat(),
        ];
        for said in stops {
            for binds in [true, false] {
                for kind in [ZMQ_PULL, ZMQ_ROUTER] {
                    let ctx = Ctx::new();
                    let socket = ctx.socket(kind);
                    socket.set(ZMQ_HANDSHAKE_IVL, 50);
                    let events = Events::of(ctx, socket);
                    let (mut peer, _listener) = peer(socket, binds);
                    peer.write_all(&said).expect("taken");
                    wire::rest(&mut peer);
                    let late = number(ETIMEDOUT);
                    let expected = (vec![(ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL, late)], late);
                    assert_eq!(events.connection(), expected, "{said:?}, binds: {binds}");
                }
            }
        }
    }

    fn ws_handshake_that_stops_times_out() {
        if !has_ws() {
            return;
        }
        let upgrades = ["ZWS2.0/NULL", "ZWS2.0"].map(websockets::upgrade);
        for said in [&b""[..], b"GET / HTTP/1.1\r\n", &upgrades[0], &upgrades[1]] {
            let ctx = Ctx::new();
            let socket = ctx.socket(ZMQ_PULL);
            socket.set(ZMQ_HANDSHAKE_IVL, 50);
            let events = Events::of(ctx, socket);
            let endpoint = socket.bound(&apart("ws"));
            let mut peer = wire::peer(endpoint.trim_end_matches('/'), said);
            wire::rest(&mut peer);
            let late = number(ETIMEDOUT);
            let failed = (ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL, late);
            assert_eq!(events.connection(), (vec![failed], late));
        }
    }

    fn idle_connection_after_the_handshake_does_not_time_out() {
        for version in VERSIONS {
            let ctx = Ctx::new();
            let pull = ctx.socket(ZMQ_PULL);
            pull.set(ZMQ_HANDSHAKE_IVL, 500);
            // These versions have no heartbeats.
            pull.set(ZMQ_HEARTBEAT_IVL, if OLD.contains(&version) { 20 } else { 0 });
            let mut peer = wire::peer(&pull.bound(&apart("tcp")), &push(version));
            // Longer than a handshake may take.
            thread::sleep(Duration::from_millis(700));
            peer.write_all(&message(version, b"late")).expect("taken");
            assert_eq!(pull.recv_within(SOON).expect("a message").body(), b"late", "{version}");
        }
    }

    fn disconnect_after_the_handshake_is_no_failed_handshake() {
        for version in VERSIONS {
            for binds in [true, false] {
                let ctx = Ctx::new();
                let pull = ctx.socket(ZMQ_PULL);
                let events = Events::of(ctx, pull);
                let (mut peer, _listener) = peer(pull, binds);
                peer.write_all(&push(version)).expect("taken");
                if !OLD.contains(&version) {
                    wire::read_until(&mut peer, b"PULL");
                }
                peer.write_all(&message(version, b"x")).expect("taken");
                assert_eq!(pull.recv_within(SOON).expect("a message").body(), b"x", "{version}");
                depart(peer);
                assert_eq!(events.connection(), (vec![SUCCEEDED], number(EPIPE)), "{version}");
            }
        }
    }

    fn disconnect_of_a_ws_peer_after_the_handshake_is_no_failed_handshake() {
        if !has_ws() {
            return;
        }
        for (protocol, hello) in [
            ("ZWS2.0", websockets::frame(2, b"\0")),
            ("ZWS2.0/NULL", websockets::frame(2, &[b"\x02", &wire::ready("PUSH")[2..]].concat())),
        ] {
            let ctx = Ctx::new();
            let pull = ctx.socket(ZMQ_PULL);
            let events = Events::of(ctx, pull);
            let endpoint = pull.bound(&apart("ws"));
            let address = endpoint.trim_end_matches('/');
            let mut peer = wire::peer(address, &websockets::upgrade(protocol));
            wire::read_until(&mut peer, b"\r\n\r\n");
            peer.write_all(&hello).expect("taken");
            settle();
            peer.write_all(&websockets::frame(2, b"\0x")).expect("taken");
            assert_eq!(pull.recv_within(SOON).expect("a message").body(), b"x", "{protocol}");
            depart(peer);
            assert_eq!(events.connection(), (vec![SUCCEEDED], number(EPIPE)), "{protocol}");
        }
    }

    /// Its peers have no handshake.
    fn monitor_of_a_stream_reports_no_handshake() {
        for binds in [true, false] {
            let ctx = Ctx::new();
            let stream = ctx.socket(ZMQ_STREAM);
            let events = Events::of(ctx, stream);
            let (mut peer, _listener) = peer(stream, binds);
            peer.write_all(b"x").expect("taken");
            assert_eq!(stream.multipart()[1], b"");
            assert_eq!(stream.multipart()[1], b"x");
            depart(peer);
            assert_eq!(events.connection(), (vec![], number(EPIPE)));
        }
    }

    fn old_peer_is_refused_if_authentication_is_set() {
        let asks: [fn(Sock); 4] = [
            |socket| socket.set(ZMQ_PLAIN_SERVER, 1),
            |socket| assert_eq!(socket.try_set(ZMQ_PLAIN_USERNAME, b"user"), Ok(0)),
            |socket| assert_eq!(socket.try_set(ZMQ_ZAP_DOMAIN, b"domain"), Ok(0)),
            |socket| {
                if c!(zmq_has(c"curve".as_ptr())) != 0 {
                    socket.set(ZMQ_CURVE_SERVER, 1);
                } else {
                    socket.set(ZMQ_PLAIN_SERVER, 1);
                }
            },
        ];
        for ask in asks {
            for version in OLD {
                for binds in [true, false] {
                    let ctx = Ctx::new();
                    let pull = ctx.socket(ZMQ_PULL);
                    ask(pull);
                    pull.set(ZMQ_ZAP_ENFORCE_DOMAIN, 1);
                    let events = Events::of(ctx, pull);
                    let (mut peer, _listener) = peer(pull, binds);
                    let says = [push(version), message(version, b"x")].concat();
                    peer.write_all(&says).expect("taken");
                    wire::rest(&mut peer);
                    assert_eq!(events.connection(), (vec![MISMATCH], number(EPROTO)), "{version}");
                    settle();
                    assert_eq!(pull.recv(DONTWAIT).err(), Some(EAGAIN), "{version}");
                    // It would connect to the next listener at that port.
                    pull.close();
                }
            }
        }
    }

    fn peer_with_another_mechanism_is_refused() {
        for (as_server, theirs) in [(1, "NULL"), (1, "CURVE"), (0, "PLAIN")] {
            for minor in [0, 1, 9] {
                let ctx = Ctx::new();
                let pull = ctx.socket(ZMQ_PULL);
                pull.set(ZMQ_PLAIN_SERVER, as_server);
                let events = Events::of(ctx, pull);
                let (mut peer, _) = peer(pull, true);
                let mut hello = [wire::greeting(theirs), wire::ready("PUSH")].concat();
                hello[11] = minor;
                peer.write_all(&[hello, wire::frame(0, b"x")].concat()).expect("taken");
                wire::rest(&mut peer);
                assert_eq!(events.connection(), (vec![MISMATCH], number(EPROTO)));
                settle();
                assert_eq!(pull.recv(DONTWAIT).err(), Some(EAGAIN));
            }
        }
    }

    fn heartbeat_with_a_long_time_to_live_keeps_the_connection() {
        // In tenths of a second; 656 was 64 ms, and 65,535 half a minute.
        for ttl in [656_u16, 657, 1311, u16::MAX] {
            let pull = Ctx::new().socket(ZMQ_PULL);
            let endpoint = pull.bound(&apart("tcp"));
            let mut peer = wire::introduced(&endpoint, &wire::hello("PUSH"), b"PULL");
            peer.write_all(&wire::command("PING", &ttl.to_be_bytes())).expect("taken");
            // Longer than the times to live that overflow.
            thread::sleep(Duration::from_millis(400));
            peer.write_all(&wire::frame(0, b"here")).expect("taken");
            assert_eq!(pull.recv_within(SOON).expect("a message").body(), b"here", "{ttl}");
        }
    }

    fn disconnect_reason_of_a_message_that_is_too_long() {
        for version in VERSIONS {
            let ctx = Ctx::new();
            let pull = ctx.socket(ZMQ_PULL);
            assert_eq!(pull.try_set(ZMQ_MAXMSGSIZE, &100_i64.to_ne_bytes()), Ok(0));
            let events = Events::of(ctx, pull);
            let mut peer = wire::peer(&pull.bound(&apart("tcp")), &push(version));
            if !OLD.contains(&version) {
                wire::read_until(&mut peer, b"PULL");
            }
            peer.write_all(&message(version, &[b'x'; 101])).expect("taken");
            assert_eq!(events.connection(), (vec![SUCCEEDED], number(EMSGSIZE)), "{version}");
        }
    }

    fn disconnect_reason_of_a_message_that_breaks_the_protocol() {
        for version in VERSIONS {
            let ctx = Ctx::new();
            let req = ctx.socket(ZMQ_REQ);
            let events = Events::of(ctx, req);
            let rep = u8::try_from(ZMQ_REP).expect("fits");
            let mut peer = wire::peer(&req.bound(&apart("tcp")), &hello(version, rep, "REP"));
            if !OLD.contains(&version) {
                wire::read_until(&mut peer, b"Identity\0\0\0\0");
            }
            // An answer has a delimiter.
            peer.write_all(&message(version, b"answer")).expect("taken");
            assert_eq!(events.connection(), (vec![SUCCEEDED], number(EPROTO)), "{version}");
        }
    }

    #[cfg(unix)]
    fn disconnect_reason_of_a_reset_or_a_timeout() {
        let ctx = Ctx::new();
        let pull = ctx.socket(ZMQ_PULL);
        let events = Events::of(ctx, pull);
        let endpoint = pull.bound(&apart("tcp"));
        let peer = wire::introduced(&endpoint, &wire::hello("PUSH"), b"PULL");
        reset(peer);
        assert_eq!(events.connection(), (vec![SUCCEEDED], number(ECONNRESET)));

        // A heartbeat that does not arrive, and one that is not answered.
        let mut peer = wire::introduced(&endpoint, &wire::hello("PUSH"), b"PULL");
        peer.write_all(&wire::command("PING", &[0, 1])).expect("taken");
        assert_eq!(events.connection(), (vec![SUCCEEDED], number(ETIMEDOUT)));
        pull.set(ZMQ_HEARTBEAT_IVL, 20);
        let endpoint = pull.bound(&apart("tcp"));
        let _peer = wire::introduced(&endpoint, &wire::hello("PUSH"), b"PULL");
        assert_eq!(events.connection(), (vec![SUCCEEDED], number(ETIMEDOUT)));
    }
}
