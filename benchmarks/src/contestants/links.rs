//! Sockets of this crate that are connected to each other.

use std::thread;
use std::time::Duration;

use contestant::Job;
use libzmq::{prelude::*, *};

/// A receiver that is bound, and a sender that is connected to it.
pub fn pair<S: Socket, R: Socket>(job: &Job, ctx: &Ctx) -> (S, R) {
    let receiver = Builder::<R>::new().bind(&job.endpoint()[..]).with_ctx(ctx.handle()).unwrap();
    let endpoint = receiver.last_endpoint().unwrap();
    let sender = Builder::<S>::new().connect(endpoint).with_ctx(ctx.handle()).unwrap();
    (sender, receiver)
}

/// As [`pair`], and a message has shown that they are connected.
pub fn connected<S: SendMsg, R: RecvMsg>(job: &Job, ctx: &Ctx) -> (S, R) {
    let (sender, receiver) = pair::<S, R>(job, ctx);
    sender.send("").unwrap();
    receiver.recv_msg().unwrap();
    (sender, receiver)
}

/// As [`connected`].
pub fn dealer_router(job: &Job, ctx: &Ctx) -> (Dealer, Router) {
    let (dealer, router) = pair::<Dealer, Router>(job, ctx);
    dealer.send("").unwrap();
    router.recv_from().unwrap();
    (dealer, router)
}

/// As [`connected`], with the routing id of the PEER that receives.
pub fn peers(job: &Job, ctx: &Ctx) -> (Peer, RoutingId, Peer) {
    let receiver = PeerBuilder::new().bind(&job.endpoint()[..]).with_ctx(ctx.handle()).unwrap();
    let sender = Peer::with_ctx(ctx.handle()).unwrap();
    let id = sender.connect_peer(receiver.last_endpoint().unwrap()).unwrap();
    sender.route("", id).unwrap();
    receiver.recv_msg().unwrap();
    (sender, id, receiver)
}

/// A PUB, and connected SUBs whose subscriptions it knows.
pub fn publisher(job: &Job, ctx: &Ctx) -> (Pub, Vec<Sub>) {
    let publisher = PubBuilder::new()
        .option(opt::SendHwm, 0)
        .bind(&job.endpoint()[..])
        .with_ctx(ctx.handle())
        .unwrap();
    let endpoint = publisher.last_endpoint().unwrap();
    let subscriber = || {
        SubBuilder::new()
            .option(opt::RecvHwm, 0)
            .subscribe("")
            .connect(endpoint.clone())
            .with_ctx(ctx.handle())
            .unwrap()
    };
    let subscribers: Vec<_> = (0..job.pattern.receivers()).map(|_| subscriber()).collect();
    until_all_receive(&subscribers, || publisher.send("").unwrap());
    (publisher, subscribers)
}

/// A RADIO, and connected DISHes whose groups it knows.
pub fn radio(job: &Job, ctx: &Ctx) -> (Radio, Vec<Dish>) {
    let radio = RadioBuilder::new()
        .option(opt::SendHwm, 0)
        .bind(&job.endpoint()[..])
        .with_ctx(ctx.handle())
        .unwrap();
    let endpoint = radio.last_endpoint().unwrap();
    let dish = || {
        DishBuilder::new()
            .option(opt::RecvHwm, 0)
            .join([group()])
            .connect(endpoint.clone())
            .with_ctx(ctx.handle())
            .unwrap()
    };
    let dishes: Vec<_> = (0..job.pattern.receivers()).map(|_| dish()).collect();
    until_all_receive(&dishes, || radio.transmit("", group()).unwrap());
    (radio, dishes)
}

/// The group that RADIO sends to.
pub fn group() -> Group {
    Group::new("group").unwrap()
}

/// Sends empty messages until each receiver got one.
fn until_all_receive<R: RecvMsg>(receivers: &[R], send: impl Fn()) {
    let mut waiting: Vec<_> = receivers.iter().collect();
    while !waiting.is_empty() {
        send();
        thread::sleep(Duration::from_millis(1));
        waiting.retain(|receiver| receiver.try_recv_msg().is_err());
    }
}
