//! What one socket does with many peers, which are in other processes.

mod hub;
mod peers;

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use contestant::Transport;

pub use hub::hub;
pub use peers::peers;

/// The socket that has the peers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Server,
    Router,
    Pub,
    Radio,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Server, Self::Router, Self::Pub, Self::Radio];

    fn named(name: &str) -> Result<Self> {
        let kind = Self::ALL.into_iter().find(|kind| format!("{kind:?}") == name);
        kind.with_context(|| format!("`{name}` is no socket that has many peers"))
    }
}

const HEADER: &str = "\
| socket | transport | I/O threads | peers | all connected | idle memory | idle CPU | messages \
| busy memory | round trip p50 / p99 |
|:---|:---|---:|---:|---:|---:|---:|---:|---:|---:|
";

/// Measures with each of these numbers of peers, prints a table and writes `scale.md`.
pub fn scale(numbers: &[usize]) -> Result<()> {
    let program = env::current_exe().context("the path of this program")?;
    print!("{HEADER}");
    let mut table = HEADER.to_owned();
    let most = numbers.iter().copied().max();
    for kind in Kind::ALL {
        for transport in ["Ipc", "Tcp"] {
            for &peers in numbers {
                // With most peers, whether a second I/O thread helps.
                let threads: &[&str] = if Some(peers) == most { &["1", "2"] } else { &["1"] };
                for threads in threads {
                    let output = Command::new(&program)
                        .args(["scale", "hub", &format!("{kind:?}"), transport, threads])
                        .arg(peers.to_string())
                        .output()?;
                    let said = String::from_utf8_lossy(&output.stderr).into_owned();
                    ensure!(output.status.success(), "{kind:?} {transport} {peers}: {said}");
                    let row = String::from_utf8_lossy(&output.stdout).into_owned();
                    print!("{row}");
                    table += &row;
                }
            }
        }
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/performance/scale.md");
    fs::write(&file, table).with_context(|| format!("cannot write {}", file.display()))
}

/// The transport of that name.
fn transport(name: &str) -> Result<Transport> {
    let transport = Transport::ALL.into_iter().find(|one| format!("{one:?}") == name);
    transport.with_context(|| format!("`{name}` is no transport"))
}
