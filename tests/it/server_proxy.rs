//! `ServerProxy`: many clients before it, and the servers behind.

#[cfg(target_os = "linux")]
use std::{fs, path::Path, sync::mpsc};
use std::{thread, time::Duration};

use libzmq::{prelude::*, *};

#[cfg(target_os = "linux")]
use crate::common::fill_by;
use crate::common::{Transport, context, fill, greet, until, watchdog};

/// The disconnect message of the server behind.
const GONE: &str = "\0gone";

/// A server, and a proxy before it.
struct Proxied {
    ctx: Ctx,
    server: Server,
    frontend: Server,
    /// Where the proxy is asked.
    endpoint: addr::Endpoint,
    handle: ProxyHandle<ServerProxy>,
}

fn proxied(transport: Transport) -> Proxied {
    proxied_with(transport, |proxy| proxy, 1000)
}

/// With room for `hwm` messages in each queue.
fn proxied_with(
    transport: Transport,
    change: impl FnOnce(ServerProxy) -> ServerProxy,
    hwm: i32,
) -> Proxied {
    let ctx = context();
    let bound = || {
        let mut builder = ServerBuilder::new();
        builder.bind(transport.anywhere()).send_hwm(hwm).recv_hwm(hwm);
        builder
    };
    let server = bound().disconnect_message(GONE).with_ctx(ctx.handle()).unwrap();
    let backend = client_at(&server.last_endpoint().unwrap(), hwm);
    let proxy = change(ServerProxy::with_ctx(&bound(), &backend, ctx.handle()).unwrap());
    let frontend = proxy.frontend().clone();
    let endpoint = frontend.last_endpoint().unwrap();
    Proxied { ctx, server, frontend, endpoint, handle: proxy.spawn().unwrap() }
}

fn client_at(endpoint: &addr::Endpoint, hwm: i32) -> ClientBuilder {
    let mut builder = ClientBuilder::new();
    builder.connect(endpoint).send_hwm(hwm).recv_hwm(hwm);
    builder
}

impl Proxied {
    fn client(&self) -> Client {
        client_at(&self.endpoint, 1000).with_ctx(self.ctx.handle()).unwrap()
    }

    fn peers(&self) -> u64 {
        self.handle.statistics().peers
    }
}

/// Answers each request with two replies, until the context is shut down.
fn answer_twice(server: &Server) {
    while let Ok(request) = server.recv_msg() {
        let id = request.routing_id().unwrap();
        let request = request.to_str().unwrap();
        if request == GONE {
            continue;
        }
        for reply in ["once", "twice"] {
            server.route(format!("{request} {reply}"), id).unwrap();
        }
    }
}

fn asks_much(client: &Client, asker: usize, requests: usize) {
    thread::scope(|scope| {
        scope.spawn(|| {
            (0..requests).for_each(|number| client.send(format!("{asker}: {number}")).unwrap())
        });
        for number in 0..requests {
            assert_eq!(client.recv_msg().unwrap(), format!("{asker}: {number} once").as_str());
            assert_eq!(client.recv_msg().unwrap(), format!("{asker}: {number} twice").as_str());
        }
    });
}

#[test]
fn server_proxy_returns_each_client_its_own_replies_in_order() {
    const ASKERS: usize = 50;
    const REQUESTS: usize = 200;

    let _watchdog = watchdog();
    for transport in Transport::COMMON {
        let proxied = proxied(*transport);
        thread::scope(|scope| {
            scope.spawn(|| answer_twice(&proxied.server));
            let clients: Vec<_> = (0..ASKERS).map(|_| proxied.client()).collect();
            thread::scope(|scope| {
                for (asker, client) in clients.iter().enumerate() {
                    scope.spawn(move || asks_much(client, asker, REQUESTS));
                }
            });
            // A message may arrive before it is counted as sent.
            let all = (ASKERS * REQUESTS) as u64;
            until(|| proxied.handle.statistics().frontend_sent.messages == 2 * all);
            let statistics = proxied.handle.statistics();
            assert_eq!(
                (statistics.frontend_received.messages, statistics.peers),
                (all, ASKERS as u64),
                "{transport:?}"
            );
            assert_eq!(statistics.backend_sent, statistics.frontend_received);
            assert_eq!(statistics.backend_received, statistics.frontend_sent);
            proxied.ctx.shutdown();
        });
        assert_eq!(proxied.handle.stop().unwrap_err().kind(), ErrorKind::InvalidCtx);
    }
}

