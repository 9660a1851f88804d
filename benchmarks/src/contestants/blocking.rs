//! This crate, with its blocking calls.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use contestant::{Job, Pattern, Work, threads};
use libzmq::prelude::*;

use super::links;

/// Runs a job.
pub fn run(job: &Job) -> Duration {
    let ctx = Ctx::new();
    let to = links::group();
    match (job.work, job.pattern) {
        (Work::Throughput, Pattern::PushPull) => plain::<Push, Pull>(job, &ctx),
        (Work::Throughput, Pattern::ScatterGather) => plain::<Scatter, Gather>(job, &ctx),
        (Work::Throughput, Pattern::ClientServer) => plain::<Client, Server>(job, &ctx),
        (Work::Throughput, Pattern::Channel) => plain::<Channel, Channel>(job, &ctx),
        (Work::Throughput, Pattern::Peer) => {
            let (sender, id, receiver) = links::peers(job, &ctx);
            let send = move |content: &[u8]| sender.route(content, id).unwrap();
            throughput(job, send, vec![receiver], recv)
        }
        (Work::Throughput, Pattern::DealerRouter) => {
            let (dealer, router) = links::dealer_router(job, &ctx);
            let send = move |content: &[u8]| dealer.send(content).unwrap();
            let recv = |router: &Router| router.recv_from().unwrap().1.pop_front().unwrap();
            throughput(job, send, vec![router], recv)
        }
        (Work::Throughput, Pattern::PubSub | Pattern::PubSub10) => {
            let (publisher, subs) = links::publisher(job, &ctx);
            throughput(job, move |content| publisher.send(content).unwrap(), subs, recv)
        }
        (Work::Throughput, Pattern::RadioDish | Pattern::RadioDish10) => {
            let (radio, dishes) = links::radio(job, &ctx);
            let send = move |content: &[u8]| radio.transmit(content, &*to).unwrap();
            throughput(job, send, dishes, recv)
        }
        (Work::RoundTrip, Pattern::ReqRep) => {
            let (req, rep) = links::pair::<Req, Rep>(job, &ctx);
            round_trips(job, move |c| ask(&req, c), move || rep.send(recv(&rep)).unwrap())
        }
        (Work::RoundTrip, Pattern::Channel) => {
            let (near, far) = links::connected::<Channel, Channel>(job, &ctx);
            round_trips(job, move |c| ask(&near, c), move || far.send(recv(&far)).unwrap())
        }
        (Work::RoundTrip, Pattern::ClientServer) => {
            let (client, server) = links::connected::<Client, Server>(job, &ctx);
            let answer = move || {
                let msg = recv(&server);
                let id = msg.routing_id().unwrap();
                server.route(msg, id).unwrap();
            };
            round_trips(job, move |content| ask(&client, content), answer)
        }
        (Work::RoundTrip, Pattern::Peer) => {
            let (near, to, far) = links::peers(job, &ctx);
            let ask = move |content: &[u8]| {
                near.route(content, to).unwrap();
                recv(&near)
            };
            let answer = move || {
                let msg = recv(&far);
                let id = msg.routing_id().unwrap();
                far.route(msg, id).unwrap();
            };
            round_trips(job, ask, answer)
        }
        (Work::RoundTrip, Pattern::DealerRouter) => {
            let (dealer, router) = links::dealer_router(job, &ctx);
            let answer = move || {
                let (from, parts) = router.recv_from().unwrap();
                router.route(parts, &from).unwrap();
            };
            round_trips(job, move |content| ask(&dealer, content), answer)
        }
        (Work::RoundTrip, Pattern::PushPull) => {
            let (forth, there) = links::connected::<Push, Pull>(job, &ctx);
            let (back, here) = links::connected::<Push, Pull>(job, &ctx);
            let ask = move |content: &[u8]| send_then_recv(&forth, &here, content);
            round_trips(job, ask, move || back.send(recv(&there)).unwrap())
        }
        (Work::RoundTrip, Pattern::ScatterGather) => {
            let (forth, there) = links::connected::<Scatter, Gather>(job, &ctx);
            let (back, here) = links::connected::<Scatter, Gather>(job, &ctx);
            let ask = move |content: &[u8]| send_then_recv(&forth, &here, content);
            round_trips(job, ask, move || back.send(recv(&there)).unwrap())
        }
        (Work::RoundTrip, Pattern::PubSub | Pattern::PubSub10) => {
            let (forth, there) = links::publisher(job, &ctx);
            let (back, here) = links::publisher(job, &ctx);
            let ask = move |content: &[u8]| send_then_recv(&forth, &here[0], content);
            round_trips(job, ask, move || back.send(recv(&there[0])).unwrap())
        }
        (Work::RoundTrip, Pattern::RadioDish | Pattern::RadioDish10) => {
            let (forth, there) = links::radio(job, &ctx);
            let (back, here) = links::radio(job, &ctx);
            let way_back = to.clone();
            let ask = move |content: &[u8]| {
                forth.transmit(content, &*to).unwrap();
                recv(&here[0])
            };
            let answer = move || back.transmit(recv(&there[0]), &*way_back).unwrap();
            round_trips(job, ask, answer)
        }
        (Work::Throughput, Pattern::ReqRep) => unreachable!("they take turns"),
    }
}

