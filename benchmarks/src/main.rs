//! Measures this crate beside libzmq itself and other implementations of ZeroMQ.
//!
//! - `report [--quick]` writes `docs/performance.md` and its plots. It takes ten minutes, or two.
//! - `compare <one> <other> [words]` prints how many times as fast the other is, for the jobs that
//!   have all words: `compare blocking async Throughput Tcp 64,1024`. Either is `blocking`,
//!   `async`, `many` (blocking calls for many messages), `spin` (blocking calls that spin for
//!   100 us), `c` (this crate's libzmq), or another libzmq.so.
//! - `scale [peers ...]` measures sockets with many peers in other processes, and writes
//!   `docs/performance/scale.md`, which becomes a part of the report.
//! - `alone <blocking|async|c|libzmq.so> <job>` sends and receives in one thread, under a tool that
//!   counts instructions (`.ci/instructions`).

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a program that may stop")]

mod contenders;
mod contestants;
mod measure;
mod plot;
mod process;
mod report;
mod scale;

use std::env;
use std::ffi::OsString;

use anyhow::{Context, Result, bail};
use contestant::{Job, Pattern, Transport, Work, serve};

use contestants::{asynchronous, blocking, c};
use process::{Contestant, Process};

const USAGE: &str =
    "usage: benchmarks report [--quick] | compare <one> <other> [words] | scale [peers]";

fn main() -> Result<()> {
    let args: Vec<OsString> = env::args_os().skip(1).collect();
    let words: Vec<_> = args.iter().map(|arg| arg.to_string_lossy()).collect();
    match words.iter().map(AsRef::as_ref).collect::<Vec<_>>()[..] {
        ["worker", "blocking"] => Ok(serve(|job| Some(blocking::run(job)))?),
        ["worker", "spin"] => {
            blocking::spin();
            Ok(serve(|job| Some(blocking::run(job)))?)
        }
        ["worker", "many"] => Ok(serve(blocking::run_many)?),
        ["worker", "async"] => {
            let runtime = contestant::runtime();
            Ok(serve(|job| Some(asynchronous::run(&runtime, job)))?)
        }
        ["worker", "c"] => {
            let api = Box::leak(Box::new(c::Api::linked()));
            Ok(serve(|job| Some(c::run(api, job)))?)
        }
        ["worker", "c", _] => {
            let api = Box::leak(Box::new(c::Api::load(&args[2])?));
            Ok(serve(|job| Some(c::run(api, job)))?)
        }
        ["report"] => report::report(false),
        ["report", "--quick"] => report::report(true),
        ["alone", kind, ref job @ ..] => {
            let job = job.join(" ").parse().map_err(anyhow::Error::msg)?;
            match kind {
                "blocking" => blocking::alone(&job),
                "async" => asynchronous::alone(&contestant::runtime(), &job),
                "c" => c::alone(Box::leak(Box::new(c::Api::linked())), &job),
                path => c::alone(Box::leak(Box::new(c::Api::load(path.as_ref())?)), &job),
            }
            Ok(())
        }
        ["scale", "hub", kind, transport, threads, peers] => {
            scale::hub(kind, transport, threads, peers)
        }
        ["scale", "peers", kind, endpoint, count] => scale::peers(kind, endpoint, count),
        ["scale"] => scale::scale(&[10, 100, 1000]),
        ["scale", ref numbers @ ..] => {
            let numbers: Result<Vec<_>, _> = numbers.iter().map(|number| number.parse()).collect();
            scale::scale(&numbers?)
        }
        ["compare", _, _, ref filter @ ..] => compare(&args[1], &args[2], filter),
        _ => bail!(USAGE),
    }
}

/// Prints how much faster the second contestant is at each job that all words occur in and both
/// can do.
fn compare(first: &OsString, second: &OsString, filter: &[&str]) -> Result<()> {
    let program = env::current_exe().context("the path of this program")?;
    let worker = |kind: &OsString| {
        let name = kind.to_string_lossy().into_owned();
        let mut args = vec!["worker".into(), kind.clone()];
        if !["blocking", "async", "many", "spin", "c"].contains(&&*name) {
            args.insert(1, "c".into());
        }
        Process::new(Contestant { name, program: program.clone(), args })
    };
    let mut both = [worker(first), worker(second)];
    for mut job in jobs(&[16, 64, 1024, 32 << 10, 1 << 20]) {
        let text = job.to_string();
        let words: Vec<_> = text.split(' ').collect();
        if !filter.iter().all(|word| word.split(',').any(|word| words.contains(&word))) {
            continue;
        }
        job.count = measure::calibrate(&mut both[0], &job)?;
        let series = measure::measure(&mut both, &job, 15)?;
        let [Some(_), Some(second)] = &series[..] else { continue };
        let ratio = second.ratio();
        println!("{:.3} ({:.3} - {:.3})  {job}", ratio.median, ratio.low, ratio.high);
    }
    Ok(())
}

/// All jobs with messages of these sizes.
fn jobs(sizes: &[usize]) -> Vec<Job> {
    let mut jobs = Vec::new();
    for work in Work::ALL {
        for pattern in Pattern::ALL.into_iter().filter(|pattern| pattern.has(work)) {
            for transport in Transport::ALL {
                jobs.extend(sizes.iter().map(|&size| Job {
                    work,
                    pattern,
                    transport,
                    size,
                    count: 1,
                }));
            }
        }
    }
    jobs
}
