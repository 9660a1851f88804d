//! `Proxy`: messages pass between two sockets.

use std::{thread, time::Duration};

use libzmq::{prelude::*, *};

use crate::common::{fill_by, until, watchdog};

fn unique() -> String {
    format!("inproc://{}", InprocAddr::new_unique())
}

/// A PULL to PUSH proxy, and what goes in and out.
struct Pipe {
    ctx: Ctx,
    input: Push,
    output: Pull,
    handle: ProxyHandle<(Pull, Push)>,
}

/// With room for `hwm` messages in each queue.
fn pipe(hwm: i32) -> Pipe {
    let ctx = Ctx::new();
    let at = ctx.handle();
    let (front, back) = (unique(), unique());
    let frontend = PullBuilder::new().bind(&front).recv_hwm(hwm).with_ctx(at).unwrap();
    let backend = PushBuilder::new().bind(&back).send_hwm(hwm).with_ctx(at).unwrap();
    let input = PushBuilder::new().connect(&front).send_hwm(hwm).with_ctx(at).unwrap();
    let output = PullBuilder::new().connect(&back).recv_hwm(hwm).with_ctx(at).unwrap();
    let handle = Proxy::new(frontend, backend).spawn().unwrap();
    Pipe { ctx, input, output, handle }
}

#[test]
fn proxy_passes_requests_and_replies() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let at = ctx.handle();
    let router = RouterBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(at).unwrap();
    let dealer = DealerBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(at).unwrap();
    let (front, back) = (router.last_endpoint().unwrap(), dealer.last_endpoint().unwrap());
    let handle = Proxy::new(router, dealer).spawn().unwrap();
    thread::scope(|scope| {
        for _ in 0..2 {
            let rep = RepBuilder::new().connect(&back).with_ctx(at).unwrap();
            scope.spawn(move || {
                while let Ok(request) = rep.recv_multipart() {
                    rep.send_multipart(request).unwrap();
                }
            });
        }
        let askers: Vec<_> = (0..4)
            .map(|asker| {
                let req = ReqBuilder::new().connect(&front).with_ctx(at).unwrap();
                scope.spawn(move || {
                    for number in 0..500 {
                        let request = [format!("asker {asker}"), format!("request {number}")];
                        req.send_multipart(request.clone()).unwrap();
                        let reply = req.recv_multipart().unwrap();
                        assert!(
                            reply.iter().zip(&request).all(|(part, sent)| part == sent.as_str())
                                && reply.len() == 2
                        );
                    }
                })
            })
            .collect();
        askers.into_iter().for_each(|asker| asker.join().unwrap());
        // A message may arrive before it is counted as sent.
        until(|| handle.statistics().frontend_sent.messages == 2000);
        let statistics = handle.statistics();
        assert_eq!(statistics.frontend_received.messages, 2000);
        assert_eq!(statistics.backend_sent, statistics.frontend_received);
        assert_eq!(statistics.backend_received, statistics.frontend_sent);
        ctx.shutdown();
    });
    assert_eq!(handle.stop().unwrap_err().kind(), ErrorKind::InvalidCtx);
}

#[test]
fn proxy_passes_subscriptions_and_publications() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let at = ctx.handle();
    let (front, back) = (unique(), unique());
    let frontend = XSubBuilder::new().bind(&front).with_ctx(at).unwrap();
    let backend = XPubBuilder::new().bind(&back).with_ctx(at).unwrap();
    let handle = Proxy::new(frontend, backend).spawn().unwrap();
    let publisher = XPubBuilder::new().connect(&front).with_ctx(at).unwrap();
    let sub = SubBuilder::new().connect(&back).subscribe("a").with_ctx(at).unwrap();
    let Subscription::Subscribe(topic) = publisher.recv_subscription().unwrap() else {
        unreachable!()
    };
    assert_eq!(topic, "a");
    publisher.send("b is not asked for").unwrap();
    publisher.send_multipart(["a", "news"]).unwrap();
    assert_eq!(sub.recv_multipart().unwrap(), ["a", "news"]);
    drop(handle);
}

