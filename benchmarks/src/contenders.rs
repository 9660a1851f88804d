//! Builds what this crate is measured beside, and lists all contestants.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process::Contestant;

/// The programs of `benchmarks/peers`.
const PEERS: [&str; 5] = ["zmq", "tmq", "omq-tokio", "rzmq", "zeromq"];

/// Upstream's libzmq first, to which the others are compared; then this crate and its peers.
pub fn all() -> Result<Vec<Contestant>> {
    let program = env::current_exe().context("the path of this program")?;
    let folder = program.parent().context("it is in a folder")?;
    let upstream = upstream(&folder.join("upstream"))?;
    let worker = |name: &str, kind: &str| Contestant {
        name: name.to_owned(),
        program: program.clone(),
        args: vec!["worker".into(), kind.into()],
    };
    let mut all = vec![
        worker("libzmq", "c"),
        worker("this crate", "blocking"),
        worker("this crate, async", "async"),
        worker("its libzmq, in C", "c"),
    ];
    all[0].args.push(upstream.into());
    match peers() {
        Ok(peers) => all.extend(peers),
        Err(error) => eprintln!("without other implementations: {error:#}"),
    }
    Ok(all)
}

/// The libzmq that upstream's CMake makes of the same sources, without patches.
fn upstream(folder: &Path) -> Result<PathBuf> {
    let source = libzmq_src::source_tree().map_err(anyhow::Error::msg)?;
    let configure = [
        "-DCMAKE_BUILD_TYPE=Release",
        "-DENABLE_DRAFTS=ON",
        "-DBUILD_STATIC=OFF",
        "-DBUILD_TESTS=OFF",
        "-DWITH_PERF_TOOL=OFF",
        "-DWITH_DOCS=OFF",
        "-DWITH_LIBSODIUM=OFF",
        "-DWITH_TLS=OFF",
    ];
    run(Command::new("cmake").arg("-S").arg(source).arg("-B").arg(folder).args(configure))?;
    run(Command::new("cmake").arg("--build").arg(folder).arg("--parallel"))?;
    Ok(folder.join("lib/libzmq.so"))
}

fn peers() -> Result<Vec<Contestant>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    let target = folder.join("target");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    run(Command::new(cargo)
        .args(["build", "--release", "--target-dir"])
        .arg(&target)
        .arg("--manifest-path")
        .arg(folder.join("Cargo.toml")))?;
    let peer = |name: &str| Contestant {
        name: name.to_owned(),
        program: target.join("release").join(name),
        args: Vec::new(),
    };
    Ok(PEERS.map(peer).into())
}

fn run(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("cannot run {command:?}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?}: {}\n{said}", output.status);
    Ok(())
}
