//! `Async` in a tokio runtime: what its methods do, and that each pending future is woken.

use std::{sync::Arc, time::Duration};

use futures::{SinkExt, StreamExt, TryStreamExt};
use libzmq::{prelude::*, *};

use crate::common::{Pair, Transport, pair, pair_with, watchdog};

const fn task_safe<T: Send + Sync + 'static>() {}

const _: () = {
    task_safe::<Async<Client>>();
    task_safe::<Async<Server>>();
    task_safe::<Async<Push>>();
    task_safe::<Async<Router>>();
    task_safe::<Async<Dgram>>();
};

fn assert_send<T: Send>(future: T) -> T {
    future
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn async_client_and_server_exchange_over_every_transport() {
    let _watchdog = watchdog();
    for &transport in Transport::COMMON {
        let Pair { ctx, server, client } = pair(transport);
        let server = Async::new(server).unwrap();
        let echo = tokio::spawn(async move {
            loop {
                let request = server.recv_msg().await?;
                let id = request.routing_id().unwrap();
                server.route(request, id).await?;
            }
            #[allow(unreachable_code, reason = "names the type of error")]
            Ok::<(), Error>(())
        });
        let client = Async::new(client).unwrap();
        for number in 0..100 {
            client.send(number.to_string()).await.unwrap();
            assert_eq!(client.recv_msg().await.unwrap(), *number.to_string());
        }
        ctx.shutdown();
        assert_eq!(echo.await.unwrap().unwrap_err().kind(), ErrorKind::InvalidCtx);
    }
}

#[tokio::test]
async fn async_req_and_rep_exchange_multipart_messages() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let rep = RepBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle()).unwrap();
    let req =
        ReqBuilder::new().connect(rep.last_endpoint().unwrap()).with_ctx(ctx.handle()).unwrap();
    let (rep, req) = (Async::new(rep).unwrap(), Async::new(req).unwrap());
    let replies = tokio::spawn(async move {
        for _ in 0..100 {
            let request = rep.recv_multipart().await.unwrap();
            rep.send_multipart(request).await.unwrap();
        }
    });
    for number in 0..100 {
        req.send_multipart(["a".to_owned(), number.to_string()]).await.unwrap();
        assert_eq!(req.recv_multipart().await.unwrap(), ["a", &number.to_string()]);
    }
    replies.await.unwrap();
}

#[tokio::test]
async fn async_router_and_dealer_exchange_in_both_directions() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let router = RouterBuilder::new()
        .bind("tcp://127.0.0.1:*")
        .mandatory(true)
        .with_ctx(ctx.handle())
        .unwrap();
    let dealer = DealerBuilder::new()
        .connect(router.last_endpoint().unwrap())
        .with_ctx(ctx.handle())
        .unwrap();
    let router = Async::new(router).unwrap();
    let dealer = Arc::new(Async::new(dealer).unwrap());
    const COUNT: usize = 20_000;
    let echo = tokio::spawn(async move {
        for _ in 0..COUNT {
            let (peer, parts) = router.recv_from().await.unwrap();
            router.route(parts, &peer).await.unwrap();
        }
    });
    let sender = tokio::spawn({
        let dealer = dealer.clone();
        async move {
            for number in 0..COUNT {
                dealer.send(number.to_string()).await.unwrap();
            }
        }
    });
    for number in 0..COUNT {
        assert_eq!(dealer.recv_msg().await.unwrap(), *number.to_string());
    }
    sender.await.unwrap();
    echo.await.unwrap();
}

#[tokio::test]
async fn async_radio_and_xpub_reach_their_receivers() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let radio = RadioBuilder::new().bind(Transport::Tcp.anywhere()).with_ctx(ctx.handle()).unwrap();
    let dish = DishBuilder::new()
        .connect(radio.last_endpoint().unwrap())
        .join([Group::new("news").unwrap()])
        .with_ctx(ctx.handle())
        .unwrap();
    let (radio, dish) = (Async::new(radio).unwrap(), Async::new(dish).unwrap());
    let news = Group::new("news").unwrap();
    let heard = dish.recv_msg();
    tokio::pin!(heard);
    let msg = loop {
        radio.transmit("it rains", &news).await.unwrap();
        if let Ok(msg) = tokio::time::timeout(Duration::from_millis(1), &mut heard).await {
            break msg.unwrap();
        }
    };
    assert_eq!(msg, "it rains");

    let xpub = XPubBuilder::new().bind(Transport::Tcp.anywhere()).with_ctx(ctx.handle()).unwrap();
    let sub =
        SubBuilder::new().connect(xpub.last_endpoint().unwrap()).with_ctx(ctx.handle()).unwrap();
    let (xpub, sub) = (Async::new(xpub).unwrap(), Async::new(sub).unwrap());
    let subscribed = assert_send(xpub.recv_subscription());
    sub.with(|sub| sub.subscribe("t")).unwrap();
    assert_eq!(subscribed.await.unwrap(), Subscription::Subscribe("t".into()));
    xpub.send_multipart(["topic", "content"]).await.unwrap();
    assert_eq!(sub.recv_multipart().await.unwrap(), ["topic", "content"]);
}

