//! `Req` and `Rep`.

use libzmq::prelude::*;

use crate::{
    common::{Transport, watchdog},
    sockets::link::{Link, link, ms},
};

#[test]
fn req_and_rep_calls_out_of_turn_are_wrong_state() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let Link { bound: rep, connected: req, ctx: _ctx } =
            link(transport, &RepBuilder::new(), &ReqBuilder::new());
        let wrong = ErrorKind::WrongState;

        assert_eq!(req.recv_msg().unwrap_err().kind(), wrong);
        assert_eq!(req.try_recv_multipart().unwrap_err().kind(), wrong);
        let mut error = rep.send_multipart(["too", "early"]).unwrap_err();
        assert_eq!((error.kind(), error.take().unwrap()), (wrong, ["too", "early"].into()));

        req.send("1").unwrap();
        let mut error = req.send("2").unwrap_err();
        assert_eq!((error.kind(), error.take().unwrap()), (wrong, "2".into()));
        assert_eq!(req.try_send_multipart(["2"]).unwrap_err().kind(), wrong);

        assert_eq!(rep.recv_msg().unwrap(), "1");
        assert_eq!(rep.recv_msg().unwrap_err().kind(), wrong);
        rep.send("one").unwrap();
        assert_eq!(rep.send("one more").unwrap_err().kind(), wrong);

        assert_eq!(req.recv_msg().unwrap(), "one");
        assert_eq!(req.recv_msg().unwrap_err().kind(), wrong);
        // The refused calls have changed nothing.
        req.send_multipart(["2", "3"]).unwrap();
        assert_eq!(rep.recv_multipart().unwrap(), ["2", "3"]);
        rep.send("five").unwrap();
        assert_eq!(req.recv_msg().unwrap(), "five");
    }
}

#[test]
fn rep_replies_to_the_req_that_asked() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let pair = link(transport, &RepBuilder::new(), &ReqBuilder::new());
        let other = pair.join(&ReqBuilder::new());
        for _ in 0..20 {
            pair.connected.send("mine").unwrap();
            other.send("yours").unwrap();
            for _ in 0..2 {
                let request = pair.bound.recv_msg().unwrap();
                pair.bound.send(request).unwrap();
            }
            assert_eq!(
                (pair.connected.recv_msg().unwrap(), other.recv_msg().unwrap()),
                ("mine".into(), "yours".into())
            );
        }
    }
}

#[test]
fn rep_drops_the_reply_to_a_disconnected_req() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let Link { bound: rep, connected: req, ctx } =
            link(transport, &RepBuilder::new(), &ReqBuilder::new());
        req.send("and goodbye").unwrap();
        assert_eq!(rep.recv_msg().unwrap(), "and goodbye");
        drop(req);
        rep.send("hello?").unwrap();
        let req =
            ReqBuilder::new().connect(rep.last_endpoint().unwrap()).with_ctx(ctx.handle()).unwrap();
        req.send("hello").unwrap();
        assert_eq!(rep.recv_msg().unwrap(), "hello");
        rep.send("hello!").unwrap();
        assert_eq!(req.recv_msg().unwrap(), "hello!");
    }
}

/// A service replies to the first of two requests after the second was sent.
#[test]
fn req_drops_a_late_reply_with_correlate_only() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        for correlate in [false, true] {
            let Link { bound: router, connected: req, ctx: _ctx } = link(
                transport,
                &RouterBuilder::new(),
                ReqBuilder::new().relaxed(true).correlate(correlate),
            );
            req.send("first").unwrap();
            let (_, first) = router.recv_from().unwrap();
            req.send("second").unwrap();
            let (peer, second) = router.recv_from().unwrap();
            assert_eq!(first.len(), if correlate { 3 } else { 2 });

            router.route(first, &peer).unwrap();
            router.route(second, &peer).unwrap();
            let expected = if correlate { "second" } else { "first" };
            assert_eq!(req.recv_msg().unwrap(), expected, "{transport:?}");
        }
    }
}

/// Requests go to the services in turn.
#[test]
fn req_sends_to_several_reps_round_robin() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let ctx = Ctx::new();
        let services = [(); 2]
            .map(|()| RepBuilder::new().bind(transport.anywhere()).with_ctx(ctx.handle()).unwrap());
        let endpoints = services.each_ref().map(|service| service.last_endpoint().unwrap());
        let req = ReqBuilder::new().connect(&endpoints[..]).with_ctx(ctx.handle()).unwrap();
        for turn in 0..6 {
            req.send("work").unwrap();
            let service = &services[turn % 2];
            assert_eq!(service.recv_msg().unwrap(), "work");
            service.send("done").unwrap();
            assert_eq!(req.recv_msg().unwrap(), "done");
        }
    }
}

/// The socket may send another request then.
#[test]
fn req_send_without_a_peer_returns_the_request() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let req = ReqBuilder::new().send_timeout(ms(5)).with_ctx(ctx.handle()).unwrap();
    let mut error = req.send_multipart(["anybody", "there?"]).unwrap_err();
    assert_eq!(
        (error.kind(), error.take().unwrap()),
        (ErrorKind::WouldBlock, ["anybody", "there?"].into())
    );
    let rep = RepBuilder::new().bind("inproc://service").with_ctx(ctx.handle()).unwrap();
    req.connect("inproc://service").unwrap();
    req.send("at last").unwrap();
    assert_eq!(rep.recv_msg().unwrap(), "at last");
}
