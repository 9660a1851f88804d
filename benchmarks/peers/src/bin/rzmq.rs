//! `rzmq`.

use std::hint::black_box;
use std::time::Duration;

use contestant::{Job, Pattern, Work, runtime, serve, tasks};
use futures::future::join_all;
use rzmq::socket::options::{RCVHWM, SNDHWM, SUBSCRIBE};
use rzmq::{Context, Msg, Socket, SocketType};

fn main() -> std::io::Result<()> {
    let runtime = runtime();
    serve(|job| {
        let (sends, receives) = match job.pattern {
            Pattern::PushPull => (SocketType::Push, SocketType::Pull),
            Pattern::ReqRep => (SocketType::Req, SocketType::Rep),
            Pattern::DealerRouter => (SocketType::Dealer, SocketType::Router),
            Pattern::PubSub | Pattern::PubSub10 => (SocketType::Pub, SocketType::Sub),
            _ => return None,
        };
        let context = runtime.block_on(async { Context::new().unwrap() });
        let (sender, receivers) = runtime.block_on(link(&context, job, sends, receives));
        let (count, content) = (job.count, job.content());
        let took = match job.work {
            Work::Throughput => {
                let receiving = receivers.into_iter().map(|receiver| async move {
                    for _ in 0..count {
                        black_box(recv(&receiver).await);
                    }
                    receiver
                });
                let sending = async move {
                    for _ in 0..count {
                        sender.send(Msg::from_vec(content.clone())).await.unwrap();
                    }
                    sender
                };
                tasks(&runtime, sending, receiving.collect())
            }
            Work::RoundTrip => {
                let there = receivers.into_iter().next().unwrap();
                let (back, here) = if matches!(sends, SocketType::Push | SocketType::Pub) {
                    let (back, here) = runtime.block_on(link(&context, job, sends, receives));
                    (back, here.into_iter().next().unwrap())
                } else {
                    (there.clone(), sender.clone())
                };
                let answer = async move {
                    for _ in 0..count {
                        back.send_multipart(recv(&there).await).await.unwrap();
                    }
                    (there, back)
                };
                let ask = async move {
                    for _ in 0..count {
                        sender.send(Msg::from_vec(content.clone())).await.unwrap();
                        black_box(recv(&here).await);
                    }
                    (sender, here)
                };
                tasks(&runtime, answer, vec![ask])
            }
        };
        runtime.block_on(context.term()).unwrap();
        Some(took)
    })
}

async fn link(
    context: &Context,
    job: &Job,
    sends: SocketType,
    receives: SocketType,
) -> (Socket, Vec<Socket>) {
    let endpoint = job.endpoint();
    let sender = context.socket(sends).unwrap();
    let receivers: Vec<_> =
        (0..job.pattern.receivers()).map(|_| context.socket(receives).unwrap()).collect();
    if sends == SocketType::Pub {
        sender.set_option(SNDHWM, 1 << 22).await.unwrap();
        sender.bind(&endpoint).await.unwrap();
        for receiver in &receivers {
            receiver.set_option(RCVHWM, 1 << 22).await.unwrap();
            receiver.set_option_raw(SUBSCRIBE, b"").await.unwrap();
            receiver.connect(&endpoint).await.unwrap();
        }
    } else {
        receivers[0].bind(&endpoint).await.unwrap();
        sender.connect(&endpoint).await.unwrap();
    }
    if sends == SocketType::Req {
        return (sender, receivers);
    }
    // Each receiver has shown that it is connected when it got an empty message.
    let probes = async {
        loop {
            // It may refuse while there is no peer.
            let _ = sender.send(Msg::new()).await;
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let each = |receiver: &Socket| {
        let receiver = receiver.clone();
        async move { receiver.recv_multipart().await.unwrap() }
    };
    let all = join_all(receivers.iter().map(each));
    tokio::select! { () = probes => (), _ = all => () }
    (sender, receivers)
}

/// Receives a message that has content.
async fn recv(socket: &Socket) -> Vec<Msg> {
    loop {
        let msg = socket.recv_multipart().await.unwrap();
        if msg.last().is_some_and(|part| part.size() > 0) {
            return msg;
        }
    }
}
