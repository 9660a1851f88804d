//! The npm package `jszmq`, which speaks ZWS 2.0 without a mechanism and takes the first
//! subprotocol that a client offers.

use std::time::{Duration, Instant};

use libzmq::{prelude::*, *};

use super::program;
use crate::common::watchdog;

const LIMIT: Duration = Duration::from_secs(50);

#[test]
fn jszmq_rep_answers_a_req_without_a_mechanism() {
    let (Some(folder), true) = (program::folder(), has(Capability::Ws)) else { return };
    let _watchdog = watchdog();
    let theirs = program::start(folder, &["jszmq.js", "rep"]);
    let url = theirs.line(Instant::now() + LIMIT).unwrap();
    let req = ReqBuilder::new().ws_no_mechanism(true).connect(url.as_str()).build().unwrap();
    for body in [b"small".to_vec(), vec![7; 1_000_000]] {
        req.send(body.clone()).unwrap();
        assert!(*req.recv_msg().unwrap() == *body);
    }
}

#[test]
fn jszmq_req_asks_a_rep() {
    let (Some(folder), true) = (program::folder(), has(Capability::Ws)) else { return };
    let _watchdog = watchdog();
    let rep = RepBuilder::new().bind("ws://127.0.0.1:*").build().unwrap();
    let url = rep.last_endpoint().unwrap().to_string();
    let theirs = program::start(folder, &["jszmq.js", "req", &url]);
    for _ in 0..2 {
        let message = rep.recv_multipart().unwrap();
        rep.send_multipart(message).unwrap();
    }
    assert_eq!(theirs.line(Instant::now() + LIMIT).as_deref(), Some("done"));
}
