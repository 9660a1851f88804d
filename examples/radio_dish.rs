//! A radio and two dishes over udp: datagrams to groups, without connections.
//!
//! `cargo run --example radio_dish`

use std::{
    net::UdpSocket,
    time::{Duration, Instant},
};

use libzmq::prelude::*;

fn main() -> Result<(), anyhow::Error> {
    let ctx = Ctx::new();
    let news: Group = "news".try_into()?;
    let music: Group = "music".try_into()?;

    // Over udp it is the dish that binds; a multicast address such as udp://239.0.0.1:5555 reaches
    // every dish of a network.
    let endpoints = [vacant()?, vacant()?];
    let dish = |endpoint: &str, groups: &[&Group]| {
        let timeout = Duration::from_millis(100);
        DishBuilder::new()
            .bind(endpoint)
            .join(groups.iter().copied())
            .recv_timeout(timeout)
            .with_ctx(ctx.handle())
    };
    let kitchen = dish(&endpoints[0], &[&news])?;
    let living_room = dish(&endpoints[1], &[&news, &music])?;
    let radio = RadioBuilder::new()
        .connect(&*endpoints[0])
        .connect(&*endpoints[1])
        .with_ctx(ctx.handle())?;

    // The network may lose a datagram without an error, so the radio repeats itself until each dish
    // has received enough.
    let end = Instant::now() + Duration::from_secs(10);
    let (mut heard_news, mut heard_music) = (false, false);
    while !(heard_news && heard_music) {
        anyhow::ensure!(Instant::now() < end, "the dishes hear nothing");
        radio.transmit("it is raining", &news)?;
        radio.transmit("la la la", &music)?;
        heard_news |= hears("kitchen", &kitchen)?;
        // The living room has the news as well.
        while let Some(group) = hear("living room", &living_room)? {
            heard_music |= group == music;
        }
    }
    Ok(())
}

/// An endpoint with a port that nobody uses just now.
fn vacant() -> Result<String, anyhow::Error> {
    Ok(format!("udp://{}", UdpSocket::bind("127.0.0.1:0")?.local_addr()?))
}

/// Whether there was something for the dish.
fn hears(place: &str, dish: &Dish) -> Result<bool, anyhow::Error> {
    hear(place, dish).map(|group| group.is_some())
}

/// The group of what the dish receives next, if that comes soon.
fn hear(place: &str, dish: &Dish) -> Result<Option<Group>, anyhow::Error> {
    match dish.recv_msg() {
        Ok(msg) => {
            let group = msg.group().map(ToOwned::to_owned);
            println!("the {place} hears: {}", msg.to_str()?);
            Ok(group)
        }
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
        Err(error) => Err(error.into()),
    }
}