#[test]
fn server_proxy_with_small_queues_loses_no_message() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON {
        let proxied = proxied_with(*transport, |proxy| proxy, 2);
        thread::scope(|scope| {
            scope.spawn(|| answer_twice(&proxied.server));
            thread::scope(|scope| {
                for asker in 0..5 {
                    let client =
                        client_at(&proxied.endpoint, 1).with_ctx(proxied.ctx.handle()).unwrap();
                    scope.spawn(move || asks_much(&client, asker, 1000));
                }
            });
            proxied.ctx.shutdown();
        });
    }
}

#[test]
fn server_sends_through_a_server_proxy_without_a_request() {
    let _watchdog = watchdog();
    let proxied = proxied(Transport::Tcp);
    let (ada, bob) = (proxied.client(), proxied.client());
    let to_ada = greet(&proxied.server, &ada);
    let to_bob = greet(&proxied.server, &bob);
    for number in 0..10_u8 {
        proxied.server.route([number], to_bob).unwrap();
        proxied.server.route([number], to_ada).unwrap();
    }
    for number in 0..10_u8 {
        assert_eq!(ada.recv_msg().unwrap(), [number]);
        assert_eq!(bob.recv_msg().unwrap(), [number]);
    }
    // Each asker stays the peer that it was.
    assert_eq!(greet(&proxied.server, &ada), to_ada);
    assert_eq!(greet(&proxied.server, &bob), to_bob);
}

#[test]
fn server_proxy_drops_its_client_when_the_peer_disconnects() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON {
        let proxied = proxied(*transport);
        let (goes, stays) = (proxied.client(), proxied.client());
        let to_stays = greet(&proxied.server, &stays);
        for number in 0..100_u8 {
            goes.send([number]).unwrap();
        }
        drop(goes);
        let mut from = None;
        for number in 0..100_u8 {
            let msg = proxied.server.recv_msg().unwrap();
            assert_eq!(msg, [number], "{transport:?}");
            assert_eq!(*from.get_or_insert(msg.routing_id()), msg.routing_id());
        }
        let farewell = proxied.server.recv_msg().unwrap();
        assert_eq!((farewell.to_str().unwrap(), Some(farewell.routing_id())), (GONE, from));
        until(|| proxied.peers() == 1);
        assert_eq!(greet(&proxied.server, &stays), to_stays);
    }
}

/// libzmq sends no disconnect message when the socket itself ends the connection. The next reply
/// fails.
#[test]
fn server_proxy_drops_its_client_of_an_unbound_peer_at_the_next_reply() {
    let _watchdog = watchdog();
    let proxied = proxied(Transport::Tcp);
    let client = proxied.client();
    let id = greet(&proxied.server, &client);
    proxied.frontend.unbind(&proxied.endpoint).unwrap();
    until(|| {
        let _ = proxied.server.try_route("hello?", id);
        proxied.peers() == 0
    });
    let farewell = proxied.server.recv_msg().unwrap();
    assert_eq!((farewell.to_str().unwrap(), farewell.routing_id().unwrap()), (GONE, id));
}

