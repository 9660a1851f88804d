//! `tmq`.

use std::hint::black_box;

use contestant::{Pattern, Work, runtime, serve, tasks};
use futures::{SinkExt, StreamExt};
use tmq::{Context, Multipart};

fn main() -> std::io::Result<()> {
    let runtime = runtime();
    serve(|job| {
        let _guard = runtime.enter();
        let context = Context::new();
        let endpoint = job.endpoint();
        let (count, content) = (job.count, job.content());
        match (job.work, job.pattern) {
            (Work::Throughput, Pattern::PushPull) => {
                let mut pull = tmq::pull(&context).bind(&endpoint).unwrap();
                let mut push = tmq::push(&context).connect(&endpoint).unwrap();
                let receive = async move {
                    for _ in 0..count {
                        black_box(pull.next().await.unwrap().unwrap());
                    }
                    pull
                };
                let send = async move {
                    for _ in 0..count {
                        push.send(Multipart::from(vec![&content[..]])).await.unwrap();
                    }
                    push
                };
                Some(tasks(&runtime, send, vec![receive]))
            }
            (Work::RoundTrip, Pattern::ReqRep) => {
                let mut rep = tmq::reply(&context).bind(&endpoint).unwrap();
                let mut req = tmq::request(&context).connect(&endpoint).unwrap();
                let answer = async move {
                    for _ in 0..count {
                        let (msg, answering) = rep.recv().await.unwrap();
                        rep = answering.send(msg).await.unwrap();
                    }
                    rep
                };
                let ask = async move {
                    for _ in 0..count {
                        let question = Multipart::from(vec![&content[..]]);
                        let (msg, asking) = req.send(question).await.unwrap().recv().await.unwrap();
                        black_box(msg);
                        req = asking;
                    }
                    req
                };
                Some(tasks(&runtime, answer, vec![ask]))
            }
            _ => None,
        }
    })
}
