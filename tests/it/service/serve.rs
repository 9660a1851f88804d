//! Request handlers.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use libzmq::{prelude::*, service::*};

use super::{SOON, client_of, client_with, runtime, site};
use crate::common::{Transport, context, retry, until, watchdog};

/// Returns `Some` if the condition becomes true within `time`.
fn retry_for(time: Duration, it_is_so: impl Fn() -> bool) -> Option<()> {
    let start = Instant::now();
    while start.elapsed() < time {
        if it_is_so() {
            return Some(());
        }
        thread::sleep(Duration::from_millis(1));
    }
    None
}

#[test]
fn each_reply_goes_to_its_asker() {
    let _watchdog = watchdog();
    for &transport in Transport::EVERY {
        let site = site(transport, |builder| builder);
        let handle = site
            .service
            .spawn_serving(|request| async move {
                // Replies in another order than that of the requests.
                let number: u64 = request.body().to_str().unwrap().parse().unwrap();
                tokio::time::sleep(Duration::from_millis(number % 7)).await;
                format!("{}", number * 2)
            })
            .unwrap();
        let clients: Vec<_> = (0..8).map(|_| client_of(&site.ctx, &handle)).collect();
        for number in 0..100_u64 {
            for (index, client) in clients.iter().enumerate() {
                client.send((index as u64 * 1000 + number).to_string()).unwrap();
            }
        }
        for (index, client) in clients.iter().enumerate() {
            let mut replies: Vec<u64> = (0..100)
                .map(|_| client.recv_msg().unwrap().to_str().unwrap().parse().unwrap())
                .collect();
            replies.sort_unstable();
            let start = index as u64 * 1000;
            assert!(replies.into_iter().eq((start..start + 100).map(|n| n * 2)), "{transport:?}");
        }
        assert!(handle.blocking().stop(SOON).is_complete());
        let stats = handle.stats();
        assert_eq!((stats.delivered, stats.sent, stats.replying.count()), (800, 800, 800));
    }
}

#[test]
fn no_more_requests_are_in_hand_than_the_limit() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| builder.in_flight(7));
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (in_hand, highest) = (now.clone(), most.clone());
    let handle = site
        .service
        .spawn_serving(move |request| {
            let (now, most) = (in_hand.clone(), highest.clone());
            async move {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(2)).await;
                now.fetch_sub(1, Ordering::SeqCst);
                request.into_body()
            }
        })
        .unwrap();
    let client = client_of(&site.ctx, &handle);
    for _ in 0..100 {
        client.send("x").unwrap();
    }
    for _ in 0..100 {
        assert_eq!(client.recv_msg().unwrap(), "x");
    }
    assert_eq!(most.load(Ordering::SeqCst), 7);
}

/// The client sends requests all the time and receives no replies.
#[test]
fn client_that_does_not_take_replies_does_not_keep_the_handler_busy() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| {
        builder
            .in_flight(4)
            .outgoing(4, Overflow::StopReading)
            .incoming(100_000, Overflow::StopReading)
            .socket(|socket| socket.send_hwm(4))
    });
    let handle = site.service.spawn_serving(|_| async { Msg::from(vec![0; 100_000]) }).unwrap();
    let greedy = client_with(&site.ctx, &handle, |builder| builder.recv_hwm(1));
    for _ in 0..5000 {
        greedy.send("more").unwrap();
    }
    let other = client_of(&site.ctx, &handle);
    for _ in 0..20 {
        other.send("please").unwrap();
        assert_eq!(other.recv_msg_timeout(SOON).unwrap().unwrap().len(), 100_000);
    }
    assert!(handle.stats().queued_incoming > 0);
    // Once the client receives, it gets all replies.
    for _ in 0..5000 {
        assert_eq!(greedy.recv_msg_timeout(SOON).unwrap().unwrap().len(), 100_000);
    }
}

#[test]
fn panic_in_a_handler_is_contained() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| builder.panic_reply("sorry"));
    let handle = site
        .service
        .spawn_serving(|request| {
            assert_ne!(request.body().as_bytes(), b"at once", "asked to panic at once");
            async move {
                tokio::task::yield_now().await;
                assert_ne!(request.body().as_bytes(), b"later", "asked to panic later");
                request.into_body()
            }
        })
        .unwrap();
    let client = client_of(&site.ctx, &handle);
    for (request, reply) in
        [("at once", "sorry"), ("hello", "hello"), ("later", "sorry"), ("bye", "bye")]
    {
        client.send(request).unwrap();
        assert_eq!(client.recv_msg().unwrap(), reply);
    }
    assert_eq!(handle.stats().panics, 2);
    assert!(handle.blocking().stop(SOON).is_complete());
}

#[test]
fn handler_may_answer_nothing_and_use_the_handle() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| builder);
    let inner = site.service.handle();
    let handle = site
        .service
        .spawn_serving(move |request| {
            let handle = inner.clone();
            async move {
                handle.send(request.client(), "one").await.unwrap();
                assert_eq!(handle.stats().in_flight, 1);
                handle.reply(request.reply_to(), "two").await.unwrap();
                None::<Msg>
            }
        })
        .unwrap();
    let client = client_of(&site.ctx, &handle);
    client.send("x").unwrap();
    assert_eq!(client.recv_msg().unwrap(), "one");
    assert_eq!(client.recv_msg().unwrap(), "two");
    // The handler owns a handle, so dropping this one would not end the service.
    assert!(handle.blocking().stop(SOON).is_complete());
}

