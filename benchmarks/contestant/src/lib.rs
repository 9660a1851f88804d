//! What every measured program shares: it reads jobs from standard input, runs each of them once,
//! and writes how long that took to standard output. The programs run in turn, so that each of them
//! meets the same noise.

mod job;
mod processor;
mod timed;

use std::io::{self, BufRead, Write};
use std::time::Duration;

pub use job::{Job, Pattern, Transport, Work};
pub use processor::processor_time;
pub use timed::{runtime, tasks, threads};

/// Runs the jobs that standard input names, one on each line, until it ends.
///
/// `run` returns `None` where the measured library does not have the pattern or the transport.
///
/// # Errors
/// If a line is no job, or standard output is closed.
pub fn serve(mut run: impl FnMut(&Job) -> Option<Duration>) -> io::Result<()> {
    for line in io::stdin().lock().lines() {
        let job = line?.parse().map_err(io::Error::other)?;
        let answer =
            run(&job).map_or_else(|| "none".to_owned(), |took| took.as_nanos().to_string());
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{answer}")?;
        stdout.flush()?;
    }
    Ok(())
}
