//! Rounds, each in a child process, and what they may leave behind.

use std::env;
use std::fs::read_dir;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::random::Random;
use crate::target;
use crate::zmq::{allocated, eventually};

/// Says to the child which round it was started for.
const ROUND: &str = "HOSTILE_ROUND";

/// How long a round may take. Each needs a second or two; the rest is for a busy machine.
const DEADLINE: Duration = Duration::from_secs(100);

/// What a round may leave behind: what malloc's own caches and lazily made statics keep.
const KEPT: usize = 256 << 10;

/// Runs the round that this process is the child for, or one after another.
pub(crate) fn run() -> ExitCode {
    let number = |name| env::var(name).ok().map(|text| text.parse::<u64>().expect(name));
    if let Some(seed) = number(ROUND) {
        round(seed);
        return ExitCode::SUCCESS;
    }
    let time = Duration::from_secs(number("HOSTILE_SECONDS").unwrap_or(5));
    let first = number("HOSTILE_SEED").unwrap_or(1);
    let (start, mut passed, mut failed) = (Instant::now(), 0, 0);
    for seed in first.. {
        match isolated(seed) {
            Ok(()) => passed += 1,
            Err(end) => {
                failed += 1;
                println!("round {seed}: {end}");
            }
        }
        if start.elapsed() >= time {
            break;
        }
    }
    println!("{} rounds from seed {first}: {passed} passed, {failed} failed", passed + failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs a round in a child, whose messages go to this process's standard error.
fn isolated(seed: u64) -> Result<(), String> {
    let mut child = Command::new(env::current_exe().expect("the path of this binary"))
        .env(ROUND, seed.to_string())
        .stdin(Stdio::null())
        .spawn()
        .expect("this binary once more");
    match wait(&mut child) {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(status.to_string()),
        None => {
            let _ = child.kill();
            let _ = child.wait();
            Err(format!("still running after {DEADLINE:?}"))
        }
    }
}

fn wait(child: &mut Child) -> Option<ExitStatus> {
    let start = Instant::now();
    while start.elapsed() < DEADLINE {
        if let Some(status) = child.try_wait().expect("the child's status") {
            return Some(status);
        }
        thread::sleep(Duration::from_millis(5));
    }
    None
}

/// The same attack twice: the first may make what lasts as long as the process.
fn round(seed: u64) {
    let attack = || target::attack(&mut Random::new(seed));
    attack();
    let (used, memory) = (resources(), allocated());
    attack();
    eventually("threads and descriptors are as before", || (resources() == used).then_some(()));
    let grown = allocated().saturating_sub(memory);
    assert!(grown < KEPT, "{grown} bytes more");
}

/// How many descriptors are open, and how many threads run.
fn resources() -> [usize; 2] {
    ["/proc/self/fd", "/proc/self/task"].map(|path| read_dir(path).expect("Linux").count())
}