#[test]
fn server_proxy_delivers_requests_to_a_server_that_binds_later() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON {
        let ctx = context();
        let at = transport.nowhere();
        let backend = ClientBuilder::new().connect(&at).send_hwm(3).clone();
        let proxy = ServerProxy::with_ctx(
            ServerBuilder::new().bind(transport.anywhere()),
            &backend,
            ctx.handle(),
        )
        .unwrap();
        let client = client_at(&proxy.frontend().last_endpoint().unwrap(), 1000)
            .with_ctx(ctx.handle())
            .unwrap();
        let handle = proxy.spawn().unwrap();
        for number in 0..100_u8 {
            client.send([number]).unwrap();
        }
        // The proxy holds one request, and receives no more.
        until(|| {
            handle.statistics().frontend_received.messages
                > handle.statistics().backend_sent.messages
        });
        let server = ServerBuilder::new().bind(&at).with_ctx(ctx.handle()).unwrap();
        for number in 0..100_u8 {
            assert_eq!(server.recv_msg().unwrap(), [number], "{transport:?}");
        }
    }
}

#[test]
fn server_proxy_client_that_does_not_read_delays_no_other_client() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON {
        let proxied = proxied_with(*transport, |proxy| proxy, 2);
        let (deaf, listens) = (
            client_at(&proxied.endpoint, 2).with_ctx(proxied.ctx.handle()).unwrap(),
            proxied.client(),
        );
        let (to_deaf, to_listens) =
            (greet(&proxied.server, &deaf), greet(&proxied.server, &listens));
        let filled = fill(&proxied.server, to_deaf, &Msg::from(vec![7; 100_000]));
        for number in 0..100_u8 {
            listens.send([number]).unwrap();
            assert_eq!(proxied.server.recv_msg().unwrap(), [number]);
            proxied.server.route([number], to_listens).unwrap();
            assert_eq!(listens.recv_msg().unwrap(), [number]);
        }
        for _ in 0..filled {
            assert_eq!(deaf.recv_msg().unwrap().len(), 100_000, "{transport:?}");
        }
        proxied.server.route("the last", to_deaf).unwrap();
        assert_eq!(deaf.recv_msg().unwrap(), "the last");

        // It disconnects while a reply to it is queued.
        fill(&proxied.server, to_deaf, &Msg::from(vec![7; 100_000]));
        drop(deaf);
        assert_eq!(proxied.server.recv_msg().unwrap(), GONE);
        assert_eq!(greet(&proxied.server, &listens), to_listens);
    }
}

#[test]
fn server_proxy_pauses_and_restarts_without_losing_messages() {
    let _watchdog = watchdog();
    let Proxied { ctx, server, endpoint, mut handle, .. } =
        proxied_with(Transport::Inproc, |proxy| proxy, 2);
    let client = client_at(&endpoint, 1000).with_ctx(ctx.handle()).unwrap();
    let id = greet(&server, &client);
    for _ in 0..10 {
        handle.pause();
        let received = handle.statistics().frontend_received;
        client.send("meanwhile").unwrap();
        assert_eq!(server.try_recv_msg().unwrap_err().kind(), ErrorKind::WouldBlock);
        assert_eq!(handle.statistics().frontend_received, received);
        handle.resume();
        let msg = server.recv_msg().unwrap();
        assert_eq!((msg.to_str().unwrap(), msg.routing_id().unwrap()), ("meanwhile", id));

        // While it holds a request and a reply.
        let requests = (0..100_u8).inspect(|number| client.send([*number]).unwrap()).count();
        let replies = fill(&server, id, &Msg::from("reply"));
        let proxy = handle.stop().unwrap();
        handle = proxy.spawn().unwrap();
        assert_eq!(handle.statistics().peers, 1);
        for number in 0..requests {
            let msg = server.recv_msg().unwrap();
            assert_eq!((msg.as_bytes(), msg.routing_id().unwrap()), (&[number as u8][..], id));
        }
        (0..replies).for_each(|_| assert_eq!(client.recv_msg().unwrap(), "reply"));
    }
    handle.pause();
    assert!(!handle.is_finished());
    drop(handle);
    assert_eq!(server.recv_msg().unwrap(), GONE);
}

