//! A program written for the crate `tmq`, and what each of its calls is here.
//!
//! The guide explains it in its chapter "Coming from".
//!
//! `cargo run --features tokio --example from_tmq`

use futures::{SinkExt, StreamExt};
use libzmq::prelude::*;

#[tokio::main]
async fn main() -> Result<(), anyhow::Error> {
    // let router = tmq::router(&context).bind(..)?;
    let (router, endpoint) = RouterBuilder::new().bind("tcp://127.0.0.1:*").build_bound()?;
    // let (mut sink, mut stream) = router.split();
    let (mut stream, mut sink) = Async::new(router)?.split_multipart();
    let echo = tokio::spawn(async move {
        // while let Some(message) = stream.next().await { sink.send(message?).await?; }
        for _ in 0..3 {
            let Some(message) = stream.next().await else { break };
            sink.send(message?).await?;
        }
        Ok::<_, anyhow::Error>(())
    });

    // let dealer = tmq::dealer(&context).set_identity(b"me").connect(..)?;
    let dealer = DealerBuilder::new().routing_identity("me").connect(endpoint).build()?;
    let dealer = Async::new(dealer)?;
    for number in 0..3 {
        // dealer.send(vec!["number", ..]).await?;  dealer.next().await
        dealer.send_multipart(["number".to_owned(), number.to_string()]).await?;
        let reply = dealer.recv_multipart().await?;
        println!("{} {}", reply[0], reply[1]);
    }
    echo.await?
}
