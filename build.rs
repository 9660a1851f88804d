//! Turns what `libzmq-sys` tells of the libzmq that it links into `cfg(zmq_has = "...")`, and has
//! the tests and examples find it.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-check-cfg=cfg(zmq_has, values(any()))");
    println!("cargo:rustc-check-cfg=cfg(docsrs)");
    let capabilities = env::var("DEP_ZMQ_HAS").unwrap_or_default();
    for capability in capabilities.split(',').filter(|capability| !capability.is_empty()) {
        println!("cargo:rustc-cfg=zmq_has={capability:?}");
    }
    if let Ok(folder) = env::var("DEP_ZMQ_RPATH") {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{folder}");
    }
}
