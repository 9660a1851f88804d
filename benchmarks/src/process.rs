//! The processes of the contestants.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use contestant::Job;

/// How long a job may take. A message that was lost would be waited for without end.
const DEADLINE: Duration = Duration::from_secs(20);

/// How a contestant is started.
#[derive(Clone, Debug)]
pub struct Contestant {
    /// As the tables name it.
    pub name: String,
    pub program: PathBuf,
    pub args: Vec<OsString>,
}

/// A running contestant.
pub struct Process {
    contestant: Contestant,
    running: Option<Running>,
}

struct Running {
    child: Child,
    stdin: ChildStdin,
    answers: Receiver<String>,
}

impl Process {
    pub fn new(contestant: Contestant) -> Self {
        Self { contestant, running: None }
    }

    pub fn name(&self) -> &str {
        &self.contestant.name
    }

    /// How long the job took; `None` if this contestant cannot do it. It is started if it is not
    /// running, and ended if it fails.
    pub fn run(&mut self, job: &Job) -> Result<Option<Duration>> {
        let mut running = match self.running.take() {
            Some(running) => running,
            None => Running::start(&self.contestant)
                .with_context(|| format!("cannot start {}", self.name()))?,
        };
        writeln!(running.stdin, "{job}").with_context(|| format!("{} ended", self.name()))?;
        let answer = match running.answers.recv_timeout(DEADLINE) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => bail!("{}: no end of {job}", self.name()),
            Err(RecvTimeoutError::Disconnected) => bail!("{} ended in {job}", self.name()),
        };
        self.running = Some(running);
        if answer == "none" {
            return Ok(None);
        }
        let nanos = answer.parse().with_context(|| format!("{} says {answer}", self.name()))?;
        Ok(Some(Duration::from_nanos(nanos)))
    }
}

impl Running {
    fn start(contestant: &Contestant) -> Result<Self> {
        let mut child = Command::new(&contestant.program)
            .args(&contestant.args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdin = child.stdin.take().context("it has a standard input")?;
        let stdout = child.stdout.take().context("it has a standard output")?;
        let (sender, answers) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Self { child, stdin, answers })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has no state that matters, and may hang.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
