//! Contestants in turn, and what their times say.

use std::time::Duration;

use anyhow::Result;
use contestant::Job;

use crate::process::Process;

/// A job and what each contestant did.
pub struct Row {
    pub job: Job,
    pub series: Vec<Option<Series>>,
}

/// Everything that was measured.
pub struct Results {
    pub names: Vec<String>,
    pub rows: Vec<Row>,
}

/// How long a run should take: short ones, and many of them, meet the same noise.
const RUN: Duration = Duration::from_millis(45);

/// What one contestant did in all rounds of a job.
#[derive(Clone, Debug)]
pub struct Series {
    times: Vec<f64>,
    ratios: Vec<f64>,
}

/// A value and what half of the runs were between.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    pub median: f64,
    pub low: f64,
    pub high: f64,
}

impl Series {
    /// Seconds per run.
    pub fn time(&self) -> f64 {
        spread(&self.times).median
    }

    /// How many times as fast as the first contestant in the same round.
    pub fn ratio(&self) -> Spread {
        spread(&self.ratios)
    }
}

impl Spread {
    /// Whether the runs do not tell which of the two is faster.
    pub fn hides_result(&self) -> bool {
        self.low <= 1.0 && self.high >= 1.0
    }
}

fn spread(values: &[f64]) -> Spread {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |quarter: usize| sorted[(sorted.len() - 1) * quarter / 4];
    Spread { median: at(2), low: at(1), high: at(3) }
}

/// Finds how many messages a run takes, with the first contestant.
pub fn calibrate(first: &mut Process, job: &Job) -> Result<usize> {
    let mut count = 32;
    loop {
        let Some(took) = first.run(&Job { count, ..*job })? else { return Ok(count) };
        let factor = runs_in(took);
        if factor < 1.5 {
            return Ok(count);
        }
        // The first messages are slow: not too far at once.
        count = (count as f64 * factor.min(16.0)) as usize;
    }
}

/// How many messages a contestant does in one run, if `count` of them took so long.
fn in_one_run(count: usize, took: Duration) -> usize {
    ((count as f64 * runs_in(took)) as usize).max(1)
}

/// How many times that long a run should take.
fn runs_in(took: Duration) -> f64 {
    RUN.as_secs_f64() / took.as_secs_f64().max(1e-6)
}

/// Runs a job in all contestants in turn, after a short round that does not count. Each ratio is of
/// two runs of one round. A contestant that cannot do the job, or fails at it, has no series. One
/// that is slow does less of the job: its time is that of all of it at the same rate.
pub fn measure(processes: &mut [Process], job: &Job, rounds: usize) -> Result<Vec<Option<Series>>> {
    let mut times: Vec<Option<Vec<f64>>> = vec![Some(Vec::new()); processes.len()];
    let mut counts = vec![(job.count / 8).max(1); processes.len()];
    for round in 0..=rounds {
        for place in 0..processes.len() {
            // Each is the first of a round as often as the others.
            let index = (place + round) % processes.len();
            let Some(series) = &mut times[index] else { continue };
            let count = counts[index];
            match processes[index].run(&Job { count, ..*job }) {
                Ok(Some(took)) if round > 0 => {
                    series.push(took.as_secs_f64() * job.count as f64 / count as f64);
                }
                Ok(Some(took)) => counts[index] = in_one_run(count, took).min(job.count),
                Ok(None) => times[index] = None,
                Err(error) if index == 0 => return Err(error),
                Err(error) => {
                    eprintln!("{error:#}");
                    times[index] = None;
                }
            }
        }
    }
    let first = times[0].clone().unwrap_or_default();
    Ok(times
        .into_iter()
        .map(|times| {
            let times = times.filter(|times| times.len() == first.len() && !first.is_empty())?;
            let ratios = times.iter().zip(&first).map(|(time, first)| first / time).collect();
            Some(Series { times, ratios })
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_around_one_hides_the_result() {
        let spread = spread(&[0.9, 1.3, 1.1, 0.8, 1.2]);
        assert_eq!((spread.low, spread.median, spread.high), (0.9, 1.1, 1.2));
        assert!(spread.hides_result());
        assert!(!Spread { median: 2.0, low: 1.9, high: 2.1 }.hides_result());
    }
}
