//! Requesters shared by many tasks.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use futures::{FutureExt, future::join_all};
use libzmq::{prelude::*, service::*};

use super::{SOON, runtime};
use crate::common::{Transport, context, until, watchdog};

fn requester(ctx: &Ctx, endpoint: &libzmq::addr::Endpoint) -> RequesterBuilder {
    let mut builder = Requester::builder();
    builder.connect(endpoint).ctx(ctx).timeout(SOON).retries(0);
    builder
}

fn service(ctx: &Ctx) -> Service {
    Service::builder().bind("tcp://127.0.0.1:*").ctx(ctx).build().unwrap()
}

/// Replies in another order than that of the requests.
async fn slow_echo(request: Incoming) -> Msg {
    let number = request.body().as_bytes().last().copied().unwrap_or_default();
    tokio::time::sleep(Duration::from_millis(u64::from(number) % 5)).await;
    request.into_body()
}

#[test]
fn requests_of_many_tasks_get_their_own_replies() {
    let _watchdog = watchdog();
    let runtime = runtime();
    for (transport, matching) in [
        (Transport::Tcp, Matching::Detect),
        (Transport::Ipc, Matching::Detect),
        (Transport::Ws, Matching::Numbered),
        (Transport::Inproc, Matching::Numbered),
        (Transport::Inproc, Matching::Detect),
    ] {
        let ctx = context();
        let service = Service::builder().bind(transport.anywhere()).ctx(&ctx).build().unwrap();
        let handle = service.spawn_serving(slow_echo).unwrap();
        let requester = requester(&ctx, &handle.endpoints()[0]).matching(matching).build().unwrap();
        runtime.block_on(async {
            let tasks = (0..200_u32).map(|number| {
                let requester = requester.clone();
                tokio::spawn(async move {
                    for turn in 0..5_u32 {
                        let body = [number.to_be_bytes(), turn.to_be_bytes()].concat();
                        let reply = requester.request(body.clone()).await.unwrap();
                        assert_eq!(reply, &*body);
                    }
                })
            });
            for done in join_all(tasks).await {
                done.unwrap();
            }
        });
        let stats = requester.stats();
        assert_eq!((stats.requests, stats.replies, stats.late), (1000, 1000, 0), "{transport:?}");
    }
}

/// With a service many requests are in flight at once.
#[test]
fn service_is_detected_by_its_first_reply() {
    let _watchdog = watchdog();
    let runtime = runtime();
    let ctx = context();
    let most = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
    let counts = most.clone();
    let service = Service::builder().bind(Transport::Tcp.anywhere()).ctx(&ctx).build().unwrap();
    let handle = service
        .spawn_serving(move |request| {
            let counts = counts.clone();
            async move {
                let now = counts.0.fetch_add(1, Ordering::SeqCst) + 1;
                counts.1.fetch_max(now, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(20)).await;
                counts.0.fetch_sub(1, Ordering::SeqCst);
                request.into_body()
            }
        })
        .unwrap();
    let requester = requester(&ctx, &handle.endpoints()[0]).build().unwrap();
    runtime.block_on(async {
        requester.request("first").await.unwrap();
        assert_eq!(most.1.load(Ordering::SeqCst), 1);
        join_all((0..50).map(|n| requester.request(n.to_string()))).await;
    });
    assert!(most.1.load(Ordering::SeqCst) > 10);
}

#[test]
fn plain_server_is_asked_one_request_at_a_time() {
    let _watchdog = watchdog();
    let runtime = runtime();
    let ctx = context();
    let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle()).unwrap();
    let requester = requester(&ctx, &server.last_endpoint().unwrap()).build().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..100 {
                let request = server.recv_msg().unwrap();
                // The requester sends no other request before the reply.
                thread::sleep(Duration::from_millis(1));
                assert!(server.try_recv_msg().unwrap_err().is_would_block());
                server.route(request.to_vec(), request.routing_id().unwrap()).unwrap();
            }
        });
        runtime.block_on(async {
            let asked = join_all((0..100).map(|number| {
                let requester = &requester;
                async move {
                    let reply = requester.request(number.to_string()).await.unwrap();
                    assert_eq!(reply, number.to_string().as_str());
                }
            }));
            asked.await;
        });
    });
}