#[test]
fn proxy_passes_groups_of_radio_and_dish() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let at = ctx.handle();
    let group: Group = "some group".try_into().unwrap();
    let radio = RadioBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(at).unwrap();
    let frontend = DishBuilder::new()
        .connect(radio.last_endpoint().unwrap())
        .join(&group)
        .with_ctx(at)
        .unwrap();
    let backend = RadioBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(at).unwrap();
    let dish = DishBuilder::new()
        .connect(backend.last_endpoint().unwrap())
        .join(&group)
        .with_ctx(at)
        .unwrap();
    dish.set_recv_timeout(Duration::from_millis(5)).unwrap();
    thread::scope(|scope| {
        let proxy = scope.spawn(|| proxy(&frontend, &backend).unwrap_err().kind());
        // A dish misses what is transmitted before it has joined.
        let msg = crate::common::retry(|| {
            radio.transmit("news", &group).unwrap();
            dish.recv_msg().ok()
        });
        assert_eq!(
            (msg.to_str().unwrap(), msg.group().unwrap().to_str().unwrap()),
            ("news", "some group")
        );
        ctx.shutdown();
        assert_eq!(proxy.join().unwrap(), ErrorKind::InvalidCtx);
    });
}

#[test]
fn paused_proxy_passes_nothing() {
    let _watchdog = watchdog();
    let Pipe { ctx: _ctx, input, output, handle } = pipe(1000);
    for round in 0..20 {
        input.send("before").unwrap();
        assert_eq!(output.recv_msg().unwrap(), "before");
        handle.pause();
        handle.pause();
        input.send("meanwhile").unwrap();
        assert_eq!(output.try_recv_msg().unwrap_err().kind(), ErrorKind::WouldBlock);
        assert_eq!(handle.statistics().backend_sent.messages, 2 * round + 1);
        handle.resume();
        assert_eq!(output.recv_msg().unwrap(), "meanwhile");
    }
}

#[test]
fn proxy_stops_while_idle_paused_or_blocked() {
    let _watchdog = watchdog();
    // Idle: `stop` returns the sockets, which still work.
    let Pipe { ctx: _ctx, input, output, handle } = pipe(1000);
    let (frontend, backend) = handle.stop().unwrap();
    input.send("x").unwrap();
    backend.send(frontend.recv_msg().unwrap()).unwrap();
    assert_eq!(output.recv_msg().unwrap(), "x");

    // Again, and paused.
    let handle = Proxy::new(frontend, backend).spawn().unwrap();
    handle.pause();
    assert!(!handle.is_finished());
    handle.stop().unwrap();

    // With full queues on both sides of it.
    let pipe = pipe(2);
    fill_by(|_| pipe.input.try_send("x"));
    drop(pipe.handle);
}

#[test]
fn proxy_with_full_queues_loses_no_message() {
    const MESSAGES: u32 = 20_000;

    let _watchdog = watchdog();
    let Pipe { ctx: _ctx, input, output, handle } = pipe(3);
    thread::scope(|scope| {
        scope.spawn(move || {
            for number in 0..MESSAGES {
                let number = number.to_le_bytes();
                if number[0] % 2 == 0 {
                    input.send(number).unwrap()
                } else {
                    input.send_multipart([&number[..], b"and more"]).unwrap()
                }
            }
        });
        for number in 0..MESSAGES {
            assert_eq!(output.recv_multipart().unwrap()[0], number.to_le_bytes());
        }
    });
    until(|| handle.statistics().backend_sent.messages == u64::from(MESSAGES));
}

#[test]
fn proxy_capture_receives_copies_and_does_not_block_the_proxy() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let at = ctx.handle();
    let (front, back, copies) = (unique(), unique(), unique());
    let pair = |at_endpoint: &String| PairBuilder::new().bind(at_endpoint).with_ctx(at).unwrap();
    let pulled = PullBuilder::new().bind(&copies).recv_hwm(1).with_ctx(at).unwrap();
    let capture = PushBuilder::new().connect(&copies).send_hwm(1).with_ctx(at).unwrap();
    let handle = Proxy::new(pair(&front), pair(&back)).capture(capture).spawn().unwrap();
    let near = PairBuilder::new().connect(&front).with_ctx(at).unwrap();
    let far = PairBuilder::new().connect(&back).with_ctx(at).unwrap();
    near.send_multipart(["there", "and"]).unwrap();
    assert_eq!(far.recv_multipart().unwrap(), ["there", "and"]);
    far.send("back").unwrap();
    assert_eq!(near.recv_msg().unwrap(), "back");
    assert_eq!(pulled.recv_multipart().unwrap(), ["there", "and"]);
    assert_eq!(pulled.recv_msg().unwrap(), "back");
    for _ in 0..100 {
        near.send("x").unwrap();
        far.recv_msg().unwrap();
    }
    let uncaptured = handle.statistics().uncaptured;
    assert!((1..100).contains(&uncaptured), "{uncaptured}");
}

