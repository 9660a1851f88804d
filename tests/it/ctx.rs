//! Contexts: their options, and how they end with and without open sockets.

use std::{thread, time::Duration};

use libzmq::{prelude::*, *};

use crate::common::{
    SOON, Transport, blocked::spawn_blocked, context, pair, retry, timed, used_by_handle, watchdog,
};

/// A message that is sent right after the shutdown may still be queued: libzmq processes the
/// shutdown a moment later.
fn until_invalid(mut call: impl FnMut() -> Result<(), Error>) {
    let error = retry(|| call().err());
    assert_eq!(error.kind(), ErrorKind::InvalidCtx);
}

fn unreachable_client(ctx: CtxHandle) -> Client {
    let client = ClientBuilder::new().connect(Transport::Tcp.nowhere()).with_ctx(ctx).unwrap();
    for _ in 0..100 {
        client.send("for nobody").unwrap();
    }
    client
}

#[test]
fn context_drop_with_open_sockets_does_not_block() {
    let _watchdog = watchdog();
    for &transport in Transport::COMMON {
        let pair = pair(transport);
        pair.greet();
        let ((), took) = timed(|| drop(pair.ctx));
        assert!(took < SOON, "{transport:?}: {took:?}");
        until_invalid(|| pair.client.send("late").map_err(Error::from));
        until_invalid(|| pair.server.recv_msg().map(drop));
    }
}

#[test]
fn context_drop_with_unsent_messages_does_not_block() {
    let _watchdog = watchdog();

    let ctx = context();
    let client = unreachable_client(ctx.handle());
    let ((), took) = timed(|| {
        drop(client);
        drop(ctx);
    });
    assert!(took < SOON, "socket first: {took:?}");

    let ctx = context();
    let client = unreachable_client(ctx.handle());
    let ((), took) = timed(|| {
        drop(ctx);
        drop(client);
    });
    assert!(took < SOON, "context first: {took:?}");
}

#[test]
fn shutdown_can_be_repeated_from_any_thread() {
    let _watchdog = watchdog();
    let ctx = context();
    let client = unreachable_client(ctx.handle());
    let handle = ctx.handle();
    let ((), took) = timed(|| {
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(move || handle.shutdown());
            }
        });
        ctx.shutdown();
    });
    assert!(took < SOON, "{took:?}");
    assert_eq!(client.try_recv_msg().unwrap_err().kind(), ErrorKind::InvalidCtx);
    assert_eq!(Client::with_ctx(handle).unwrap_err().kind(), ErrorKind::InvalidCtx);
}

#[test]
fn every_call_after_shutdown_is_invalid_ctx() {
    let _watchdog = watchdog();
    let pair = pair(Transport::Tcp);
    let id = pair.greet();
    let endpoint = pair.server.last_endpoint().unwrap();
    pair.ctx.shutdown();

    let (client, server) = (&pair.client, &pair.server);
    until_invalid(|| client.send("x").map_err(Error::from));
    until_invalid(|| server.route("x", id).map_err(Error::from));
    let kinds = [
        client.send("x").unwrap_err().kind(),
        client.try_send("x").unwrap_err().kind(),
        client.recv_msg().unwrap_err().kind(),
        client.try_recv_msg().unwrap_err().kind(),
        server.route("x", id).unwrap_err().kind(),
        server.try_route("x", id).unwrap_err().kind(),
        client.bind("tcp://127.0.0.1:*").unwrap_err().kind(),
        client.connect("tcp://127.0.0.1:1").unwrap_err().kind(),
        server.unbind(&endpoint).unwrap_err().kind(),
        client.disconnect(&endpoint).unwrap_err().kind(),
        client.last_endpoint().unwrap_err().kind(),
        client.set(opt::Linger, Duration::ZERO).unwrap_err().kind(),
        client.get(opt::Linger).unwrap_err().kind(),
        client.recv_timeout().unwrap_err().kind(),
        client.set_recv_timeout(Infinite).unwrap_err().kind(),
        client.send_hwm().unwrap_err().kind(),
        client.set_heartbeat(None).unwrap_err().kind(),
    ];
    for (place, kind) in kinds.into_iter().enumerate() {
        assert_eq!(kind, ErrorKind::InvalidCtx, "call {place}");
    }
    assert_eq!(client.heartbeat(), None);
}

