//! `zeromq` (zmq.rs).

use std::hint::black_box;
use std::time::Duration;

use contestant::{Job, Pattern, Transport, Work, runtime, serve, tasks};
use futures::future::join_all;
use tokio::runtime::Runtime;
use zeromq::{
    DealerSocket, PubSocket, PullSocket, PushSocket, RepSocket, ReqSocket, RouterSocket, Socket,
    SocketRecv, SocketSend, SubSocket, ZmqMessage,
};

fn main() -> std::io::Result<()> {
    let runtime = runtime();
    serve(|job| {
        if job.transport == Transport::Inproc {
            return None;
        }
        match (job.work, job.pattern) {
            (Work::Throughput, Pattern::PushPull) => {
                let (push, pull) = runtime.block_on(pair::<PushSocket, PullSocket>(job));
                Some(throughput(&runtime, job, push, vec![pull]))
            }
            (Work::Throughput, Pattern::DealerRouter) => {
                let (dealer, router) = runtime.block_on(pair::<DealerSocket, RouterSocket>(job));
                Some(throughput(&runtime, job, dealer, vec![router]))
            }
            (Work::Throughput, Pattern::PubSub | Pattern::PubSub10) => {
                let (publisher, subscribers) = runtime.block_on(publisher(job));
                Some(throughput(&runtime, job, publisher, subscribers))
            }
            (Work::RoundTrip, Pattern::ReqRep) => {
                let (req, rep) = runtime.block_on(pair::<ReqSocket, RepSocket>(job));
                Some(round_trips(&runtime, job, req, rep))
            }
            (Work::RoundTrip, Pattern::DealerRouter) => {
                let (dealer, router) = runtime.block_on(pair::<DealerSocket, RouterSocket>(job));
                Some(round_trips(&runtime, job, dealer, router))
            }
            _ => None,
        }
    })
}

async fn pair<S: Socket, R: Socket>(job: &Job) -> (S, R) {
    let endpoint = job.endpoint();
    let (mut sender, mut receiver) = (S::new(), R::new());
    receiver.bind(&endpoint).await.unwrap();
    sender.connect(&endpoint).await.unwrap();
    (sender, receiver)
}

async fn publisher(job: &Job) -> (PubSocket, Vec<SubSocket>) {
    let endpoint = job.endpoint();
    let mut publisher = PubSocket::new();
    publisher.bind(&endpoint).await.unwrap();
    let mut subscribers = Vec::new();
    for _ in 0..job.pattern.receivers() {
        let mut subscriber = SubSocket::new();
        subscriber.connect(&endpoint).await.unwrap();
        subscriber.subscribe("").await.unwrap();
        subscribers.push(subscriber);
    }
    let probes = async {
        loop {
            publisher.send(Vec::new().into()).await.unwrap();
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let all = join_all(subscribers.iter_mut().map(|sub| async { sub.recv().await.unwrap() }));
    tokio::select! { () = probes => (), _ = all => () }
    (publisher, subscribers)
}

/// Receives a message that has content.
async fn recv(socket: &mut impl SocketRecv) -> ZmqMessage {
    loop {
        let msg = socket.recv().await.unwrap();
        if msg.iter().last().is_some_and(|part| !part.is_empty()) {
            return msg;
        }
    }
}

fn throughput<S, R>(runtime: &Runtime, job: &Job, mut sender: S, receivers: Vec<R>) -> Duration
where
    S: SocketSend + Send + 'static,
    R: SocketRecv + Send + 'static,
{
    let (count, content) = (job.count, job.content());
    let receiving = receivers.into_iter().map(|mut receiver| async move {
        for _ in 0..count {
            black_box(recv(&mut receiver).await);
        }
        receiver
    });
    let sending = async move {
        for _ in 0..count {
            sender.send(content.clone().into()).await.unwrap();
        }
        sender
    };
    tasks(runtime, sending, receiving.collect())
}

fn round_trips<S, R>(runtime: &Runtime, job: &Job, mut near: S, mut far: R) -> Duration
where
    S: SocketSend + SocketRecv + Send + 'static,
    R: SocketSend + SocketRecv + Send + 'static,
{
    let (count, content) = (job.count, job.content());
    let answer = async move {
        for _ in 0..count {
            let msg = recv(&mut far).await;
            far.send(msg).await.unwrap();
        }
        far
    };
    let ask = async move {
        for _ in 0..count {
            near.send(content.clone().into()).await.unwrap();
            black_box(recv(&mut near).await);
        }
        near
    };
    tasks(runtime, answer, vec![ask])
}
