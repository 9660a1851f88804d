//! Turns what `libzmq-sys` tells of the libzmq that it links into `cfg(zmq_has = "...")`, and has
//! the programs of the package find it. Also the build script of the tests and of the examples.

use std::env;

fn main() {
    // A path of each of the packages. That Cargo runs a changed build script is its own doing.
    println!("cargo:rerun-if-changed=Cargo.toml");
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