/// How many messages a call sends or receives at once.
const MANY: usize = 64;

/// Runs a job with the calls for many messages, where one side sends plain messages to the other.
pub fn run_many(job: &Job) -> Option<Duration> {
    let ctx = Ctx::new();
    match (job.work, job.pattern) {
        (Work::Throughput, Pattern::PushPull) => Some(many::<Push, Pull>(job, &ctx)),
        (Work::Throughput, Pattern::ScatterGather) => Some(many::<Scatter, Gather>(job, &ctx)),
        (Work::Throughput, Pattern::ClientServer) => Some(many::<Client, Server>(job, &ctx)),
        (Work::Throughput, Pattern::Channel) => Some(many::<Channel, Channel>(job, &ctx)),
        _ => None,
    }
}

fn many<S, R>(job: &Job, ctx: &Ctx) -> Duration
where
    S: SendMsg + Send + 'static,
    R: RecvMsg + Send + 'static,
{
    let (sender, receiver) = links::connected::<S, R>(job, ctx);
    let count = job.count;
    let content = job.content();
    let receive = move || {
        let mut msgs = Vec::new();
        let mut received = 0;
        while received < count {
            receiver.recv_many(&mut msgs, MANY).unwrap();
            // Empty ones only showed that there is a connection.
            received += msgs.drain(..).filter(|msg| !black_box(msg.as_bytes()).is_empty()).count();
        }
        receiver
    };
    let send = move || {
        for first in (0..count).step_by(MANY) {
            let msgs = (first..count.min(first + MANY)).map(|_| &content[..]);
            sender.send_many(msgs).unwrap();
        }
        sender
    };
    threads(send, vec![receive])
}

/// Sends and receives in one thread, for counting instructions.
pub fn alone(job: &Job) {
    let ctx = Ctx::new();
    match job.pattern {
        Pattern::PushPull => send_and_recv::<Push, Pull>(job, &ctx),
        Pattern::ClientServer => send_and_recv::<Client, Server>(job, &ctx),
        _ => unreachable!("only two patterns are counted"),
    }
}

fn send_and_recv<S: SendMsg, R: RecvMsg>(job: &Job, ctx: &Ctx) {
    let (sender, receiver) = links::connected::<S, R>(job, ctx);
    let content = job.content();
    let mut msg = Msg::new();
    for _ in 0..job.count {
        sender.send(&content[..]).unwrap();
        receiver.recv(&mut msg).unwrap();
        black_box(msg.as_bytes());
    }
}

/// Receives a message that has content: empty ones only showed that there is a connection.
fn recv<R: RecvMsg>(receiver: &R) -> Msg {
    spin_if_wanted(receiver);
    loop {
        let msg = receiver.recv_msg().unwrap();
        if !msg.is_empty() {
            return msg;
        }
    }
}

/// Whether receivers spin before they block.
static SPINS: AtomicBool = AtomicBool::new(false);

/// Has receivers spin before they block.
pub fn spin() {
    SPINS.store(true, Ordering::Relaxed);
}

fn spin_if_wanted<R: Receives>(receiver: &R) {
    const SPIN: Duration = Duration::from_micros(100);

    if SPINS.load(Ordering::Relaxed) {
        receiver.set_spin(SPIN);
    }
}

fn ask<S: SendMsg + RecvMsg>(socket: &S, content: &[u8]) -> Msg {
    send_then_recv(socket, socket, content)
}

fn send_then_recv<S: SendMsg, R: RecvMsg>(sender: &S, receiver: &R, content: &[u8]) -> Msg {
    sender.send(content).unwrap();
    recv(receiver)
}

fn plain<S, R>(job: &Job, ctx: &Ctx) -> Duration
where
    S: SendMsg + Send + 'static,
    R: RecvMsg + Send + 'static,
{
    let (sender, receiver) = links::connected::<S, R>(job, ctx);
    throughput(job, move |content| sender.send(content).unwrap(), vec![receiver], recv)
}

fn throughput<R: Send + 'static>(
    job: &Job,
    send: impl Fn(&[u8]) + Send + 'static,
    receivers: Vec<R>,
    recv: impl Fn(&R) -> Msg + Copy + Send + 'static,
) -> Duration {
    let count = job.count;
    let content = job.content();
    let receive = |receiver| {
        move || {
            for _ in 0..count {
                black_box(recv(&receiver).as_bytes());
            }
            receiver
        }
    };
    let send_all = move || {
        for _ in 0..count {
            send(&content);
        }
        send
    };
    threads(send_all, receivers.into_iter().map(receive).collect())
}

fn round_trips(
    job: &Job,
    ask: impl Fn(&[u8]) -> Msg + Send + 'static,
    answer: impl Fn() + Send + 'static,
) -> Duration {
    let count = job.count;
    let content = job.content();
    let ask_all = move || {
        for _ in 0..count {
            black_box(ask(&content).as_bytes());
        }
        ask
    };
    let answer_all = move || {
        for _ in 0..count {
            answer();
        }
        answer
    };
    threads(answer_all, vec![ask_all])
}