#[test]
fn proxy_of_a_socket_with_itself_is_invalid_input() {
    let _watchdog = watchdog();
    let pair = Pair::new().unwrap();
    assert!(matches!(proxy(&pair, &pair).unwrap_err().kind(), ErrorKind::InvalidInput(_)));
    let channel = Channel::new().unwrap();
    let error = Proxy::new(channel.clone(), channel).spawn().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)));
}

/// A mandatory router is always reported as writable.
#[test]
fn proxy_with_a_mandatory_router_survives_full_and_unknown_peers() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let at = ctx.handle();
    let (front, back) = (unique(), unique());
    let frontend =
        RouterBuilder::new().bind(&front).mandatory(true).send_hwm(1).with_ctx(at).unwrap();
    let backend = DealerBuilder::new().bind(&back).with_ctx(at).unwrap();
    let handle = Proxy::new(frontend, backend).spawn().unwrap();
    let asker = DealerBuilder::new().connect(&front).recv_hwm(1).with_ctx(at).unwrap();
    let worker = DealerBuilder::new().connect(&back).with_ctx(at).unwrap();
    asker.send("x").unwrap();
    let request = worker.recv_multipart().unwrap();
    for number in 0..50_u8 {
        worker.send_multipart([request[0].clone(), vec![number].into()]).unwrap();
    }
    for number in 0..50_u8 {
        assert_eq!(asker.recv_msg().unwrap(), [number]);
    }
    // To a peer that is not connected.
    worker.send_multipart(["nobody", "x"]).unwrap();
    worker.send_multipart([request[0].clone(), "still here".into()]).unwrap();
    assert_eq!(asker.recv_msg().unwrap(), "still here");
    handle.stop().unwrap();
}

/// Each message that the frontend receives leaves by the backend, whichever the types are.
fn passes<F, B>(from: impl Fn(&str), frontend: F, backend: B, to: impl Fn() -> Result<Msg, Error>)
where
    F: ProxyEnd + Send + 'static,
    B: ProxyEnd + Send + 'static,
    F::Socket: Joins<B::Socket>,
{
    let running = thread::spawn(move || proxy(frontend, backend));
    crate::common::until(|| {
        from("news");
        to().is_ok_and(|msg| msg == "news")
    });
    assert!(!running.is_finished());
}

#[test]
fn proxy_passes_messages_between_different_one_way_patterns() {
    let _watchdog = watchdog();
    const SHORT: Duration = Duration::from_millis(20);

    macro_rules! passes {
        ($($sender:ident $frontend:ident -> $backend:ident $receiver:ident;)*) => {$({
            let (front, back) = (unique(), unique());
            let mut frontend = concat_builder!($frontend);
            let frontend = frontend.bind(&*front).build().unwrap();
            let backend = Builder::<$backend>::new().bind(&*back).build().unwrap();
            let sender = Builder::<$sender>::new().connect(&*front).build().unwrap();
            let mut receiver = concat_builder!($receiver);
            let receiver = receiver.connect(&*back).recv_timeout(SHORT).build().unwrap();
            passes(
                |text| sender.send(text).unwrap(),
                frontend,
                backend,
                || receiver.recv_msg(),
            );
        })*};
    }
    macro_rules! concat_builder {
        (Sub) => {
            SubBuilder::new().subscribe("").clone()
        };
        ($Other:ident) => {
            Builder::<$Other>::new()
        };
    }
    passes! {
        Pub Sub -> Push Pull;
        Pub Sub -> Pub Sub;
        Pub Sub -> XPub Sub;
        Pub Sub -> Dealer Dealer;
        Pub Sub -> Pair Pair;
        Push Pull -> Push Pull;
        Push Pull -> Pub Sub;
        Push Pull -> XPub Sub;
        Push Pull -> Dealer Dealer;
        Push Pull -> Pair Pair;
        Dealer Dealer -> Push Pull;
        Dealer Dealer -> Pub Sub;
        Dealer Dealer -> Pair Pair;
        Pair Pair -> Push Pull;
        Pair Pair -> Pub Sub;
        Scatter Gather -> Push Pull;
        Scatter Gather -> Pub Sub;
        Scatter Gather -> Dealer Dealer;
        Scatter Gather -> Pair Pair;
    }
}
