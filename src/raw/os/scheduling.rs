//! Checks whether the system allows the thread options of a context. libzmq applies them when an
//! I/O thread starts, and aborts the process if the system refuses.

use libc::c_int;

/// Returns whether threads of this process may run on a processor.
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

/// On other systems libzmq ignores the option, so it is refused.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) fn allowed_cpu(_: usize) -> bool {
    false
}

/// Returns whether a thread of this process may use a scheduling policy and priority. Tries it on a
/// new thread.
///
/// libzmq uses the priority for `SCHED_FIFO` and `SCHED_RR` only. For other policies, and for those
/// two with a flag, it sets the priority 0.
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

/// On other systems libzmq ignores the option.
#[cfg(not(unix))]
pub(crate) fn allowed_policy(_: c_int, _: c_int) -> bool {
    false
}
