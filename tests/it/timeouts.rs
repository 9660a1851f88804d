//! Timeouts of single calls, and what their errors say.

use std::{
    thread,
    time::{Duration, Instant},
};

use libzmq::{poll::*, prelude::*};

use crate::common::{Transport, Transport::Tcp, blocked::spawn_blocked, *};

const SHORT: Duration = Duration::from_millis(20);
const LONG: Duration = Duration::from_secs(50);

/// Makes a call that must time out after its period.
fn times_out<T: std::fmt::Debug, C>(
    limit: Duration,
    call: impl FnOnce() -> Result<T, libzmq::Error<C>>,
) -> libzmq::Error<C> {
    let start = Instant::now();
    let error = call().unwrap_err();
    assert!(error.is_timeout() && error.is_would_block() && !error.is_shutdown(), "{error}");
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    assert!(start.elapsed() >= limit, "{:?}", start.elapsed());
    assert!(start.elapsed() < limit + SOON, "{:?}", start.elapsed());
    error
}

#[test]
fn timeout_error_states_its_period() {
    let _watchdog = watchdog();
    let limit = Duration::from_millis(200);
    let server = ServerBuilder::new().recv_timeout(limit).build().unwrap();
    let error = times_out(limit, || server.recv_msg());
    assert_eq!(error.to_string(), "receive: timed out after 200 ms");

    let pull = PullBuilder::new().recv_timeout(SHORT).build().unwrap();
    assert_eq!(
        times_out(SHORT, || pull.recv_multipart()).to_string(),
        "receive: timed out after 20 ms"
    );
    let push = PushBuilder::new().send_timeout(SHORT).build().unwrap();
    assert_eq!(times_out(SHORT, || push.send("x")).to_string(), "send: timed out after 20 ms");

    let error = push.send_msg_timeout("x", Duration::from_secs(1)).unwrap_err();
    assert_eq!(error.to_string(), "send: timed out after 1 s");

    let error = pull.try_recv_msg().unwrap_err();
    assert!(error.is_would_block() && !error.is_timeout());
    assert_eq!(error.to_string(), "receive: the operation would block");
}

#[test]
fn recv_with_a_timeout_argument_keeps_the_option_of_the_socket() {
    let _watchdog = watchdog();
    for transport in Transport::EVERY {
        let Pair { ctx: _ctx, server, client } = pair(*transport);
        assert_eq!(server.recv_msg_timeout(SHORT).unwrap(), None);
        assert_eq!(server.recv_msg_timeout(Duration::ZERO).unwrap(), None);
        assert_eq!(server.recv_timeout().unwrap(), Infinite);
        client.send("one").unwrap();
        assert_eq!(server.recv_msg_timeout(LONG).unwrap().unwrap(), "one");
        client.send("two").unwrap();
        assert_eq!(server.recv_msg_timeout(Infinite).unwrap().unwrap(), "two");
    }
    let ctx = Ctx::new();
    let pull = PullBuilder::new()
        .bind("inproc://limit")
        .recv_timeout(LONG)
        .with_ctx(ctx.handle())
        .unwrap();
    let push = PushBuilder::new().connect("inproc://limit").with_ctx(ctx.handle()).unwrap();
    assert_eq!(pull.recv_multipart_timeout(SHORT).unwrap(), None);
    assert_eq!(pull.recv_msg_timeout(SHORT).unwrap(), None);
    assert_eq!(pull.recv_timeout().unwrap(), Finite(LONG));
    push.send_multipart(["a", "b"]).unwrap();
    assert_eq!(pull.recv_multipart_timeout(LONG).unwrap().unwrap(), ["a", "b"]);
    ctx.shutdown();
    assert!(pull.recv_msg_timeout(LONG).unwrap_err().is_shutdown());
}

#[test]
fn threads_that_recv_with_timeout_arguments_lose_no_message() {
    let _watchdog = watchdog();
    let Pair { ctx: _ctx, server, client } = pair(Tcp);
    let receivers: Vec<_> = (0..6)
        .map(|number| {
            let server = server.clone();
            thread::spawn(move || {
                let mut received = 0;
                // Every other thread times out all the time.
                let limit = if number % 2 == 0 { LONG } else { Duration::from_millis(1) };
                while let Ok(msg) = server.recv_msg_timeout(limit) {
                    match msg {
                        Some(msg) if msg == "end" => break,
                        Some(_) => received += 1,
                        None => (),
                    }
                }
                received
            })
        })
        .collect();
    for number in 0..2000 {
        client.send(number.to_string()).unwrap();
    }
    (0..6).for_each(|_| client.send("end").unwrap());
    let received: i32 = receivers.into_iter().map(|receiver| receiver.join().unwrap()).sum();
    assert_eq!(received, 2000);
}

#[test]
fn send_with_a_timeout_argument_returns_the_message() {
    let _watchdog = watchdog();
    let Pair { ctx: _ctx, server, client } =
        pair_with(Tcp, ServerBuilder::new().send_hwm(1), ClientBuilder::new().recv_hwm(1));
    let id = {
        client.send("hello").unwrap();
        server.recv_msg().unwrap().routing_id().unwrap()
    };
    let large = Msg::from(vec![0; 1_000_000]);
    fill(&server, id, &large);
    let mut error = times_out(SHORT, || server.route_timeout(&large, id, SHORT));
    assert_eq!(error.take().unwrap(), large);
    assert_eq!(server.send_timeout().unwrap(), Infinite);

    let lonely = Client::new().unwrap();
    let mut error = times_out(SHORT, || lonely.send_msg_timeout("x", SHORT));
    assert_eq!(error.take().unwrap(), "x");
    let dealer = Dealer::new().unwrap();
    let mut error = times_out(SHORT, || dealer.send_multipart_timeout(["x", "y"], SHORT));
    assert_eq!(error.take().unwrap(), ["x", "y"]);
}

#[test]
fn mandatory_router_route_timeout_blocks_until_the_queue_has_space() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let router = RouterBuilder::new()
        .bind("inproc://room")
        .mandatory(true)
        .send_hwm(1)
        .with_ctx(ctx.handle())
        .unwrap();
    let dealer =
        DealerBuilder::new().connect("inproc://room").recv_hwm(1).with_ctx(ctx.handle()).unwrap();
    dealer.send("here").unwrap();
    let (peer, _) = router.recv_from().unwrap();
    while router.try_route("x", &peer).is_ok() {}
    let mut error = times_out(SHORT, || router.route_timeout(["x", "y"], &peer, SHORT));
    assert_eq!(error.take().unwrap(), ["x", "y"]);

    let routing = spawn_blocked(move || router.route_timeout("last", &peer, LONG));
    while dealer.recv_multipart().unwrap() != ["last"] {}
    routing.join().unwrap().unwrap();
}

#[test]
fn socket_poll_reports_readiness_without_a_poller() {
    let _watchdog = watchdog();
    let Pair { ctx: _ctx, server, client } = pair(Tcp);
    assert_eq!(server.poll(READABLE, SHORT).unwrap(), EMPTY);
    assert_eq!(client.poll(READABLE | WRITABLE, LONG).unwrap(), WRITABLE);
    client.send("hello").unwrap();
    assert_eq!(server.poll(READABLE, LONG).unwrap(), READABLE);
}
