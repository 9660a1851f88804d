//! Connections over inproc that wait for a bind.

use std::thread;

use crate::zmq::*;

/// Every type that inproc carries.
const TYPES: [u32; 19] = [
    ZMQ_PAIR, ZMQ_PUB, ZMQ_SUB, ZMQ_REQ, ZMQ_REP, ZMQ_DEALER, ZMQ_ROUTER, ZMQ_PULL, ZMQ_PUSH,
    ZMQ_XPUB, ZMQ_XSUB, ZMQ_SERVER, ZMQ_CLIENT, ZMQ_RADIO, ZMQ_DISH, ZMQ_GATHER, ZMQ_SCATTER,
    ZMQ_PEER, ZMQ_CHANNEL,
];

/// Sets which options a socket has on, as far as its type takes them.
const OPTIONS: [&[u32]; 6] = [
    &[],
    &[ZMQ_HELLO_MSG],
    &[ZMQ_HELLO_MSG, ZMQ_DISCONNECT_MSG, ZMQ_ROUTING_ID],
    &[ZMQ_CONFLATE, ZMQ_HELLO_MSG],
    &[ZMQ_CONFLATE, ZMQ_ROUTING_ID],
    &[ZMQ_SNDHWM, ZMQ_RCVHWM, ZMQ_PROBE_ROUTER, ZMQ_HELLO_MSG],
];

#[derive(Clone, Copy, Debug)]
enum End {
    Close,
    Disconnect,
    Stay,
}

fn socket(ctx: Ctx, kind: u32, options: &[u32]) -> Sock {
    // Those that were closed before take a while to go.
    let socket = eventually("a socket", || ctx.try_socket(kind).ok());
    for option in options {
        let value = match *option {
            ZMQ_HELLO_MSG | ZMQ_DISCONNECT_MSG | ZMQ_ROUTING_ID => b"text"[..].to_vec(),
            _ => 1i32.to_ne_bytes().to_vec(),
        };
        let _ = socket.try_set(*option, &value);
    }
    if kind == ZMQ_SUB {
        let _ = socket.try_set(ZMQ_SUBSCRIBE, b"");
    }
    if kind == ZMQ_DISH {
        let _ = socket.join("g");
    }
    socket
}

fn use_it(socket: Sock) {
    let _ = socket.send(b"x", DONTWAIT);
    let _ = socket.recv(DONTWAIT);
    socket.process();
}

/// One connection that waits, ends so and is bound to then, or never.
fn case(ctx: Ctx, connects: (u32, &[u32]), binds: Option<(u32, &[u32])>, end: End, full: bool) {
    let early = socket(ctx, connects.0, connects.1);
    assert_eq!(early.connect("inproc://x"), Ok(0));
    if full {
        // Past the high water mark, where one is set.
        for _ in 0..3 {
            let _ = early.send(b"x", DONTWAIT);
        }
    }
    match end {
        End::Close => early.close(),
        End::Disconnect => assert_eq!(early.disconnect("inproc://x"), Ok(0)),
        End::Stay => (),
    }
    if let Some((kind, options)) = binds {
        let late = socket(ctx, kind, options);
        assert_eq!(late.bind("inproc://x"), Ok(0));
        use_it(late);
        if !matches!(end, End::Close) {
            use_it(early);
        }
        use_it(late);
        assert_eq!(late.unbind("inproc://x"), Ok(0));
        late.close();
    }
    if !matches!(end, End::Close) {
        early.close();
    }
}

