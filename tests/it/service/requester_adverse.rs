//! Servers and programs that a requester must survive: replies that come twice, and futures of
//! requests that are kept without being polled.

use std::{
    future::Future,
    pin::pin,
    sync::mpsc,
    task::{Context, Waker},
    thread,
    time::Duration,
};

use libzmq::{addr::Endpoint, prelude::*, service::*};

use super::{SOON, runtime};
use crate::common::{Transport, context, until, watchdog};

fn requester(ctx: &Ctx, endpoint: &Endpoint, matching: Matching) -> Requester {
    let mut builder = Requester::builder();
    builder.connect(endpoint).ctx(ctx).timeout(SOON).retries(0).matching(matching);
    builder.build().unwrap()
}

/// Replies to all requests except "never", and to "later" later.
async fn echo(request: Incoming) -> Msg {
    if *request.body() == "never" {
        std::future::pending::<()>().await;
    }
    if *request.body() == "later" {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    request.into_body()
}

/// `select!` keeps the future of a branch in this way while another branch sends requests.
#[test]
fn request_that_is_kept_without_being_polled_does_not_delay_the_others() {
    let _watchdog = watchdog();
    let runtime = runtime();
    for transport in [Transport::Tcp, Transport::Inproc] {
        let ctx = context();
        let service = Service::builder().bind(transport.anywhere()).ctx(&ctx).build().unwrap();
        let handle = service.spawn_serving(echo).unwrap();
        let requester = requester(&ctx, &handle.endpoints()[0], Matching::Numbered);
        runtime.block_on(async {
            requester.request("first").await.unwrap();
            for polls in 1..6 {
                let mut first = pin!(requester.request("never"));
                let mut second = pin!(requester.request("never"));
                for _ in 0..polls {
                    for kept in [first.as_mut(), second.as_mut()] {
                        assert!(kept.poll(&mut Context::from_waker(Waker::noop())).is_pending());
                    }
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                let others = (0..3).map(|number| {
                    let requester = requester.clone();
                    tokio::spawn(async move { requester.request(number.to_string()).await })
                });
                for (number, other) in others.collect::<Vec<_>>().into_iter().enumerate() {
                    assert_eq!(other.await.unwrap().unwrap(), number.to_string().as_str());
                }
                assert_eq!(requester.request("last").await.unwrap(), "last");
            }
        });
    }
}

/// The future that receives for all is dropped, and the next one is kept without being polled.
#[test]
fn request_whose_turn_it_is_to_receive_may_be_kept_without_being_polled() {
    let _watchdog = watchdog();
    let runtime = runtime();
    let ctx = context();
    let service = Service::builder().bind("tcp://127.0.0.1:*").ctx(&ctx).build().unwrap();
    let handle = service.spawn_serving(echo).unwrap();
    let requester = requester(&ctx, &handle.endpoints()[0], Matching::Numbered);
    runtime.block_on(async {
        requester.request("first").await.unwrap();
        let mut futures: Vec<_> = (0..10).map(|_| Box::pin(requester.request("never"))).collect();
        for _ in 0..3 {
            for future in &mut futures {
                let mut cx = Context::from_waker(Waker::noop());
                assert!(future.as_mut().poll(&mut cx).is_pending());
            }
        }
        let other = requester.clone();
        let waits = tokio::spawn(async move { other.request("later").await });
        until(|| handle.stats().in_flight == 11);
        drop(futures.swap_remove(0));
        // Not only when its time is over.
        let reply = tokio::time::timeout(SOON / 2, waits).await.unwrap();
        assert_eq!(reply.unwrap().unwrap(), "later");
    });
}

#[test]
fn second_reply_to_a_request_is_late() {
    let _watchdog = watchdog();
    let runtime = runtime();
    let ctx = context();
    let service = Service::builder().bind("tcp://127.0.0.1:*").ctx(&ctx).build().unwrap();
    let handle = service.spawn().unwrap().blocking();
    let requester = requester(&ctx, &handle.endpoints()[0], Matching::Numbered);
    let (events, replies) = (handle.events(), handle.clone());
    thread::spawn(move || {
        for event in events {
            if let Event::Message(message) = event {
                for reply in ["first", "second", "third"] {
                    replies.reply(message.reply_to(), reply).unwrap();
                }
            }
        }
    });
    for _ in 0..20 {
        assert_eq!(runtime.block_on(requester.request("x")).unwrap(), "first");
    }
    // The next request receives what is late.
    until(|| handle.stats().sent == 60);
    assert_eq!(runtime.block_on(requester.request("x")).unwrap(), "first");
    assert!(requester.stats().late >= 38, "{:?}", requester.stats());
}

/// A plain server has no numbers, so each further reply would be taken for that to the next
/// request.
#[test]
fn second_reply_of_a_plain_server_is_not_the_reply_to_the_next_request() {
    let _watchdog = watchdog();
    let runtime = runtime();
    let ctx = context();
    for matching in [Matching::OneAtATime, Matching::Detect] {
        let anywhere = Transport::Inproc.anywhere();
        let server = ServerBuilder::new().bind(anywhere).with_ctx(ctx.handle()).unwrap();
        let (replied, replies) = mpsc::channel();
        let requester = requester(&ctx, &server.last_endpoint().unwrap(), matching);
        thread::scope(|scope| {
            scope.spawn(|| {
                let replied = replied;
                for _ in 0..3 {
                    let request = server.recv_msg().unwrap();
                    let id = request.routing_id().unwrap();
                    server.route(request.to_vec(), id).unwrap();
                    server.route("again", id).unwrap();
                    replied.send(()).unwrap();
                }
            });
            for (number, request) in ["one", "two", "three"].into_iter().enumerate() {
                assert_eq!(runtime.block_on(requester.request(request)).unwrap(), request);
                replies.recv().unwrap();
                assert_eq!(requester.stats().late, number as u64);
            }
        });
    }
}