#[test]
fn shutdown_ends_a_server_proxy() {
    let _watchdog = watchdog();
    let proxied = proxied(Transport::Tcp);
    greet(&proxied.server, &proxied.client());
    proxied.ctx.shutdown();
    until(|| proxied.handle.is_finished());
    assert_eq!(proxied.handle.stop().unwrap_err().kind(), ErrorKind::InvalidCtx);

    let ctx = context();
    let proxy = ServerProxy::with_ctx(
        &ServerBuilder::new(),
        ClientBuilder::new().connect("inproc://x"),
        ctx.handle(),
    )
    .unwrap();
    drop(ctx);
    assert_eq!(proxy.run().unwrap_err().kind(), ErrorKind::InvalidCtx);
}

#[test]
fn peer_cannot_send_the_disconnect_message_of_a_server_proxy() {
    let _watchdog = watchdog();
    let spied_on = proxied(Transport::Inproc);
    let client = spied_on.client();
    greet(&spied_on.server, &client);
    spied_on.handle.pause();
    drop(client);
    let farewell = spied_on.frontend.recv_msg().unwrap();
    assert!(!farewell.is_empty());

    let proxied = proxied(Transport::Inproc);
    let client = proxied.client();
    let id = greet(&proxied.server, &client);
    for text in [farewell.as_bytes(), b"", GONE.as_bytes()] {
        client.send(text).unwrap();
        let msg = proxied.server.recv_msg().unwrap();
        assert_eq!((msg.as_bytes(), msg.routing_id().unwrap()), (text, id));
    }
    assert_eq!(greet(&proxied.server, &client), id);
    assert_eq!(proxied.peers(), 1);
}

#[test]
fn server_proxies_in_a_row_return_each_client_its_own_replies() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON {
        let last = proxied(*transport);
        let at = last.ctx.handle();
        let mut row = Vec::new();
        let mut endpoint = last.endpoint.clone();
        for _ in 0..3 {
            let front = ServerBuilder::new().bind(transport.anywhere()).clone();
            let proxy = ServerProxy::with_ctx(&front, &client_at(&endpoint, 1000), at).unwrap();
            endpoint = proxy.frontend().last_endpoint().unwrap();
            row.push(proxy.spawn().unwrap());
        }
        let clients: Vec<_> =
            (0..5).map(|_| client_at(&endpoint, 1000).with_ctx(at).unwrap()).collect();
        let server = last.server.clone();
        let answering = thread::spawn(move || answer_twice(&server));
        thread::scope(|scope| {
            for (asker, client) in clients.iter().enumerate() {
                scope.spawn(move || asks_much(client, asker, 200));
            }
        });
        drop(clients);
        until(|| last.peers() == 0);
        last.ctx.shutdown();
        answering.join().unwrap();
    }
}

#[test]
fn server_proxy_at_its_peer_limit_refuses_only_new_peers() {
    let _watchdog = watchdog();
    let refused = |proxied: &Proxied| {
        let (first, second) = (proxied.client(), proxied.client());
        let id = greet(&proxied.server, &first);
        greet(&proxied.server, &second);
        let third = proxied.client();
        third.send("lost").unwrap();
        until(|| proxied.handle.statistics().refused == 1);
        assert_eq!(greet(&proxied.server, &first), id);
        drop(second);
        assert_eq!(proxied.server.recv_msg().unwrap(), GONE);
        crate::common::retry(|| {
            third.send("again").unwrap();
            proxied.server.set_recv_timeout(Duration::from_millis(100)).unwrap();
            proxied.server.recv_msg().ok().filter(|msg| *msg == "again")
        });
        assert_eq!(proxied.peers(), 2);
    };
    refused(&proxied_with(Transport::Tcp, |proxy| proxy.max_peers(2), 1000));

    // A server behind, the frontend, two clients for two clients, a third client.
    let ctx = context();
    ctx.set_max_sockets(7).unwrap();
    let server = ServerBuilder::new()
        .bind("inproc://behind")
        .disconnect_message(GONE)
        .with_ctx(ctx.handle())
        .unwrap();
    let front = ServerBuilder::new().bind("inproc://before").clone();
    let proxy = ServerProxy::with_ctx(
        &front,
        ClientBuilder::new().connect("inproc://behind"),
        ctx.handle(),
    )
    .unwrap();
    let frontend = proxy.frontend().clone();
    let endpoint = frontend.last_endpoint().unwrap();
    refused(&Proxied { ctx, server, frontend, endpoint, handle: proxy.spawn().unwrap() });
}

