//! Stops and timeouts of awaited calls, and the halves of a split socket.

use std::{sync::Arc, time::Duration};

use futures::{SinkExt, StreamExt};
use libzmq::{aio::*, monitor::EventSet, prelude::*};

use crate::common::{Transport, pair, vacant_udp, watchdog};

const SHORT: Duration = Duration::from_millis(20);
const LONG: Duration = Duration::from_secs(50);

#[cfg(zmq_has = "patches")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stop_ends_pending_receives_and_allows_sends() {
    let _watchdog = watchdog();
    for &transport in Transport::COMMON {
        let pair = pair(transport);
        let id = pair.greet();
        let server = Async::new(pair.server.clone()).unwrap();
        let receivers: Vec<_> = (0..8)
            .map(|number| {
                let server = server.clone();
                tokio::spawn(async move {
                    match number % 3 {
                        0 => server.recv_msg().await.map(drop),
                        1 => server.recv_msg_timeout(LONG).await.map(drop),
                        _ => server.messages().next().await.unwrap().map(drop),
                    }
                })
            })
            .collect();
        tokio::task::yield_now().await;
        pair.server.stop_receiving().unwrap();
        for receiver in receivers {
            assert_eq!(receiver.await.unwrap().unwrap_err().kind(), ErrorKind::Stopped);
        }
        // The stream ends with the error.
        let mut messages = server.messages();
        assert!(messages.next().await.unwrap().unwrap_err().is_shutdown());
        assert!(messages.next().await.is_none());

        server.route("goodbye", id).await.unwrap();
        assert_eq!(pair.client.recv_msg().unwrap(), "goodbye");
    }
}

#[cfg(zmq_has = "patches")]
#[tokio::test]
async fn stop_ends_pending_receives_of_single_threaded_sockets_and_monitors() {
    let _watchdog = watchdog();
    let dealer = Dealer::new().unwrap();
    let stopper = dealer.stopper().unwrap();
    let dealer = Async::new(dealer).unwrap();
    let (received, ()) = tokio::join!(dealer.recv_multipart(), async {
        // The receive waits for its socket when it has been polled a few times.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        stopper.stop();
    });
    assert_eq!(received.unwrap_err().kind(), ErrorKind::Stopped);

    let monitor = Server::new().unwrap().monitor(EventSet::ALL).unwrap();
    let monitor = AsyncMonitor::new(monitor).unwrap();
    while monitor.recv().await.is_ok() {}
}

#[tokio::test]
async fn async_timeout_ends_the_call_and_returns_the_message() {
    let _watchdog = watchdog();
    let server = Async::new(Server::new().unwrap()).unwrap();
    assert_eq!(server.recv_msg_timeout(SHORT).await.unwrap(), None);
    assert_eq!(server.recv_msg_timeout(Duration::ZERO).await.unwrap(), None);

    let router = Router::new().unwrap();
    router.bind("inproc://limits").unwrap();
    let router = Async::new(router).unwrap();
    assert!(router.recv_from_timeout(SHORT).await.unwrap().is_none());
    assert!(router.recv_multipart_timeout(SHORT).await.unwrap().is_none());

    let xpub = Async::new(XPub::new().unwrap()).unwrap();
    assert!(xpub.recv_subscription_timeout(SHORT).await.unwrap().is_none());
    let dgram = Async::new(DgramBuilder::new().bind(vacant_udp()).build().unwrap()).unwrap();
    assert!(dgram.recv_from_timeout(SHORT).await.unwrap().is_none());
    let monitor = router.with(|router| router.monitor(EventSet::ALL)).unwrap();
    let monitor = AsyncMonitor::new(monitor).unwrap();
    assert!(monitor.recv_event_timeout(SHORT).await.unwrap().is_none());

    // Nobody is connected.
    let client = Async::new(Client::new().unwrap()).unwrap();
    let mut error = client.send_msg_timeout("x", SHORT).await.unwrap_err();
    assert_eq!(error.to_string(), "send: timed out after 20 ms");
    assert_eq!(error.take().unwrap(), "x");
    let push = Async::new(Push::new().unwrap()).unwrap();
    let mut error = push.send_multipart_timeout(["x", "y"], SHORT).await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.take().unwrap(), ["x", "y"]);

    // In time.
    let dealer = DealerBuilder::new().connect("inproc://limits").routing_identity("dealer").build();
    let dealer = Async::new(dealer.unwrap()).unwrap();
    dealer.send_multipart_timeout(["in", "time"], LONG).await.unwrap();
    let (peer, parts) = router.recv_from_timeout(LONG).await.unwrap().unwrap();
    assert_eq!(parts, ["in", "time"]);
    router.route_timeout(parts, &peer, LONG).await.unwrap();
    router.route("again", "dealer").await.unwrap();
    assert_eq!(dealer.recv_multipart_timeout(LONG).await.unwrap().unwrap(), ["in", "time"]);
    assert_eq!(dealer.recv_msg_timeout(Infinite).await.unwrap().unwrap(), "again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn split_halves_work_in_two_tasks_and_close_the_socket_together() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let dealer = || DealerBuilder::new().recv_hwm(10).send_hwm(10).with_ctx(ctx.handle()).unwrap();
    let (ours, theirs) = (dealer(), dealer());
    let endpoint = ours.bind_endpoint("tcp://127.0.0.1:*").unwrap();
    theirs.connect(endpoint).unwrap();

    let (mut incoming, mut outgoing) = Async::new(ours).unwrap().split_multipart();
    assert!(format!("{incoming:?}").contains("Dealer"), "{incoming:?}");
    let echo = tokio::spawn(async move {
        let (stream, mut sink) = Async::new(theirs).unwrap().split_multipart();
        let mut stream = stream.take(500);
        while let Some(parts) = stream.next().await {
            sink.send(parts.unwrap()).await.unwrap();
        }
    });
    let sender = tokio::spawn(async move {
        for number in 0..500_u32 {
            outgoing.send(Multipart::from([number.to_string(), "part".into()])).await.unwrap();
        }
        outgoing.close().await.unwrap();
    });
    for number in 0..500_u32 {
        let parts = incoming.next().await.unwrap().unwrap();
        assert_eq!(parts[0], number.to_string());
    }
    sender.await.unwrap();
    echo.await.unwrap();
    assert!(incoming.get_ref().with(|dealer| dealer.last_endpoint()).is_ok());
    drop(incoming);
    // All sockets are closed, so the context can end.
    ctx.terminate().unwrap();
}

#[tokio::test]
async fn debug_of_an_async_socket_shows_the_socket() {
    let _watchdog = watchdog();
    let pull = Arc::new(Async::new(Pull::new().unwrap()).unwrap());
    assert!(format!("{pull:?}").starts_with("Async(Pull { ctx: "), "{pull:?}");
    // Not while another call has its turn.
    pull.with(|_| assert_eq!(format!("{pull:?}"), "Async { .. }"));
}
