//! The report: every job in turn, tables and plots of what came out.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use anyhow::{Context, Result};
use contestant::{Job, Pattern, Transport, Work};
use indicatif::{ProgressBar, ProgressStyle};

use crate::measure::{self, Results, Row};
use crate::process::Process;
use crate::{contenders, jobs, plot};

/// How often each contestant does a job.
const ROUNDS: usize = 7;

const SCALE: &str = "
## Many peers

`cargo run --release -p benchmarks -- scale` measured this, on the same machine. One socket has all \
the peers, which are in four other processes. Memory is that of the socket's process for each peer, \
idle and after the messages. The messages have 64 bytes, and are those that a SERVER or ROUTER \
receives of all peers, or those that all peers of a PUB or RADIO receive. The round trip is with one \
peer while the others are idle.

";

/// Measures, and writes `performance.md` and its plots.
pub fn report(quick: bool) -> Result<()> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let machine = machine();
    let mut processes: Vec<_> = contenders::all()?.into_iter().map(Process::new).collect();
    let jobs = if quick { quick_jobs() } else { all_jobs() };
    let bar = ProgressBar::new(jobs.len() as u64).with_style(
        ProgressStyle::with_template("{bar:40} {pos}/{len} {eta_precise} {msg}").unwrap(),
    );
    let mut rows = Vec::new();
    for mut job in jobs {
        bar.set_message(format!("{job}"));
        job.count = measure::calibrate(&mut processes[0], &job)?;
        let series = measure::measure(&mut processes, &job, ROUNDS)?;
        rows.push(Row { job, series });
        bar.inc(1);
    }
    bar.finish();
    let names = processes.iter().map(|process| process.name().to_owned()).collect();
    let results = Results { names, rows };
    let plots = docs.join("performance");
    fs::create_dir_all(&plots).with_context(|| format!("cannot make {}", plots.display()))?;
    plot::all(&results, &plots)?;
    let file = docs.join("performance.md");
    let mut text = text(&results, &machine);
    text += SCALE;
    text += &fs::read_to_string(plots.join("scale.md")).unwrap_or_default();
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
}

fn all_jobs() -> Vec<Job> {
    jobs(&[16, 64, 1 << 10, 32 << 10, 1 << 20])
}

fn quick_jobs() -> Vec<Job> {
    let wanted = |job: &Job| match job.work {
        Work::Throughput => matches!(
            job.pattern,
            Pattern::PushPull | Pattern::DealerRouter | Pattern::ClientServer | Pattern::PubSub
        ),
        Work::RoundTrip => {
            matches!(job.pattern, Pattern::ReqRep | Pattern::ClientServer) && job.size == 64
        }
    };
    jobs(&[64, 1 << 10, 32 << 10]).into_iter().filter(wanted).collect()
}

/// What was measured on, in words.
fn machine() -> String {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let system = said("uname", &["-srm"]);
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown processor", |(_, name)| name);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown");
    let compiler = said("rustc", &["--version"]);
    format!("{processor}, {cores} cores, {system}, {compiler}; the load before the run was {load}")
}

fn said(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output();
    output.map_or_else(
        |_| program.to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

fn text(results: &Results, machine: &str) -> String {
    let mut text = format!(
        "# Performance\n\n\
         `cargo run --release -p benchmarks -- report` wrote this page. It measured on {machine}.\n\n\
         Every number is a ratio to `libzmq`: upstream's libzmq {version}, unchanged, as its own \
         CMake builds it for release, with its default options, called through its C functions. \
         2.0 means twice as many messages a second, or half the time of a round trip. All \
         contestants run in turn, {ROUNDS} rounds for each row, each in a process of its own that \
         has both sides. A ratio is of two runs of one round; the table has the median. The \
         column `libzmq` says what its own median was. Where the middle half of the ratios has 1 \
         in it, the runs do not tell which is faster: such a number has a `~`. A blank means that \
         the library does not have the pattern or the transport, or failed.\n\n\
         - `this crate`: blocking calls, default options\n\
         - `this crate, async`: `Async` on tokio, tasks on both sides, two workers\n\
         - `its libzmq, in C`: the libzmq that this crate compiles, called as `libzmq` is\n\n\
         Messages are copied from a buffer on the way in, as most programs do. PUB and RADIO have \
         no high water mark, so that they drop nothing. Sockets that send one way only use two \
         pairs for a round trip.\n",
        version = libzmq_src::VERSION,
    );
    for work in Work::ALL {
        let title = match work {
            Work::Throughput => "Throughput",
            Work::RoundTrip => "Round trip",
        };
        let _ = write!(text, "\n## {title}\n");
        for transport in Transport::ALL {
            let rows: Vec<_> = results
                .rows
                .iter()
                .filter(|row| row.job.work == work && row.job.transport == transport)
                .collect();
            if rows.is_empty() {
                continue;
            }
            let name = format!("{transport:?}").to_lowercase();
            let plot = plot::file_name(work, transport);
            let _ = write!(text, "\n### {name}\n\n![{title} over {name}](performance/{plot})\n\n");
            table(&mut text, results, &rows);
        }
    }
    text
}

fn table(text: &mut String, results: &Results, rows: &[&Row]) {
    // Only who has anything to show.
    let shown: Vec<usize> = (1..results.names.len())
        .filter(|&index| rows.iter().any(|row| row.series[index].is_some()))
        .collect();
    let names: Vec<_> = shown.iter().map(|&index| &*results.names[index]).collect();
    let _ = writeln!(text, "| sockets | size | libzmq | {} |", names.join(" | "));
    let _ = writeln!(text, "|:---|---:|---:|{}", "---:|".repeat(shown.len()));
    for row in rows {
        let Job { work, pattern, size, count, .. } = row.job;
        let Some(first) = &row.series[0] else { continue };
        let each = first.time() / count as f64;
        let absolute = match work {
            Work::Throughput => rate(1.0 / each),
            Work::RoundTrip => format!("{:.1} us", each * 1e6),
        };
        let _ = write!(text, "| {} | {} | {absolute} |", sockets(pattern), bytes(size));
        for &index in &shown {
            let cell = row.series[index].as_ref().map(|series| {
                let ratio = series.ratio();
                let mark = if ratio.hides_result() { "~" } else { "" };
                format!("{mark}{:.2} <sub>{:.2}-{:.2}</sub>", ratio.median, ratio.low, ratio.high)
            });
            let _ = write!(text, " {} |", cell.unwrap_or_default());
        }
        text.push('\n');
    }
}

fn sockets(pattern: Pattern) -> String {
    match pattern {
        Pattern::RadioDish10 => "Radio, 10 Dishes".to_owned(),
        Pattern::PubSub10 => "Pub, 10 Subs".to_owned(),
        // The words of the name, with a slash between them.
        _ => {
            let name = format!("{pattern:?}");
            let second = name.char_indices().skip(1).find(|(_, letter)| letter.is_uppercase());
            second.map_or(name.clone(), |(at, _)| format!("{}/{}", &name[..at], &name[at..]))
        }
    }
}

fn bytes(size: usize) -> String {
    match size {
        0..1024 => format!("{size} B"),
        1024..1_048_576 => format!("{} KiB", size >> 10),
        _ => format!("{} MiB", size >> 20),
    }
}

fn rate(per_second: f64) -> String {
    if per_second >= 1e6 {
        format!("{:.2} M/s", per_second / 1e6)
    } else {
        format!("{:.1} k/s", per_second / 1e3)
    }
}
