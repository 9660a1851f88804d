//! Addresses that are bound again after a close or an unbind.

use crate::websockets::has_ws;
use crate::wire;
use crate::zmq::*;

/// An endpoint of each kind that a socket can be bound to, on this machine now.
fn endpoints(name: &str) -> Vec<String> {
    let ctx = Ctx::new();
    let free = |endpoint: &str| {
        let pull = ctx.socket(ZMQ_PULL);
        let bound = pull.bound(endpoint);
        pull.close();
        bound
    };
    let mut endpoints = vec![format!("inproc://{name}"), free(&apart("tcp"))];
    if has_ws() {
        endpoints.push(free(&apart("ws")));
    }
    if cfg!(target_os = "linux") {
        endpoints.push(format!("ipc://@libzmq-{name}-{}", std::process::id()));
    }
    assert_eq!(ctx.term(), Ok(0));
    endpoints
}

/// Inproc is the same everywhere; other systems than Linux free what the I/O thread closes only
/// then.
fn is_free_at_once(endpoint: &str) -> bool {
    endpoint.starts_with("inproc") || cfg!(target_os = "linux")
}

cases! {
    fn address_is_free_after_close() {
        for endpoint in endpoints("close") {
            let ctx = Ctx::new();
            let push = ctx.socket(ZMQ_PUSH);
            let mut pull = ctx.socket(ZMQ_PULL);
            pull.bound(&endpoint);
            assert_eq!(push.connect(&endpoint), Ok(0));
            for _ in 0..200 {
                // With one that waits to be accepted.
                pull.close();
                pull = ctx.socket(ZMQ_PULL);
                if is_free_at_once(&endpoint) {
                    assert_eq!(pull.bind(&endpoint), Ok(0), "{endpoint}");
                }
            }
            let push = ctx.socket(ZMQ_PUSH);
            assert_eq!(push.connect(&endpoint), Ok(0));
            wire::gets_through(push, pull);
        }
    }

    fn address_is_free_after_unbind() {
        for endpoint in endpoints("unbind") {
            let ctx = Ctx::new();
            let pulls = [ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PULL)];
            assert_eq!(pulls[0].bind(&endpoint), Ok(0));
            for turn in 0..200 {
                assert_eq!(pulls[turn % 2].unbind(&endpoint), Ok(0), "{endpoint}");
                if is_free_at_once(&endpoint) {
                    assert_eq!(pulls[(turn + 1) % 2].bind(&endpoint), Ok(0), "{endpoint}");
                }
            }
            let push = ctx.socket(ZMQ_PUSH);
            assert_eq!(push.connect(&endpoint), Ok(0));
            wire::gets_through(push, pulls[0]);
        }
    }

    fn listener_that_stops_reports_no_failure_to_its_monitor() {
        let ctx = Ctx::new();
        for _ in 0..50 {
            let pull = ctx.socket(ZMQ_PULL);
            let monitor = pull.monitor(ctx, ZMQ_EVENT_ALL);
            pull.bound(&apart("tcp"));
            pull.close();
            let mut events = Vec::new();
            while !events.contains(&i64::from(ZMQ_EVENT_MONITOR_STOPPED)) {
                events.push(i64::from(monitor.event()));
            }
            let expected = [ZMQ_EVENT_LISTENING, ZMQ_EVENT_CLOSED, ZMQ_EVENT_MONITOR_STOPPED];
            assert_eq!(events, expected.map(i64::from));
            monitor.close();
        }
    }

    #[cfg(unix)]
    fn use_fd_descriptor_still_listens_after_close() {
        use std::net::{TcpListener, TcpStream};
        use std::os::fd::IntoRawFd;

        let ctx = Ctx::new();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
        let address = listener.local_addr().expect("an address");
        let pull = ctx.socket(ZMQ_PULL);
        let fd = listener.try_clone().expect("a descriptor").into_raw_fd();
        pull.set(ZMQ_USE_FD, fd);
        pull.bound(&format!("tcp://{address}"));
        pull.close();
        assert_eq!(ctx.term(), Ok(0));
        assert!(TcpStream::connect(address).is_ok());
    }

    #[cfg(target_os = "linux")]
    fn listener_of_the_parent_survives_a_close_in_a_forked_child() {
        let ctx = Ctx::new();
        let pull = ctx.socket(ZMQ_PULL);
        let endpoint = pull.bound(&apart("tcp"));
        // SAFETY: the child only closes a socket and leaves.
        match unsafe { libc::fork() } {
            0 => {
                pull.close();
                // SAFETY: it ends the process without anything of the parent's.
                unsafe { libc::_exit(0) }
            }
            child => {
                let mut status = 0;
                // SAFETY: the child, and a place for its status.
                assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
                assert_eq!(status, 0);
            }
        }
        let push = ctx.socket(ZMQ_PUSH);
        assert_eq!(push.connect(&endpoint), Ok(0));
        wire::gets_through(push, pull);
    }
}
