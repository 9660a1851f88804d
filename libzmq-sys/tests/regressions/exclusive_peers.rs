//! Sockets that have one peer at a time: PAIR and CHANNEL.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::wire;
use crate::zmq::*;

const TYPES: [(u32, &str); 2] = [(ZMQ_PAIR, "PAIR"), (ZMQ_CHANNEL, "CHANNEL")];

const ENDPOINTS: [&str; 3] = ["tcp://127.0.0.1:*", "ipc://*", "ws://127.0.0.1:*"];

/// Has the sockets process their commands until the monitor has an event.
fn event(monitor: Sock, sockets: &[Sock]) {
    eventually("the event", || {
        sockets.iter().for_each(|socket| socket.process());
        monitor.recv(DONTWAIT).ok()
    });
    monitor.recv(0).expect("its address");
}

cases! {
    fn bound_pair_hangs_up_on_a_second_peer_and_serves_it_when_the_first_has_gone() {
        for (kind, _) in TYPES {
            for endpoint in ENDPOINTS {
                let ctx = Ctx::new();
                let [socket, first, second] = [(); 3].map(|()| ctx.socket(kind));
                let endpoint = socket.bound(endpoint);
                assert_eq!(first.connect(&endpoint), Ok(0));
                wire::gets_through(first, socket);
                let gone = [socket, second].map(|end| end.monitor(ctx, ZMQ_EVENT_DISCONNECTED));
                assert_eq!(second.connect(&endpoint), Ok(0));
                for monitor in gone {
                    event(monitor, &[socket]);
                }
                wire::gets_through(socket, first);
                first.close();
                eventually("service", || {
                    let _ = second.send(b"second", DONTWAIT);
                    let msg = socket.recv_within(Duration::from_millis(20)).ok();
                    msg.filter(|msg| msg.body() == b"second")
                });
                wire::gets_through(socket, second);
            }
        }
    }

    fn connecting_pair_hangs_up_on_a_second_peer_and_serves_it_when_the_first_has_gone() {
        for (kind, _) in TYPES {
            for endpoint in ENDPOINTS {
                let ctx = Ctx::new();
                let [socket, first, second] = [(); 3].map(|()| ctx.socket(kind));
                let endpoints = [first, second].map(|peer| peer.bound(endpoint));
                assert_eq!(socket.connect(&endpoints[0]), Ok(0));
                wire::gets_through(first, socket);
                let gone = second.monitor(ctx, ZMQ_EVENT_DISCONNECTED);
                assert_eq!(socket.connect(&endpoints[1]), Ok(0));
                event(gone, &[socket, second]);
                wire::gets_through(socket, first);
                assert_eq!(socket.disconnect(&endpoints[0]), Ok(0));
                eventually("service", || {
                    let _ = second.send(b"second", DONTWAIT);
                    let msg = socket.recv_within(Duration::from_millis(20)).ok();
                    msg.filter(|msg| msg.body() == b"second")
                });
            }
        }
    }

    fn refused_peer_of_a_pair_tries_again_at_its_reconnect_interval() {
        let ctx = Ctx::new();
        let [socket, first, second] = [(); 3].map(|()| ctx.socket(ZMQ_PAIR));
        let endpoint = socket.bound("tcp://127.0.0.1:*");
        assert_eq!(first.connect(&endpoint), Ok(0));
        wire::gets_through(first, socket);
        let gone = second.monitor(ctx, ZMQ_EVENT_DISCONNECTED);
        second.set(ZMQ_RECONNECT_IVL, 200);
        assert_eq!(second.connect(&endpoint), Ok(0));
        event(gone, &[socket]);
        let start = Instant::now();
        // The interval varies by up to a half.
        (0..4).for_each(|_| event(gone, &[socket]));
        assert!(start.elapsed() >= Duration::from_millis(4 * 100), "{:?}", start.elapsed());
    }

    fn refused_raw_peer_of_a_pair_sees_the_end_of_its_connection() {
        for (kind, name) in TYPES {
            let ctx = Ctx::new();
            let (socket, first) = (ctx.socket(kind), ctx.socket(kind));
            let endpoint = socket.bound("tcp://127.0.0.1:*");
            assert_eq!(first.connect(&endpoint), Ok(0));
            wire::gets_through(first, socket);
            let mut second = wire::introduced(&endpoint, &wire::hello(name), name.as_bytes());
            eventually("the end", || {
                socket.process();
                second.write_all(&wire::frame(0, b"x")).is_err().then_some(())
            });
            wire::gets_through(first, socket);
        }
    }
}