/// The end of the context wakes threads in each kind of blocking call, those that have just started
/// as well as those that are known to be blocked.
fn every_blocked_call_wakes(blocked: bool, end: impl FnOnce(Ctx)) {
    let ctx = Ctx::new();
    let handle = ctx.handle();
    let mut full = ServerBuilder::new();
    let full = full.bind("tcp://127.0.0.1:*").send_hwm(1).with_ctx(handle).unwrap();
    let peer = ClientBuilder::new()
        .connect(full.last_endpoint().unwrap())
        .recv_hwm(1)
        .with_ctx(handle)
        .unwrap();
    let id = crate::common::greet(&full, &peer);
    crate::common::fill(&full, id, &Msg::with_size(100_000));

    let lonely = Client::with_ctx(handle).unwrap();
    let timed =
        ClientBuilder::new().recv_timeout(Duration::from_secs(600)).with_ctx(handle).unwrap();
    let threads: Vec<_> = (0..9)
        .map(|number| {
            let (full, lonely, timed) = (full.clone(), lonely.clone(), timed.clone());
            let call = move || {
                match number % 4 {
                    // The kernel may make space for another one, late.
                    0 => loop {
                        if let Err(error) = full.route(Msg::with_size(100_000), id) {
                            break error.kind();
                        }
                    },
                    1 => lonely.send("nobody there").unwrap_err().kind(),
                    2 => timed.recv_msg().unwrap_err().kind(),
                    _ => lonely.recv_msg().unwrap_err().kind(),
                }
            };
            if blocked { spawn_blocked(call) } else { thread::spawn(call) }
        })
        .collect();
    end(ctx);
    for thread in threads {
        assert_eq!(thread.join().unwrap(), ErrorKind::InvalidCtx);
    }
}

#[test]
fn blocked_calls_wake_when_the_context_is_shut_down() {
    let _watchdog = watchdog();
    for blocked in [false, true] {
        every_blocked_call_wakes(blocked, |ctx| ctx.shutdown());
    }
}

#[test]
fn blocked_calls_wake_when_the_context_is_dropped() {
    let _watchdog = watchdog();
    for blocked in [false, true] {
        every_blocked_call_wakes(blocked, drop);
    }
}

#[test]
fn terminate_blocks_until_queued_messages_are_sent() {
    let _watchdog = watchdog();
    for &transport in Transport::BETWEEN_PROCESSES {
        let ctx = Ctx::new();
        let server =
            ServerBuilder::new().bind(transport.anywhere()).with_ctx(ctx.handle()).unwrap();
        let sending = Ctx::new();
        let client = ClientBuilder::new()
            .connect(server.last_endpoint().unwrap())
            .with_ctx(sending.handle())
            .unwrap();
        for number in 0..200_u32 {
            client.send(number.to_le_bytes()).unwrap();
        }
        drop(client);
        sending.terminate().unwrap();
        for number in 0..200_u32 {
            assert_eq!(server.recv_msg().unwrap(), &number.to_le_bytes()[..], "{transport:?}");
        }
    }
}

#[test]
fn terminate_blocks_no_longer_than_the_linger_period() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let client = unreachable_client(ctx.handle());
    client.set(opt::Linger, Duration::from_millis(300)).unwrap();
    drop(client);
    let (done, took) = timed(|| ctx.terminate());
    done.unwrap();
    assert!(took >= Duration::from_millis(290), "{took:?}");
    assert!(took < SOON, "{took:?}");
}

#[test]
fn terminate_with_open_sockets_returns_the_context() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let handle = ctx.handle();
    let client = Client::with_ctx(handle).unwrap();

    let mut error = ctx.terminate().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    let ctx = error.take().unwrap();
    assert_eq!(ctx.handle(), handle);

    // It is as usable as before.
    client.bind("tcp://127.0.0.1:*").unwrap();
    drop(client);
    ctx.terminate().unwrap();
    assert_eq!(Client::with_ctx(handle).unwrap_err().kind(), ErrorKind::InvalidCtx);
}

#[test]
fn handle_of_a_dropped_context_is_invalid_ctx() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let dead = ctx.handle();
    drop(ctx);

    assert_eq!(Client::with_ctx(dead).unwrap_err().kind(), ErrorKind::InvalidCtx);
    assert_eq!(ServerBuilder::new().with_ctx(dead).unwrap_err().kind(), ErrorKind::InvalidCtx);
    assert_eq!(dead.set_io_threads(2).unwrap_err().kind(), ErrorKind::InvalidCtx);
    assert_eq!(dead.set_max_sockets(2).unwrap_err().kind(), ErrorKind::InvalidCtx);
    assert_eq!(CtxBuilder::new().apply(dead).unwrap_err().kind(), ErrorKind::InvalidCtx);
    assert_eq!((dead.io_threads(), dead.max_sockets(), dead.socket_limit()), (0, 0, 0));
    dead.shutdown();

    // The next context is another one, whatever memory it got.
    assert_ne!(Ctx::new().handle(), dead);
}