#[test]
fn server_proxy_capture_receives_both_directions() {
    let _watchdog = watchdog();
    let copies = Transport::Inproc.anywhere();
    let pull = PullBuilder::new().bind(&copies).build().unwrap();
    let push = PushBuilder::new().connect(&copies).build().unwrap();
    let proxied = proxied_with(Transport::Tcp, |proxy| proxy.capture(push), 1000);
    let client = proxied.client();
    let id = greet(&proxied.server, &client);
    proxied.server.route("welcome", id).unwrap();
    assert_eq!(client.recv_msg().unwrap(), "welcome");
    assert_eq!(pull.recv_msg().unwrap(), "hello");
    assert_eq!(pull.recv_msg().unwrap(), "welcome");
}

#[test]
fn server_proxy_with_unusable_builders_is_an_error() {
    let front = || ServerBuilder::new().bind("tcp://127.0.0.1:*").clone();
    let back = || ClientBuilder::new().connect("tcp://127.0.0.1:1").clone();
    let refused =
        |front: &ServerBuilder, back: &ClientBuilder| ServerProxy::new(front, back).unwrap_err();
    for error in [
        refused(front().disconnect_message("bye"), &back()),
        refused(&front(), &ClientBuilder::new()),
        refused(&front(), back().bind("tcp://127.0.0.1:*")),
        refused(&front(), back().connect("tcp://nowhere:no-port")),
        refused(front().bind("tcp://nowhere:no-port"), &back()),
    ] {
        assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error}");
    }
    assert!(matches!(
        refused(&front(), back().connect("udp://127.0.0.1:1")).kind(),
        ErrorKind::Unsupported(_)
    ));
}

#[cfg(target_os = "linux")]
#[test]
fn blocked_server_proxy_uses_no_cpu() {
    let _watchdog = watchdog();
    let Proxied { ctx, server, endpoint, handle, .. } =
        proxied_with(Transport::Tcp, |proxy| proxy, 2);
    let deaf = client_at(&endpoint, 2).with_ctx(ctx.handle()).unwrap();
    let id = greet(&server, &deaf);
    let large = Msg::from(vec![7; 1_000_000]);
    fill(&server, id, &large);
    fill_by(|_| deaf.try_send(&large));
    let statistics = handle.statistics();
    assert_eq!(statistics.frontend_received.messages, statistics.backend_sent.messages + 1);
    assert_eq!(statistics.backend_received.messages, statistics.frontend_sent.messages + 1);

    let proxy = handle.stop().unwrap();
    let (tell, told) = mpsc::channel();
    let running = thread::spawn(move || {
        tell.send(fs::read_link("/proc/thread-self").unwrap()).unwrap();
        proxy.run()
    });
    let thread = told.recv().unwrap();
    // How many nanoseconds it has run. A proxy that retries does so much more often.
    let ran = || fs::read_to_string(Path::new("/proc").join(&thread).join("schedstat")).unwrap();
    const IDLE: Duration = Duration::from_millis(100);
    until(|| {
        let before = ran();
        thread::sleep(IDLE);
        ran() == before
    });
    ctx.shutdown();
    assert_eq!(running.join().unwrap().unwrap_err().kind(), ErrorKind::InvalidCtx);
}
