//! `Radio` and `Dish`, `Scatter` and `Gather`, with one of each pair in Node.

use std::time::{Duration, Instant};

use libzmq::{prelude::*, *};

use super::{LIMIT, content::Content, program};
use crate::common::foreign::Program;

const COUNT: u32 = 200;

/// Nobody joins the odd ones.
fn group(number: u32) -> Group {
    format!("group {}", number % 4).try_into().unwrap()
}

struct Talk<S> {
    ours: S,
    theirs: Program,
    content: Content,
    deadline: Instant,
    _ctx: Ctx,
}

/// Has a socket of theirs talk to ours: over tcp and ipc, with each side binding.
fn talk<S: Socket>(theirs: &str, ours: &mut Builder<S>, talk: impl Fn(&Talk<S>)) {
    let Some(folder) = program::folder() else { return };
    let path = std::env::temp_dir().join(format!("libzmq-node-{theirs}-{}", std::process::id()));
    for endpoint in ["tcp://127.0.0.1:*".to_owned(), format!("ipc://{}", path.display())] {
        for they_bind in [true, false] {
            let deadline = Instant::now() + LIMIT;
            let start = |how: &str, endpoint: &str| {
                let program = program::start(folder, &["groups.js", theirs, how, endpoint]);
                let endpoint = program.line(deadline).unwrap();
                (program, endpoint)
            };
            let ctx = Ctx::new();
            let (ours, theirs) = if they_bind {
                let (theirs, bound) = start("bind", &endpoint);
                (ours.clone().connect(bound.as_str()).with_ctx(ctx.handle()).unwrap(), theirs)
            } else {
                let ours = ours.clone().bind(endpoint.as_str()).with_ctx(ctx.handle()).unwrap();
                let (theirs, _) = start("connect", &ours.last_endpoint().unwrap().to_string());
                (ours, theirs)
            };
            talk(&Talk { ours, theirs, content: Content::new(), deadline, _ctx: ctx });
            let _ = std::fs::remove_file(&path);
        }
    }
}

#[test]
fn node_radio_reaches_a_dish() {
    talk(
        "Radio",
        DishBuilder::new().join([group(0), group(2)]).recv_hwm(0).recv_timeout(LIMIT),
        |talk| {
            // It transmits over and over; what follows the last message is the first.
            while talk.ours.recv_msg().unwrap().as_bytes() != talk.content.request(COUNT - 2) {}
            for number in (0..COUNT).step_by(2) {
                let msg = talk.ours.recv_msg().unwrap();
                assert!(msg.as_bytes() == talk.content.request(number), "{number} is another");
                assert_eq!(msg.group(), Some(&*group(number)));
            }
        },
    );
}

#[test]
fn node_dish_receives_from_a_radio() {
    talk("Dish", RadioBuilder::new().send_hwm(0), |talk| {
        let done = loop {
            assert!(Instant::now() < talk.deadline, "the dish hears all in time");
            for number in 0..COUNT {
                talk.ours.transmit(talk.content.request(number), group(number)).unwrap();
            }
            if let Some(line) = talk.theirs.line_within(Duration::from_millis(20)) {
                break line;
            }
        };
        assert_eq!(done, "done");
    });
}

#[test]
fn node_scatter_reaches_a_gather() {
    talk("Scatter", GatherBuilder::new().recv_timeout(LIMIT), |talk| {
        for number in 0..COUNT {
            assert!(
                talk.ours.recv_msg().unwrap().as_bytes() == talk.content.request(number),
                "{number} is another"
            );
        }
    });
}

#[test]
fn node_gather_receives_from_a_scatter() {
    talk("Gather", ScatterBuilder::new().send_timeout(LIMIT), |talk| {
        for number in 0..COUNT {
            talk.ours.send(talk.content.request(number)).unwrap();
        }
        assert_eq!(talk.theirs.line(talk.deadline).as_deref(), Some("done"));
    });
}
