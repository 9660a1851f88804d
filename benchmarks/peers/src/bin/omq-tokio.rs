//! `omq-tokio`.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use contestant::{Job, Pattern, Work, runtime, serve, tasks};
use futures::future::join_all;
use omq_tokio::{Message, Options, Socket, SocketType};

fn main() -> std::io::Result<()> {
    let runtime = runtime();
    serve(|job| {
        let (sends, receives) = match job.pattern {
            Pattern::PushPull => (SocketType::Push, SocketType::Pull),
            Pattern::ReqRep => (SocketType::Req, SocketType::Rep),
            Pattern::DealerRouter => (SocketType::Dealer, SocketType::Router),
            Pattern::ClientServer => (SocketType::Client, SocketType::Server),
            Pattern::PubSub | Pattern::PubSub10 => (SocketType::Pub, SocketType::Sub),
            Pattern::ScatterGather => (SocketType::Scatter, SocketType::Gather),
            Pattern::Channel => (SocketType::Channel, SocketType::Channel),
            Pattern::RadioDish | Pattern::RadioDish10 | Pattern::Peer => return None,
        };
        let answers = matches!(
            job.pattern,
            Pattern::ReqRep | Pattern::DealerRouter | Pattern::ClientServer | Pattern::Channel
        );
        let (sender, receivers) = runtime.block_on(link(job, sends, receives));
        Some(match job.work {
            Work::Throughput => {
                let (count, content) = (job.count, job.content());
                let receiving = receivers.into_iter().map(|receiver| async move {
                    for _ in 0..count {
                        black_box(recv(&receiver).await);
                    }
                    receiver
                });
                let sending = async move {
                    for _ in 0..count {
                        sender.send(Message::from_slice(&content)).await.unwrap();
                    }
                    sender
                };
                tasks(&runtime, sending, receiving.collect())
            }
            Work::RoundTrip if answers => {
                let far = receivers.into_iter().next().unwrap();
                let (sender, far) = (Arc::new(sender), Arc::new(far));
                round_trips(&runtime, job, [sender.clone(), sender], [far.clone(), far])
            }
            Work::RoundTrip => {
                let there = receivers.into_iter().next().unwrap();
                let (back, here) = runtime.block_on(link(job, sends, receives));
                let here = here.into_iter().next().unwrap();
                let asking = [sender, here].map(Arc::new);
                round_trips(&runtime, job, asking, [there, back].map(Arc::new))
            }
        })
    })
}

async fn link(job: &Job, sends: SocketType, receives: SocketType) -> (Socket, Vec<Socket>) {
    let endpoint: omq_tokio::Endpoint = job.endpoint().parse().unwrap();
    let hwm = if sends == SocketType::Pub { 1 << 22 } else { 1000 };
    let options = || Options::default().send_hwm(hwm).recv_hwm(hwm);
    let sender = Socket::new(sends, options());
    let receivers: Vec<_> =
        (0..job.pattern.receivers()).map(|_| Socket::new(receives, options())).collect();
    if sends == SocketType::Pub {
        sender.bind(endpoint.clone()).await.unwrap();
        for receiver in &receivers {
            receiver.subscribe("").await.unwrap();
            receiver.connect(endpoint.clone()).await.unwrap();
        }
    } else {
        receivers[0].bind(endpoint.clone()).await.unwrap();
        sender.connect(endpoint).await.unwrap();
    }
    if sends == SocketType::Req {
        return (sender, receivers);
    }
    // Each receiver has shown that it is connected when it got an empty message.
    let probes = async {
        loop {
            sender.send(Message::from_slice(b"")).await.unwrap();
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let all = join_all(receivers.iter().map(|receiver| async { receiver.recv().await.unwrap() }));
    tokio::select! { () = probes => (), _ = all => () }
    (sender, receivers)
}

/// Receives a message that has content.
async fn recv(socket: &Socket) -> Message {
    loop {
        let msg = socket.recv().await.unwrap();
        if msg.iter().last().is_some_and(|part| !part.is_empty()) {
            return msg;
        }
    }
}

/// Each side: the socket that the question goes through, and that of the answer.
fn round_trips(
    runtime: &tokio::runtime::Runtime,
    job: &Job,
    asking: [Arc<Socket>; 2],
    answering: [Arc<Socket>; 2],
) -> Duration {
    let (count, content) = (job.count, job.content());
    let answer = async move {
        for _ in 0..count {
            let msg = recv(&answering[0]).await;
            answering[1].send(msg).await.unwrap();
        }
        answering
    };
    let ask = async move {
        for _ in 0..count {
            asking[0].send(Message::from_slice(&content)).await.unwrap();
            black_box(recv(&asking[1]).await);
        }
        asking
    };
    tasks(runtime, answer, vec![ask])
}
