//! A chat in two rooms over UDP multicast: a `Radio` and a `Dish` for each member, no server.
//!
//! Each member joins the multicast group of the network and the ZeroMQ groups of its rooms. Ada is
//! in both rooms and receives the lines of both, Bob is in one. UDP may lose a message, so each
//! member repeats its line until all have received it.
//!
//! The program stays on the loopback interface. Where the system has no multicast there, it says so
//! and ends. The guide explains it in its chapters "Which socket?" and "Many peers".
//!
//! `cargo run --example radio_dish`

use std::{
    collections::BTreeSet,
    net::UdpSocket,
    time::{Duration, Instant},
};

use libzmq::prelude::*;

const ROOMS: [&str; 2] = ["garden", "kitchen"];
const LIMIT: Duration = Duration::from_secs(5);

/// A member of the chat, with the lines that it has heard.
struct Member {
    name: &'static str,
    dish: Dish,
    heard: BTreeSet<String>,
}

fn main() -> Result<(), anyhow::Error> {
    // A port that is free now. Every member binds the same one: multicast allows it.
    let port = UdpSocket::bind("127.0.0.1:0")?.local_addr()?.port();
    // Before the semicolon: the interface. Without it the system chooses one.
    let endpoint = format!("udp://127.0.0.1;239.255.47.11:{port}");

    let join = |name, rooms: &[&str]| -> Result<Member, libzmq::Error> {
        let rooms: Vec<Group> =
            rooms.iter().map(|room| Group::try_from(*room)).collect::<Result<_, _>>()?;
        let dish = DishBuilder::new()
            .bind(&*endpoint)
            .join(rooms)
            .recv_timeout(Duration::from_millis(100))
            .build()?;
        Ok(Member { name, dish, heard: BTreeSet::new() })
    };
    let mut members = match (join("Ada", &ROOMS), join("Bob", &ROOMS[1..])) {
        (Ok(ada), Ok(bob)) => [ada, bob],
        (Err(error), _) | (_, Err(error)) => return no_multicast(&error),
    };
    let radio = match RadioBuilder::new().connect(&*endpoint).build() {
        Ok(radio) => radio,
        Err(error) => return no_multicast(&error),
    };

    let lines = [("garden", "Ada: the roses are out"), ("kitchen", "Bob: dinner is ready")];
    let end = Instant::now() + LIMIT;
    // Ada hears both rooms, Bob hears one.
    while members.iter().map(|member| member.heard.len()).ne([2, 1]) {
        if end < Instant::now() {
            return no_multicast(&"no line came back");
        }
        for (room, line) in lines {
            radio.transmit(line, Group::try_from(room)?)?;
        }
        members.iter_mut().try_for_each(Member::listen)?;
    }
    Ok(())
}

impl Member {
    /// Prints the lines that this member has not heard yet.
    fn listen(&mut self) -> Result<(), anyhow::Error> {
        loop {
            match self.dish.recv_msg() {
                Ok(msg) => {
                    let room = msg.group().map(|room| room.to_string_lossy().into_owned());
                    if self.heard.insert(msg.to_str()?.to_owned()) {
                        println!("{} hears in the {}: {msg}", self.name, room.unwrap_or_default());
                    }
                    if self.heard.len() == ROOMS.len() {
                        return Ok(());
                    }
                }
                Err(error) if error.is_would_block() => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

fn no_multicast(why: &dyn std::fmt::Display) -> Result<(), anyhow::Error> {
    println!("this system has no multicast on its loopback interface: {why}");
    Ok(())
}
