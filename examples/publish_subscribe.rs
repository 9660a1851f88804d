//! A weather station publishes, and each subscriber gets the places that it wants.
//!
//! The guide explains it in its chapter "Reliable publish-subscribe".
//!
//! `cargo run --example publish_subscribe`

use std::{thread, time::Duration};

use libzmq::prelude::*;

const REPORTS: i32 = 5;
const END: &str = "end";

fn main() -> Result<(), anyhow::Error> {
    let ctx = Ctx::new();

    // An `XPub` receives the subscriptions of its peers, all of them with `verbose`. So the station
    // publishes nothing before it has a subscriber.
    let station =
        XPubBuilder::new().bind("tcp://127.0.0.1:*").verbose(true).with_ctx(ctx.handle())?;

    let subscribers: Vec<_> = [vec!["Oslo"], vec!["Lima", "Cairo"]]
        .into_iter()
        .map(|places| {
            let sub = SubBuilder::new()
                .connect(station.last_endpoint()?)
                .subscribe(END)
                .subscribe(places.iter().copied())
                .recv_timeout(Duration::from_secs(10))
                .with_ctx(ctx.handle())?;
            Ok(thread::spawn(move || listen(&places.join(" and "), &sub)))
        })
        .collect::<Result<_, libzmq::Error>>()?;

    // Three places, and the end twice.
    for _ in 0..5 {
        if let Subscription::Subscribe(topic) = station.recv_subscription()? {
            println!("the station has a subscriber for {}", topic.to_str()?);
        }
    }

    for report in 0..REPORTS {
        for (place, warmth) in [("Oslo", -5), ("Lima", 19), ("Cairo", 28), ("Perth", 22)] {
            // A message begins with its topic. Perth has no subscriber, so the socket drops
            // its reports.
            station.send_multipart([place.to_owned(), format!("{} degrees", warmth + report)])?;
        }
    }
    station.send_multipart([END])?;

    for subscriber in subscribers {
        subscriber.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a subscriber panicked")))?;
    }
    Ok(())
}

fn listen(place: &str, sub: &Sub) -> Result<(), anyhow::Error> {
    loop {
        let report = sub.recv_multipart()?;
        if report[0] == END {
            println!("the subscriber to {place} has received the end");
            return Ok(());
        }
        println!("the subscriber to {place}: {}, {}", report[0].to_str()?, report[1].to_str()?);
    }
}