#[tokio::test]
async fn async_dgram_echoes_datagrams() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let free = std::net::UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let dgram = Async::new(
        DgramBuilder::new().bind(format!("udp://{free}")).with_ctx(ctx.handle()).unwrap(),
    )
    .unwrap();
    let echo = tokio::spawn(async move {
        loop {
            let (from, msg) = dgram.recv_from().await?;
            dgram.send_to(msg, from).await?;
        }
        #[allow(unreachable_code, reason = "names the type of error")]
        Ok::<(), Error>(())
    });
    let other = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let mut reply = [0; 32];
    let size = loop {
        other.send_to(b"hello", free).await.unwrap();
        if let Ok(size) =
            tokio::time::timeout(Duration::from_millis(10), other.recv(&mut reply)).await
        {
            break size.unwrap();
        }
    };
    assert_eq!(&reply[..size], b"hello");
    ctx.shutdown();
    assert_eq!(echo.await.unwrap().unwrap_err().kind(), ErrorKind::InvalidCtx);
}

#[tokio::test]
async fn shutdown_ends_every_pending_future() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let client = Async::new(Client::with_ctx(ctx.handle()).unwrap()).unwrap();
    let pull = Arc::new(Async::new(Pull::with_ctx(ctx.handle()).unwrap()).unwrap());
    let push = Arc::new(Async::new(Push::with_ctx(ctx.handle()).unwrap()).unwrap());
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let (client, pull, push) = (client.clone(), pull.clone(), push.clone());
        let (other, another, one_more) = (client.clone(), pull.clone(), push.clone());
        tasks.spawn(async move { client.recv_msg().await.map(drop) });
        tasks.spawn(async move { other.send("nobody there").await.map_err(Error::cast) });
        tasks.spawn(async move { pull.recv_multipart().await.map(drop) });
        tasks.spawn(async move { another.readable().await });
        tasks.spawn(async move {
            let mut error = push.send("nobody there").await.unwrap_err();
            assert_eq!(error.take().unwrap(), "nobody there");
            Err(error.cast())
        });
        tasks.spawn(async move { one_more.writable().await });
    }
    // Now all are pending.
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert!(tasks.try_join_next().is_none());
    ctx.shutdown();
    let mut ended = 0;
    while let Some(result) = tasks.join_next().await {
        assert_eq!(result.unwrap().unwrap_err().kind(), ErrorKind::InvalidCtx);
        ended += 1;
    }
    assert_eq!(ended, 60);
    let closed: Vec<_> = pull.messages().collect().await;
    assert_eq!(closed.len(), 1);
    assert_eq!(closed[0].as_ref().unwrap_err().kind(), ErrorKind::InvalidCtx);
}