/// The clients are plain REQ and DEALER sockets.
#[test]
fn req_and_dealer_clients_of_a_router_service_are_served() {
    let _watchdog = watchdog();
    let ctx = context();
    for transport in [Transport::Tcp, Transport::Inproc, Transport::Ws] {
        let service = Service::router().bind(transport.anywhere()).ctx(&ctx).build().unwrap();
        let handle = service
            .spawn_serving(|request| async move {
                tokio::task::yield_now().await;
                let mut parts = request.into_body();
                parts.push_front("re:");
                parts
            })
            .unwrap();
        let endpoint = &handle.endpoints()[0];
        thread::scope(|scope| {
            for number in 0..5 {
                let ctx = &ctx;
                scope.spawn(move || {
                    let req = ReqBuilder::new().connect(endpoint).with_ctx(ctx.handle()).unwrap();
                    for turn in 0..50 {
                        let request = format!("{number} {turn}");
                        req.send_multipart([&*request, "", "rest"]).unwrap();
                        let reply = req.recv_multipart().unwrap();
                        assert_eq!(reply, ["re:", &*request, "", "rest"]);
                    }
                });
                scope.spawn(move || {
                    let dealer =
                        DealerBuilder::new().connect(endpoint).with_ctx(ctx.handle()).unwrap();
                    for turn in 0..50 {
                        let request = format!("{number} {turn}");
                        // Without an envelope, with an empty one, and with frames in the envelope.
                        dealer.send_multipart([&*request]).unwrap();
                        assert_eq!(dealer.recv_multipart().unwrap(), ["re:", &*request]);
                        dealer.send_multipart(["", &*request]).unwrap();
                        assert_eq!(dealer.recv_multipart().unwrap(), ["", "re:", &*request]);
                        dealer.send_multipart(["id", "", &*request]).unwrap();
                        assert_eq!(dealer.recv_multipart().unwrap(), ["id", "", "re:", &*request]);
                    }
                });
            }
        });
        until(|| handle.stats().left == 10);
        assert!(handle.blocking().stop(SOON).is_complete(), "{transport:?}");
    }
}

#[test]
fn router_client_that_never_reads_does_not_delay_the_others() {
    let _watchdog = watchdog();
    let ctx = context();
    let service = Service::router()
        .bind(Transport::Tcp.anywhere())
        .ctx(&ctx)
        .outgoing(4, Overflow::StopReading)
        .socket(|socket| socket.send_hwm(4))
        .build()
        .unwrap();
    let handle = service.spawn_serving(|_| async { Msg::from(vec![0; 100_000]) }).unwrap();
    let endpoint = &handle.endpoints()[0];
    let greedy = DealerBuilder::new().connect(endpoint).recv_hwm(1).with_ctx(ctx.handle()).unwrap();
    let other = ReqBuilder::new().connect(endpoint).with_ctx(ctx.handle()).unwrap();
    for _ in 0..500 {
        greedy.send("more").unwrap();
    }
    for _ in 0..20 {
        other.send("please").unwrap();
        assert_eq!(other.recv_msg_timeout(SOON).unwrap().unwrap().len(), 100_000);
    }
    for _ in 0..500 {
        assert_eq!(greedy.recv_msg_timeout(SOON).unwrap().unwrap().len(), 100_000);
    }
}

/// A ROUTER cannot close the connection of one client.
#[test]
fn disconnected_router_client_is_refused_until_it_reconnects() {
    let _watchdog = watchdog();
    let ctx = context();
    let service = Service::router()
        .bind(Transport::Tcp.anywhere())
        .ctx(&ctx)
        .farewell("goodbye")
        .build()
        .unwrap();
    let handle = service.spawn().unwrap().blocking();
    let dealer = || {
        DealerBuilder::new()
            .connect(&handle.endpoints()[0])
            .routing_identity("me")
            .with_ctx(ctx.handle())
            .unwrap()
    };
    let client = dealer();
    client.send("hello").unwrap();
    let id = Identity::try_from("me").unwrap();
    until(|| handle.is_readable(&id));
    assert_eq!(handle.recv_from(&id).unwrap().into_body(), ["hello"]);
    assert_eq!(handle.disconnect(&id).unwrap(), 0);
    assert_eq!(client.recv_msg().unwrap(), "goodbye");
    client.send("unheard").unwrap();
    until(|| handle.stats().refused == 1);
    assert!(handle.client(&id).is_none());
    drop(client);
    // The ROUTER refuses the identity until it notices that the earlier client has disconnected.
    retry(|| {
        let client = dealer();
        client.send("hello again").unwrap();
        retry_for(Duration::from_millis(100), || handle.is_readable(&id))
    });
    assert_eq!(handle.recv_from(&id).unwrap().into_body(), ["hello again"]);
}

#[test]
fn handlers_of_a_dropped_service_are_dropped() {
    let _watchdog = watchdog();
    let runtime = runtime();
    let site = site(Transport::Tcp, |builder| builder);
    let handle = site.service.handle();
    let alive = Arc::new(());
    let held = alive.clone();
    let serving = runtime.spawn(site.service.serve(move |_| {
        let held = held.clone();
        async move {
            std::future::pending::<()>().await;
            drop(held);
            "never"
        }
    }));
    let client = client_of(&site.ctx, &handle);
    for _ in 0..10 {
        client.send("x").unwrap();
    }
    until(|| handle.stats().in_flight == 10);
    serving.abort();
    assert!(runtime.block_on(serving).unwrap_err().is_cancelled());
    assert_eq!(Arc::strong_count(&alive), 1);
    let report = handle.blocking().ended();
    assert!(report.aborted);
    assert_eq!((report.unanswered, handle.stats().clients), (10, 0));
}
