//! Whether the system would grant what the context's thread options ask. C asks only when an I/O
//! thread starts, and aborts the process if the answer is no.

use libc::c_int;

/// Whether threads of this process may run on that processor.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn allowed_cpu(cpu: usize) -> bool {
    // SAFETY: cpu_set_t is a plain bit mask, valid as zeros; sched_getaffinity(2) writes at most
    // the size it is given, and CPU_ISSET reads a bit within it.
    unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        let size = size_of::<libc::cpu_set_t>();
        cpu < libc::CPU_SETSIZE as usize
            && libc::sched_getaffinity(0, size, &raw mut set) == 0
            && libc::CPU_ISSET(cpu, &set)
    }
}

/// Elsewhere C ignores the option, so no processor is promised.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) fn allowed_cpu(_: usize) -> bool {
    false
}

/// Whether a thread of this process may take that scheduling policy and priority, tried on a thread
/// made for it.
///
/// C takes the priority for `SCHED_FIFO` and `SCHED_RR` only. For any other policy, one of those two
/// with a flag included, it sets the priority 0.
#[cfg(unix)]
pub(crate) fn allowed_policy(policy: c_int, priority: c_int) -> bool {
    if priority != 0 && !matches!(policy, libc::SCHED_FIFO | libc::SCHED_RR) {
        return false;
    }
    let trial = move || {
        // SAFETY: sched_param is plain data, valid as zeros; pthread_setschedparam(3) is applied to
        // the calling thread.
        unsafe {
            let mut param: libc::sched_param = std::mem::zeroed();
            param.sched_priority = priority;
            libc::pthread_setschedparam(libc::pthread_self(), policy, &raw const param) == 0
        }
    };
    std::thread::Builder::new().spawn(trial).is_ok_and(|thread| thread.join().unwrap_or(false))
}

/// Elsewhere C ignores the option.
#[cfg(not(unix))]
pub(crate) fn allowed_policy(_: c_int, _: c_int) -> bool {
    false
}
