//! With a libzmq that lacks our fixes, what would deadlock or corrupt memory is refused, with an error that says so.
//!
//! ```text
//! LIBZMQ_UNPATCHED=1 cargo test --test unpatched
//! ```

#![cfg(not(zmq_has = "patches"))]
#![allow(clippy::unwrap_used, reason = "a test")]

use libzmq::{prelude::*, *};

fn refused(done: Result<(), Error>) -> bool {
    let error = done.unwrap_err();
    error.text().is_some() && matches!(error.kind(), ErrorKind::Unsupported(why) if why.contains("this libzmq"))
}

/// Two of them joined lock each other up.
#[test]
fn thread_safe_sockets_do_not_meet_over_inproc() {
    assert!(refused(Client::new().unwrap().connect("inproc://here")));
    assert!(refused(Server::new().unwrap().bind("inproc://here")));
    assert!(refused(Radio::new().unwrap().bind("inproc://here")));
    assert!(refused(Dish::new().unwrap().connect("inproc://here")));
    assert!(refused(Scatter::new().unwrap().connect("inproc://here")));
    assert!(refused(Gather::new().unwrap().bind("inproc://here")));
    assert!(refused(Channel::new().unwrap().bind("inproc://here")));
    assert!(refused(Peer::new().unwrap().connect_peer("inproc://here").map(drop)));
}

/// The others may, and over tcp all do.
#[test]
fn what_is_safe_works() {
    let pull = PullBuilder::new().bind("inproc://there").build().unwrap();
    let push = PushBuilder::new().connect("inproc://there").build().unwrap();
    push.send("classical").unwrap();
    assert_eq!(pull.recv_msg().unwrap(), "classical");

    let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").build().unwrap();
    let client = ClientBuilder::new().connect(server.last_endpoint().unwrap()).build().unwrap();
    client.send("over tcp").unwrap();
    assert_eq!(server.recv_msg().unwrap(), "over tcp");
}

/// Their counts of references are wrong.
#[test]
fn long_groups_are_refused() {
    assert_eq!(MAX_GROUP_SIZE, 14);
    assert!(Group::new("x".repeat(14)).is_ok());
    assert!(Group::new("x".repeat(15)).is_err());
}
