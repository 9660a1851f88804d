//! Proxies with a control socket.

use std::ptr::null_mut;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::zmq::*;

/// A PULL to PUSH proxy in a thread of its own, what goes in and out at its ends, and the socket
/// that controls it.
struct Proxy {
    input: Sock,
    output: Sock,
    control: Sock,
    end: JoinHandle<i32>,
}

fn proxy(control: impl Into<i64>, controller: impl Into<i64>) -> Proxy {
    let ctx = Ctx::new();
    let (input, frontend) = (ctx.socket(ZMQ_PUSH), ctx.socket(ZMQ_PULL));
    let (output, backend) = (ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PUSH));
    let (control, controller) = (ctx.socket(control), ctx.socket(controller));
    for (bound, connected, endpoint) in [
        (frontend, input, "inproc://in"),
        (backend, output, "inproc://out"),
        (control, controller, "inproc://control"),
    ] {
        assert_eq!(bound.bind(endpoint), Ok(0));
        assert_eq!(connected.connect(endpoint), Ok(0));
    }
    let _ = control.try_set(ZMQ_SUBSCRIBE, b"");
    // Subscriptions, if any, go to the controller once this end knows of it.
    control.process();
    controller.process();
    let end = thread::spawn(move || {
        let (frontend, backend, control) = (frontend, backend, control);
        c!(zmq_proxy_steerable(frontend.0, backend.0, null_mut(), control.0))
    });
    Proxy { input, output, control: controller, end }
}

impl Proxy {
    fn tell(&self, command: &[u8]) {
        assert_eq!(self.control.send(command, 0), Ok(command.len()));
    }

    fn passes(&self, body: &[u8]) -> bool {
        assert_eq!(self.input.send(body, 0), Ok(body.len()));
        self.output.recv_within(SOON).is_ok_and(|msg| msg.body() == body)
    }

    fn ends(self) -> i32 {
        self.tell(b"TERMINATE");
        self.end.join().expect("no panic")
    }
}

cases! {
    fn proxy_pauses_and_resumes() {
        let proxy = proxy(ZMQ_REP, ZMQ_REQ);
        for round in [&b"1"[..], b"2"] {
            assert!(proxy.passes(round));
            proxy.tell(b"PAUSE");
            // The answer comes when it was obeyed.
            assert_eq!(proxy.control.recv(0).map(|msg| msg.body().len()), Ok(0));
            assert_eq!(proxy.input.send(b"later", 0), Ok(5));
            assert_eq!(proxy.output.recv_within(Duration::from_millis(100)).err(), Some(EAGAIN));
            proxy.tell(b"RESUME");
            assert!(proxy.control.recv(0).is_ok());
            assert!(proxy.output.recv_within(SOON).is_ok_and(|msg| msg.body() == b"later"));
        }
        assert_eq!(proxy.ends(), 0);
    }

    fn proxy_obeys_a_control_socket_that_cannot_send() {
        for (control, controller) in [(ZMQ_SUB, ZMQ_PUB), (ZMQ_PULL, ZMQ_PUSH)] {
            let proxy = proxy(control, controller);
            for command in [&b"STATISTICS"[..], b"PAUSE", b"RESUME", b"nonsense"] {
                proxy.tell(command);
            }
            assert!(proxy.passes(b"x"));
            assert_eq!(proxy.ends(), 0);
        }
    }

    fn proxy_replies_to_a_control_pair_only_for_statistics() {
        let proxy = proxy(ZMQ_PAIR, ZMQ_PAIR);
        for command in [&b"PAUSE"[..], b"RESUME", b"STATISTICS"] {
            proxy.tell(command);
        }
        for _ in 0..8 {
            let part = proxy.control.recv_within(SOON).expect("a number");
            assert_eq!(part.body().len(), 8);
        }
        let control = proxy.control;
        assert_eq!(proxy.ends(), 0);
        assert_eq!(control.recv(DONTWAIT).err(), Some(EAGAIN));
    }

    fn proxy_of_one_socket_can_be_controlled() {
        let ctx = Ctx::new();
        let (dealer, peer) = (ctx.socket(ZMQ_DEALER), ctx.socket(ZMQ_DEALER));
        let (control, controller) = (ctx.socket(ZMQ_PAIR), ctx.socket(ZMQ_PAIR));
        for (bound, connected, endpoint) in
            [(dealer, peer, "inproc://x"), (control, controller, "inproc://control")]
        {
            assert_eq!(bound.bind(endpoint), Ok(0));
            assert_eq!(connected.connect(endpoint), Ok(0));
        }
        let end = thread::spawn(move || {
            let (dealer, control) = (dealer, control);
            c!(zmq_proxy_steerable(dealer.0, dealer.0, null_mut(), control.0))
        });
        assert_eq!(peer.send(b"echo", 0), Ok(4));
        assert!(peer.recv(0).is_ok_and(|msg| msg.body() == b"echo"));
        assert_eq!(controller.send(b"TERMINATE", 0), Ok(9));
        assert_eq!(end.join().ok(), Some(0));
    }
}