#[test]
fn socket_calls_after_its_context_was_dropped_are_invalid_ctx() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let handle = ctx.handle();
    let client = Client::with_ctx(handle).unwrap();
    drop(ctx);
    // The context is shut down, and its memory stays while the socket is open.
    assert_eq!(client.ctx(), handle);
    assert_eq!(client.recv_msg().unwrap_err().kind(), ErrorKind::InvalidCtx);
    drop(client);
    assert_eq!(handle.io_threads(), 0);
}

#[test]
fn context_drop_ends_while_threads_create_sockets() {
    let _watchdog = watchdog();
    for _ in 0..50 {
        let ctx = Ctx::new();
        let handle = ctx.handle();
        let makers: Vec<_> = (0..4)
            .map(|_| {
                thread::spawn(move || {
                    loop {
                        let made = ServerBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(handle);
                        if let Err(error) = made {
                            return error.kind();
                        }
                    }
                })
            })
            .collect();
        drop(ctx);
        for maker in makers {
            assert_eq!(maker.join().unwrap(), ErrorKind::InvalidCtx);
        }
    }
}

/// libzmq accepts some of these values, and aborts the process at once or when its threads start.
#[test]
fn ctx_builder_values_out_of_range_are_invalid_input() {
    let _watchdog = watchdog();
    let refused = |name: &str, builder: &CtxBuilder| {
        let error = builder.build().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error}");
        assert!(error.operation().contains(name), "{error}");
        assert!(error.text().is_some(), "{error}");
    };
    for threads in [-1, 65, 1_000_000, i32::MAX, i32::MIN] {
        refused("io_threads", CtxBuilder::new().io_threads(threads));
    }
    for max in [-1, 0, 65_536, i32::MAX, i32::MIN] {
        refused("max_sockets", CtxBuilder::new().max_sockets(max));
    }
    for size in [-1, i32::MIN] {
        refused("max_msg_size", CtxBuilder::new().max_msg_size(size));
    }
    for cpu in [1000, 100_000, usize::MAX] {
        refused("thread_affinity", CtxBuilder::new().thread_affinity([cpu]));
    }
    for (policy, priority) in [(12_345, 0), (-2, 0), (0, 99), (1, -1), (1, 1_000)] {
        refused("thread_scheduling", CtxBuilder::new().thread_scheduling(policy, priority));
    }
    #[cfg(target_os = "linux")]
    for policy in 0..7 {
        // libzmq would drop the priority, and the system then refuse the policy.
        for priority in [1, 10, 99] {
            let policy = policy | libc::SCHED_RESET_ON_FORK;
            refused("thread_scheduling", CtxBuilder::new().thread_scheduling(policy, priority));
        }
    }
    for prefix in ["", "seventeen bytes ..", "a\0b"] {
        refused("thread_name_prefix", CtxBuilder::new().thread_name_prefix(prefix));
    }

    // Nothing of a refused builder takes effect.
    let ctx = Ctx::new();
    assert!(CtxBuilder::new().io_threads(4).max_sockets(-1).apply(ctx.handle()).is_err());
    assert_eq!(ctx.io_threads(), 1);
}

#[test]
fn ctx_builder_values_at_the_ends_of_their_ranges_work() {
    let _watchdog = watchdog();
    for threads in [1, 64] {
        let ctx = CtxBuilder::new().io_threads(threads).build().unwrap();
        assert_eq!(ctx.io_threads(), threads);
        talk(&ctx, "tcp://127.0.0.1:*");
    }
    let ctx = CtxBuilder::new().io_threads(0).build().unwrap();
    talk(&ctx, "inproc://without-threads");
    let error = ServerBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unsupported(_)), "{error}");

    let ctx = Ctx::new();
    let limit = ctx.socket_limit();
    ctx.set_max_sockets(limit).unwrap();
    assert_eq!(ctx.max_sockets(), limit);
    talk(&ctx, "tcp://127.0.0.1:*");
}

fn talk(ctx: &Ctx, endpoint: &str) {
    let server = ServerBuilder::new().bind(endpoint).with_ctx(ctx.handle()).unwrap();
    let client = ClientBuilder::new()
        .connect(server.last_endpoint().unwrap())
        .with_ctx(ctx.handle())
        .unwrap();
    crate::common::greet(&server, &client);
}

#[test]
fn socket_beyond_max_sockets_is_socket_limit() {
    let _watchdog = watchdog();
    let ctx = CtxBuilder::new().max_sockets(2).build().unwrap();
    let first = Client::with_ctx(ctx.handle()).unwrap();
    let _second = Client::with_ctx(ctx.handle()).unwrap();
    assert_eq!(Client::with_ctx(ctx.handle()).unwrap_err().kind(), ErrorKind::SocketLimit);
    drop(first);
    // A dropped socket counts until libzmq has closed it.
    retry(|| Client::with_ctx(ctx.handle()).ok());
}

