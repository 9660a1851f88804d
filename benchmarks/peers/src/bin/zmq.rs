//! `zmq`, blocking calls.

use std::hint::black_box;
use std::thread;
use std::time::Duration;

use contestant::{Job, Pattern, Work, serve, threads};
use zmq::{Context, DONTWAIT, Socket, SocketType};

fn main() -> std::io::Result<()> {
    serve(run)
}

fn run(job: &Job) -> Option<Duration> {
    let (sends, receives) = match job.pattern {
        Pattern::PushPull => (zmq::PUSH, zmq::PULL),
        Pattern::ReqRep => (zmq::REQ, zmq::REP),
        Pattern::DealerRouter => (zmq::DEALER, zmq::ROUTER),
        Pattern::PubSub | Pattern::PubSub10 => (zmq::PUB, zmq::SUB),
        _ => return None,
    };
    let context = Context::new();
    let forth = link(&context, job, sends, receives);
    Some(match job.work {
        Work::Throughput => throughput(job, forth),
        Work::RoundTrip if matches!(sends, zmq::PUSH | zmq::PUB) => {
            let (forth, mut there) = forth;
            let (back, mut here) = link(&context, job, sends, receives);
            let (there, here) = (there.remove(0), here.remove(0));
            round_trips(job, (forth, Some(here)), (there, Some(back)))
        }
        Work::RoundTrip => {
            let (near, mut far) = forth;
            round_trips(job, (near, None), (far.remove(0), None))
        }
    })
}

fn link(
    context: &Context,
    job: &Job,
    sends: SocketType,
    receives: SocketType,
) -> (Socket, Vec<Socket>) {
    let endpoint = job.endpoint();
    let socket = |kind| {
        let socket = context.socket(kind).unwrap();
        socket.set_linger(0).unwrap();
        socket
    };
    let sender = socket(sends);
    let receivers: Vec<_> = (0..job.pattern.receivers()).map(|_| socket(receives)).collect();
    if sends == zmq::PUB {
        sender.set_sndhwm(0).unwrap();
        sender.bind(&endpoint).unwrap();
        for receiver in &receivers {
            receiver.set_rcvhwm(0).unwrap();
            receiver.set_subscribe(b"").unwrap();
            receiver.connect(&endpoint).unwrap();
        }
    } else {
        receivers[0].bind(&endpoint).unwrap();
        sender.connect(&endpoint).unwrap();
    }
    let mut waiting: Vec<_> = receivers.iter().collect();
    while sends != zmq::REQ && !waiting.is_empty() {
        sender.send("", 0).unwrap();
        thread::sleep(Duration::from_millis(1));
        waiting.retain(|receiver| receiver.recv_multipart(DONTWAIT).is_err());
    }
    (sender, receivers)
}

/// Receives a message that has content, behind the identity if the socket is a ROUTER.
fn recv(socket: &Socket, router: bool) -> (Option<zmq::Message>, zmq::Message) {
    loop {
        let identity = router.then(|| socket.recv_msg(0).unwrap());
        let msg = socket.recv_msg(0).unwrap();
        if !msg.is_empty() {
            return (identity, msg);
        }
    }
}

fn throughput(job: &Job, (sender, receivers): (Socket, Vec<Socket>)) -> Duration {
    let count = job.count;
    let content = job.content();
    let router = job.pattern == Pattern::DealerRouter;
    let receive = |receiver: Socket| {
        move || {
            for _ in 0..count {
                black_box(recv(&receiver, router));
            }
            receiver
        }
    };
    let send = move || {
        for _ in 0..count {
            sender.send(&content[..], 0).unwrap();
        }
        sender
    };
    threads(send, receivers.into_iter().map(receive).collect())
}

type Side = (Socket, Option<Socket>);

fn round_trips(job: &Job, asking: Side, answering: Side) -> Duration {
    let count = job.count;
    let content = job.content();
    let router = job.pattern == Pattern::DealerRouter;
    let answer = move || {
        let (question, back) = &answering;
        let back = back.as_ref().unwrap_or(question);
        for _ in 0..count {
            let (identity, msg) = recv(question, router);
            if let Some(identity) = identity {
                back.send(identity, zmq::SNDMORE).unwrap();
            }
            back.send(msg, 0).unwrap();
        }
        answering
    };
    let ask = move || {
        let (question, here) = &asking;
        let here = here.as_ref().unwrap_or(question);
        for _ in 0..count {
            question.send(&content[..], 0).unwrap();
            black_box(recv(here, false));
        }
        asking
    };
    threads(answer, vec![ask])
}