#[tokio::test]
async fn async_into_inner_returns_a_usable_socket() {
    let _watchdog = watchdog();
    let Pair { ctx: _ctx, server, client } = pair(Transport::Inproc);
    let server = Async::new(server).unwrap();
    let copy = server.clone();
    client.send("one").unwrap();
    assert_eq!(server.recv_msg().await.unwrap(), "one");
    let server = server.into_inner();
    client.send("two").unwrap();
    assert_eq!(server.recv_msg().unwrap(), "two");
    client.send("three").unwrap();
    assert_eq!(copy.recv_msg().await.unwrap(), "three");
    drop(copy);
    let server = Async::new(server).unwrap();
    client.send("four").unwrap();
    assert_eq!(server.recv_msg().await.unwrap(), "four");
    assert_eq!(server.get_ref().try_recv_msg().unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[tokio::test]
async fn async_streams_and_sinks_pass_messages_in_order() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let pull = PullBuilder::new()
        .bind(Transport::Inproc.anywhere())
        .recv_hwm(10)
        .with_ctx(ctx.handle())
        .unwrap();
    let endpoint = pull.last_endpoint().unwrap();
    let push = PushBuilder::new().connect(endpoint).send_hwm(10).with_ctx(ctx.handle()).unwrap();
    let (pull, push) = (Async::new(pull).unwrap(), Async::new(push).unwrap());
    const COUNT: usize = 10_000;
    let numbers = futures::stream::iter((0..COUNT).map(|number| Ok(Msg::from(number.to_string()))));
    let send = numbers.forward(push.sink());
    let receive = pull.messages().take(COUNT).try_collect::<Vec<Msg>>();
    let (sent, received) = futures::join!(send, receive);
    sent.unwrap();
    for (number, msg) in received.unwrap().iter().enumerate() {
        assert_eq!(*msg, *number.to_string());
    }

    let mut sink = push.multipart_sink();
    sink.send(Multipart::from(["a", "b"])).await.unwrap();
    assert_eq!(pull.multiparts().next().await.unwrap().unwrap(), ["a", "b"]);

    // Without `poll_ready` it takes one message, and returns the next.
    let mut sink = push.sink();
    sink.start_send_unpin("first".into()).unwrap();
    let mut error = sink.start_send_unpin("second".into()).unwrap_err();
    assert_eq!((error.kind(), error.take().unwrap()), (ErrorKind::WrongState, "second".into()));
    sink.flush().await.unwrap();
    assert_eq!(pull.recv_msg().await.unwrap(), "first");
}

#[tokio::test]
async fn recv_many_reports_a_multipart_message_after_others() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let pull =
        PullBuilder::new().bind(Transport::Inproc.anywhere()).with_ctx(ctx.handle()).unwrap();
    let push =
        PushBuilder::new().connect(pull.last_endpoint().unwrap()).with_ctx(ctx.handle()).unwrap();
    push.send("one").unwrap();
    push.send_multipart(["two", "parts"]).unwrap();
    push.send("three").unwrap();
    let pull = Async::new(pull).unwrap();
    let mut msgs = Vec::new();
    assert_eq!(pull.recv_many(&mut msgs, 10).await.unwrap(), 1);
    assert_eq!(pull.recv_many(&mut msgs, 10).await.unwrap_err().kind(), ErrorKind::Multipart);
    assert_eq!(pull.recv_multipart().await.unwrap(), ["two", "parts"]);
    assert_eq!(pull.recv_many(&mut msgs, 10).await.unwrap(), 1);
    assert_eq!(msgs, ["one", "three"]);
    assert_eq!(pull.recv_many(&mut msgs, 0).await.unwrap(), 0);
}

#[tokio::test]
async fn async_send_to_a_full_queue_waits_and_keeps_the_order() {
    let _watchdog = watchdog();
    for &transport in Transport::COMMON {
        let pair = pair_with(
            transport,
            ServerBuilder::new().recv_hwm(5),
            ClientBuilder::new().send_hwm(5),
        );
        let (server, client) = (Async::new(pair.server).unwrap(), Async::new(pair.client).unwrap());
        const COUNT: usize = 20_000;
        let send = async {
            for number in 0..COUNT {
                client.send(number.to_string()).await.unwrap();
            }
        };
        let receive = async {
            for number in 0..COUNT {
                assert_eq!(server.recv_msg().await.unwrap(), *number.to_string());
            }
        };
        futures::join!(send, receive);
    }
}

/// On one thread: a task whose socket always has messages lets others run.
#[tokio::test]
async fn busy_async_socket_does_not_starve_the_runtime() {
    let _watchdog = watchdog();
    let Pair { ctx: _ctx, server, client } = pair(Transport::Inproc);
    let (server, client) = (Async::new(server).unwrap(), Async::new(client).unwrap());
    let busy = tokio::spawn(async move {
        let mut count = 0_u64;
        loop {
            client.send("again").await.unwrap();
            server.recv_msg().await.unwrap();
            count += 1;
            if count == u64::MAX {
                break;
            }
        }
    });
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    busy.abort();
    assert!(busy.await.unwrap_err().is_cancelled());
}

#[test]
fn async_without_a_runtime_is_unsupported() {
    if cfg!(any(windows, feature = "async-io")) {
        return;
    }
    let error = Async::new(Client::new().unwrap()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unsupported(_)), "{error}");
}

/// A log, say, that is published over the very socket that it shows.
#[tokio::test]
async fn socket_is_shown_to_a_writer_that_uses_it() {
    use std::fmt::{self, Write};

    struct Log<'s>(&'s Async<Pub>, String);

    impl Write for Log<'_> {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.with(|socket| socket.try_send(text)).map_err(|_| fmt::Error)?;
            self.1.push_str(text);
            Ok(())
        }
    }

    let _watchdog = watchdog();
    let socket = Async::new(Pub::new().unwrap()).unwrap();
    let mut log = Log(&socket, String::new());
    write!(log, "{socket:?}").unwrap();
    assert!(log.1.starts_with("Async(Pub"), "{}", log.1);
    log.1.clear();
    write!(log, "{socket:#?}").unwrap();
    assert!(log.1.starts_with("Async(\n    Pub"), "{}", log.1);
}