cases! {
    fn inproc_bind_accepts_a_pending_connection_in_every_state() {
        for connects in TYPES {
            for options in OPTIONS {
                let ctx = Ctx::new();
                for binds in TYPES {
                    for bound in OPTIONS {
                        let end = [End::Close, End::Disconnect, End::Stay][binds as usize % 3];
                        case(ctx, (connects, options), Some((binds, bound)), end, false);
                        case(ctx, (connects, options), Some((binds, bound)), End::Close, true);
                    }
                }
                assert_eq!(ctx.term(), Ok(0));
            }
        }
    }

    fn xpub_welcomes_no_peer_that_is_gone() {
        for kind in [ZMQ_SUB, ZMQ_XSUB] {
            for end in [End::Close, End::Disconnect] {
                let ctx = Ctx::new();
                let xpub = ctx.socket(ZMQ_XPUB);
                assert_eq!(xpub.try_set(ZMQ_XPUB_WELCOME_MSG, b"welcome"), Ok(0));
                let gone = ctx.socket(kind);
                assert_eq!(gone.connect("inproc://x"), Ok(0));
                match end {
                    End::Close => gone.close(),
                    _ => {
                        assert_eq!(gone.disconnect("inproc://x"), Ok(0));
                        // Until the bind, both ends of the connection are its own: now it closes
                        // the one that the publisher takes over.
                        gone.process();
                    }
                }
                assert_eq!(xpub.bind("inproc://x"), Ok(0));
                xpub.process();
                // One that stays is welcome, even if its queue has room for one message alone.
                xpub.set(ZMQ_SNDHWM, 1);
                let sub = socket(ctx, ZMQ_SUB, &[ZMQ_RCVHWM]);
                assert_eq!(sub.connect("inproc://x"), Ok(0));
                eventually("the welcome", || {
                    xpub.process();
                    sub.recv(DONTWAIT).ok().filter(|msg| msg.body() == b"welcome")
                });
            }
        }
    }

    fn inproc_bind_of_a_pair_accepts_one_of_two_pending_connections() {
        for options in OPTIONS {
            for kind in [ZMQ_ROUTER, ZMQ_DEALER, ZMQ_PAIR, ZMQ_CHANNEL, ZMQ_CLIENT, ZMQ_PEER] {
                let ctx = Ctx::new();
                let early = [socket(ctx, kind, options), socket(ctx, kind, options)];
                for socket in early {
                    assert_eq!(socket.connect("inproc://x"), Ok(0));
                }
                for bound in [ZMQ_PAIR, ZMQ_CHANNEL, ZMQ_ROUTER] {
                    let late = socket(ctx, bound, options);
                    assert_eq!(late.bind("inproc://x"), Ok(0));
                    early.into_iter().for_each(use_it);
                    assert_eq!(late.unbind("inproc://x"), Ok(0));
                    late.close();
                }
                early.into_iter().for_each(Sock::close);
                assert_eq!(ctx.term(), Ok(0));
            }
        }
    }

    fn ctx_term_ends_pending_inproc_connections_in_every_state() {
        for options in OPTIONS {
            for end in [End::Close, End::Disconnect, End::Stay] {
                let ctx = Ctx::new();
                for kind in TYPES {
                    case(ctx, (kind, options), None, end, true);
                }
                assert_eq!(ctx.term(), Ok(0), "{options:?} {end:?}");
            }
        }
    }

    /// The thread that binds takes over what another thread ends.
    fn inproc_close_and_bind_at_the_same_time_do_not_abort() {
        let ctx = Ctx::new();
        // Made first: the sockets that are closed stay until something binds, and may be all that
        // the context has.
        let late = OPTIONS.map(|options| socket(ctx, ZMQ_DEALER, options));
        let closes = thread::spawn(move || {
            for turn in 0..2000 {
                let router = socket(ctx, ZMQ_ROUTER, &[]);
                let dealer = socket(ctx, ZMQ_DEALER, OPTIONS[turn % OPTIONS.len()]);
                for socket in [router, dealer] {
                    let _ = socket.connect("inproc://x");
                    let _ = socket.send(b"x", DONTWAIT);
                    if turn % 2 == 0 {
                        let _ = socket.disconnect("inproc://x");
                    }
                    socket.close();
                }
            }
        });
        while !closes.is_finished() {
            for late in late {
                if late.bind("inproc://x").is_ok() {
                    use_it(late);
                    assert_eq!(late.unbind("inproc://x"), Ok(0));
                }
            }
        }
        late.into_iter().for_each(Sock::close);
        assert!(closes.join().is_ok());
        assert_eq!(ctx.term(), Ok(0));
    }

    #[cfg_attr(not(target_os = "linux"), ignore = "counts descriptors in /proc")]
    fn inproc_bind_of_a_push_releases_pending_peers_that_closed() {
        let descriptors = || std::fs::read_dir("/proc/self/fd").expect("a list of them").count();
        let ctx = Ctx::new();
        let push = ctx.socket(ZMQ_PUSH);
        let before = descriptors();
        for _ in 0..50 {
            let pull = ctx.socket(ZMQ_PULL);
            assert_eq!(pull.connect("inproc://x"), Ok(0));
            pull.close();
        }
        assert_eq!(push.bind("inproc://x"), Ok(0));
        eventually("the sockets are gone", || {
            push.process();
            (descriptors() <= before + 2).then_some(())
        });
    }
}