#[test]
fn dealer_requests_are_matched_by_service_and_rep_and_plain_router() {
    let _watchdog = watchdog();
    let runtime = runtime();
    let ctx = context();
    let service = Service::router().bind("tcp://127.0.0.1:*").ctx(&ctx).build().unwrap();
    let handle = service
        .spawn_serving(|request| async move {
            tokio::task::yield_now().await;
            request.into_body()
        })
        .unwrap();
    let rep = RepBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle()).unwrap();
    let router = RouterBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle()).unwrap();
    let (rep_endpoint, router_endpoint) =
        (rep.last_endpoint().unwrap(), router.last_endpoint().unwrap());
    thread::spawn(move || {
        while let Ok(request) = rep.recv_multipart() {
            rep.send_multipart(request).unwrap();
        }
    });
    thread::spawn(move || {
        while let Ok((id, parts)) = router.recv_from() {
            // Replies like a server that was written for REQ clients.
            assert_eq!((parts.len(), parts[0].is_empty()), (3, true));
            router.route(parts, id).unwrap();
        }
    });
    for (endpoint, matching) in [
        (&handle.endpoints()[0], Matching::Detect),
        (&rep_endpoint, Matching::Detect),
        (&rep_endpoint, Matching::Numbered),
        (&router_endpoint, Matching::Detect),
    ] {
        let requester = Requester::dealer()
            .connect(endpoint)
            .ctx(&ctx)
            .timeout(SOON)
            .matching(matching)
            .build()
            .unwrap();
        runtime.block_on(join_all((0..100).map(|number| {
            let requester = &requester;
            async move {
                let request = [number.to_string(), "rest".into()];
                assert_eq!(requester.request(&request).await.unwrap(), request);
            }
        })));
    }
    ctx.shutdown();
}

#[test]
fn dead_endpoint_is_left_for_the_next() {
    let _watchdog = watchdog();
    let runtime = runtime();
    let ctx = context();
    let handle = service(&ctx).spawn_serving(slow_echo).unwrap();
    // One with nobody at it, and one that takes requests and says nothing.
    let silent = ServerBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle()).unwrap();
    for (delivery, works) in [(Delivery::AtLeastOnce, true), (Delivery::AtMostOnce, false)] {
        let requester = Requester::builder()
            .connect([
                Transport::Tcp.nowhere(),
                silent.last_endpoint().unwrap().to_string(),
                handle.endpoints()[0].to_string(),
            ])
            .ctx(&ctx)
            .timeout(Duration::from_millis(100))
            .backoff(Duration::from_millis(5), Duration::from_millis(10))
            .retries(4)
            .delivery(delivery)
            .build()
            .unwrap();
        let reply = runtime.block_on(requester.request("hello"));
        assert_eq!(silent.recv_msg_timeout(SOON).unwrap().unwrap(), "hello");
        if works {
            assert_eq!(reply.unwrap(), "hello");
            // The next request starts with the endpoint that replied last.
            assert_eq!(runtime.block_on(requester.request("again")).unwrap(), "again");
            assert_eq!((requester.stats().retries, requester.stats().replies), (2, 2));
        } else {
            // The requester sent it to the silent server, and to no other.
            let mut error = reply.unwrap_err();
            assert!(error.is_timeout());
            assert_eq!(error.take().unwrap(), "hello");
            assert_eq!(requester.stats().failures, 1);
        }
        assert!(silent.try_recv_msg().unwrap_err().is_would_block());
    }
}

#[test]
fn request_that_was_dropped_does_not_give_its_reply_to_another() {
    let _watchdog = watchdog();
    let runtime = runtime();
    for matching in [Matching::Detect, Matching::OneAtATime, Matching::Numbered] {
        let ctx = context();
        let handle = service(&ctx)
            .spawn_serving(|request| async move {
                tokio::time::sleep(Duration::from_millis(3)).await;
                request.into_body()
            })
            .unwrap();
        let requester = requester(&ctx, &handle.endpoints()[0]).matching(matching).build().unwrap();
        runtime.block_on(async {
            for number in 0..50_u32 {
                // Drops the request before it is sent, after that, or when the reply arrives.
                let time = Duration::from_micros(u64::from(number) * 100);
                let dropped = requester.request("dropped");
                let _ = tokio::time::timeout(time, dropped).await;
                let others = (0..3).map(|other| {
                    let requester = &requester;
                    async move {
                        let body = format!("{number} {other}");
                        assert_eq!(requester.request(&*body).await.unwrap(), &*body);
                    }
                });
                join_all(others).await;
            }
            assert!(requester.request("x").now_or_never().is_none());
        });
    }
}

