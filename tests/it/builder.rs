//! Builders: endpoints, and values that are refused.

use libzmq::prelude::*;

use crate::common::watchdog;

#[test]
fn builder_adds_each_endpoint_to_the_earlier_ones() {
    let _watchdog = watchdog();
    let server = ServerBuilder::new()
        .bind("inproc://first-of-three")
        .bind(["inproc://second-of-three", "inproc://third-of-three"])
        .build()
        .unwrap();
    let client = ClientBuilder::new()
        .connect("inproc://first-of-three")
        .connect("inproc://second-of-three")
        .connect(["inproc://third-of-three"])
        .build()
        .unwrap();
    // Messages go to the three connections in turn.
    let mut ids: Vec<_> = (0..3)
        .map(|_| {
            client.send("").unwrap();
            server.recv_msg().unwrap().routing_id().unwrap()
        })
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 3);
}

#[test]
fn build_with_an_invalid_value_is_an_error() {
    let error =
        ServerBuilder::new().bind("tcp://127.0.0.1:no-port").recv_hwm(-1).build().unwrap_err();
    assert!(error.to_string().contains("no-port"), "{error}");
    let error = ServerBuilder::new().recv_hwm(-1).build().unwrap_err();
    assert!(error.to_string().contains("recv_hwm"), "{error}");
    let mut builder = ServerBuilder::new();
    builder.bind("tcp://127.0.0.1:*");
    // A builder builds any number.
    assert_ne!(
        builder.build().unwrap().last_endpoint().unwrap(),
        builder.build().unwrap().last_endpoint().unwrap()
    );
}
