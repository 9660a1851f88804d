//! The processor time of this process. Linux only.

use std::fs;
use std::io;
use std::time::Duration;

/// Returns the time that all threads have used, in the kernel too. The clock counts hundredths of a
/// second.
///
/// # Errors
/// If the system does not tell.
pub fn processor_time() -> io::Result<Duration> {
    const USER: usize = 11;
    const TICK: Duration = Duration::from_millis(10);

    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(") ").ok_or(io::ErrorKind::InvalidData)?;
    let times = fields.split(' ').skip(USER).take(2).map(str::parse::<u32>);
    let ticks = times.sum::<Result<u32, _>>().map_err(io::Error::other)?;
    Ok(TICK * ticks)
}