/// `connect` to an inproc endpoint that is not bound yet counts as a socket when the context ends.
#[test]
fn terminate_at_max_sockets_ends_a_pending_inproc_connection() {
    let _watchdog = watchdog();
    let ctx = CtxBuilder::new().max_sockets(1).build().unwrap();
    let client = ClientBuilder::new().connect("inproc://nobody").with_ctx(ctx.handle()).unwrap();
    drop(client);
    ctx.terminate().unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn thread_name_prefix_names_the_threads() {
    let _watchdog = watchdog();
    // libzmq would take four bytes for a number.
    for prefix in ["proofs", "four", "x"] {
        let ctx = CtxBuilder::new().thread_name_prefix(prefix).thread_affinity([]).build().unwrap();
        let _client = Client::with_ctx(ctx.handle()).unwrap();
        let named = || {
            std::fs::read_dir("/proc/self/task")
                .unwrap()
                .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok())
                .any(|name| name.starts_with(&format!("{prefix}/ZMQ")))
        };
        crate::common::until(named);
    }
}

#[test]
fn ipv6_is_on_by_default_and_off_on_request() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    assert!(Client::with_ctx(ctx.handle()).unwrap().get(opt::Ipv6).unwrap());
    let ctx = CtxBuilder::new().ipv6(false).build().unwrap();
    assert!(!Client::with_ctx(ctx.handle()).unwrap().get(opt::Ipv6).unwrap());
}

#[test]
fn terminate_succeeds_while_other_threads_use_the_handle() {
    let _watchdog = watchdog();
    for run in 0..300 {
        let ctx = Ctx::new();
        drop(Client::with_ctx(ctx.handle()).unwrap());
        // A context with an authentication handler is shut down first.
        let _auth = (run % 2 == 0).then(|| auth::AuthClient::with_ctx(ctx.handle()).unwrap());
        used_by_handle(ctx.handle(), || ctx.terminate()).unwrap();
    }
}

#[test]
fn failed_terminate_leaves_the_context_usable_while_threads_make_sockets() {
    let _watchdog = watchdog();
    for _ in 0..100 {
        let mut ctx = Ctx::new();
        let handle = ctx.handle();
        let _auth = auth::AuthClient::with_ctx(handle).unwrap();
        let makers: Vec<_> = (0..2)
            .map(|_| {
                thread::spawn(move || {
                    loop {
                        match Client::with_ctx(handle) {
                            // An open socket keeps the context as it is.
                            Ok(client) => client.set_send_timeout(Infinite).unwrap(),
                            Err(error) if error.kind() == ErrorKind::SocketLimit => (),
                            Err(error) => return error.kind(),
                        }
                    }
                })
            })
            .collect();
        while let Err(mut error) = ctx.terminate() {
            assert_eq!(error.kind(), ErrorKind::WouldBlock);
            ctx = error.take().unwrap();
        }
        for maker in makers {
            assert_eq!(maker.join().unwrap(), ErrorKind::InvalidCtx);
        }
    }
}

#[cfg(feature = "serde")]
#[test]
fn ctx_builder_round_trips_through_json() {
    let mut builder = CtxBuilder::new();
    builder
        .io_threads(2)
        .max_sockets(30)
        .ipv6(false)
        .thread_name_prefix("file")
        .thread_affinity([0]);
    let text = serde_json::to_string(&builder).unwrap();
    assert_eq!(serde_json::from_str::<CtxBuilder>(&text).unwrap(), builder);
    assert_eq!(serde_json::from_str::<CtxBuilder>("{}").unwrap(), CtxBuilder::new());
    let error = serde_json::from_str::<CtxBuilder>(r#"{ "threads": 1 }"#).unwrap_err();
    assert!(error.to_string().contains("threads"), "{error}");
    let error = serde_json::from_str::<CtxBuilder>(r#"{ "io_threads": "two" }"#).unwrap_err();
    assert!(error.to_string().contains("two"), "{error}");
}

/// libzmq aborts the process if a thread does not start.
#[cfg(target_os = "linux")]
#[test]
fn thread_scheduling_accepted_by_the_builder_starts_threads() {
    let _watchdog = watchdog();
    let flags = [0, libc::SCHED_RESET_ON_FORK];
    for policy in flags.iter().flat_map(|flag| (0..8).map(move |policy| policy | flag)) {
        for priority in [0, 1, 99] {
            let built = CtxBuilder::new().thread_scheduling(policy, priority).build();
            if let Ok(ctx) = built {
                Server::with_ctx(ctx.handle()).unwrap();
            }
        }
    }
}