/// The requests that wait for their turn are sent over another connection.
#[test]
fn request_that_is_dropped_while_others_wait_does_not_fail_them() {
    let _watchdog = watchdog();
    let runtime = runtime();
    let ctx = context();
    let handle = service(&ctx)
        .spawn_serving(|request| async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            request.into_body()
        })
        .unwrap();
    let requester =
        requester(&ctx, &handle.endpoints()[0]).matching(Matching::OneAtATime).build().unwrap();
    runtime.block_on(async {
        for _ in 0..5 {
            let dropped = tokio::spawn({
                let requester = requester.clone();
                async move { requester.request("dropped").await }
            });
            tokio::time::sleep(Duration::from_millis(5)).await;
            let others = (0..5).map(|number| {
                let requester = requester.clone();
                tokio::spawn(async move {
                    let body = number.to_string();
                    assert_eq!(requester.request(&*body).await.unwrap(), &*body);
                })
            });
            let others: Vec<_> = others.collect();
            tokio::time::sleep(Duration::from_millis(5)).await;
            dropped.abort();
            for done in join_all(others).await {
                done.unwrap();
            }
        }
    });
}

#[test]
fn handler_that_panics_is_an_error_of_the_request() {
    let _watchdog = watchdog();
    let runtime = runtime();
    let ctx = context();
    let handle = service(&ctx)
        .spawn_serving(|request| async move {
            assert_ne!(request.body().as_bytes(), b"panic", "asked to");
            request.into_body()
        })
        .unwrap();
    let requester = requester(&ctx, &handle.endpoints()[0]).build().unwrap();
    runtime.block_on(async {
        assert_eq!(requester.request("hello").await.unwrap(), "hello");
        let error = requester.request("panic").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::NotFound(_)), "{error}");
        assert_eq!(requester.request("hello").await.unwrap(), "hello");
    });
}

/// Without a handler the service reports requests as events.
#[test]
fn requests_are_events_and_their_replies_are_matched() {
    let _watchdog = watchdog();
    let runtime = runtime();
    let ctx = context();
    let service = Service::builder().bind("tcp://127.0.0.1:*").ctx(&ctx).build().unwrap();
    let handle = service.spawn().unwrap().blocking();
    let requester =
        requester(&ctx, &handle.endpoints()[0]).matching(Matching::Numbered).build().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut requests = Vec::new();
            for event in handle.events() {
                if let Event::Message(request) = event {
                    requests.push(request);
                    if requests.len() == 10 {
                        break;
                    }
                }
            }
            let bodies: HashSet<_> = requests.iter().map(|of| of.body().to_vec()).collect();
            assert_eq!(bodies.len(), 10);
            for request in requests.into_iter().rev() {
                let (to, body) = request.into_parts();
                handle.reply(&to, body).unwrap();
            }
        });
        runtime.block_on(join_all((0..10).map(|number| {
            let requester = &requester;
            async move {
                let body = number.to_string();
                assert_eq!(requester.request(&*body).await.unwrap(), &*body);
            }
        })));
    });
    until(|| handle.stats().replying.count() == 10);
}

/// The requester reconnects, and resends the requests in flight.
#[test]
fn requests_survive_a_service_that_is_started_again() {
    let _watchdog = watchdog();
    let runtime = runtime();
    let ctx = context();
    let endpoint = Transport::Tcp.nowhere();
    let requester = Requester::builder()
        .connect(&*endpoint)
        .ctx(&ctx)
        .timeout(Duration::from_millis(200))
        .backoff(Duration::from_millis(10), Duration::from_millis(50))
        .retries(100)
        .delivery(Delivery::AtLeastOnce)
        .build()
        .unwrap();
    let asking = runtime.spawn({
        let requester = requester.clone();
        async move {
            for number in 0..200 {
                let body = number.to_string();
                assert_eq!(requester.request(&*body).await.unwrap(), &*body);
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        }
    });
    while !asking.is_finished() {
        let mut builder = Service::builder();
        builder.bind(&*endpoint).ctx(&ctx).socket(|socket| socket.linger(Duration::ZERO));
        let Ok(service) = builder.build() else { continue };
        let handle = service.spawn_serving(slow_echo).unwrap();
        thread::sleep(Duration::from_millis(150));
        handle.blocking().stop(Duration::ZERO);
    }
    runtime.block_on(asking).unwrap();
}
