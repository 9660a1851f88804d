//! The open sockets of a context, by type.

use std::sync::atomic::{AtomicUsize, Ordering};

use libc::c_int;
use libzmq_sys as sys;

/// The number of socket types, which C numbers from 0.
const TYPES: usize = sys::ZMQ_CHANNEL as usize + 1;

/// The number of open sockets of each type.
#[derive(Debug)]
pub(super) struct OpenTypes([AtomicUsize; TYPES]);

impl OpenTypes {
    pub(super) fn new() -> Self {
        Self([const { AtomicUsize::new(0) }; TYPES])
    }

    pub(super) fn add(&self, kind: c_int) {
        if let Some(count) = self.count(kind) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn remove(&self, kind: c_int) {
        if let Some(count) = self.count(kind) {
            count.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn count(&self, kind: c_int) -> Option<&AtomicUsize> {
        self.0.get(usize::try_from(kind).ok()?)
    }

    /// Returns the socket types with open sockets, by their numbers in C, and how many.
    pub(super) fn list(&self) -> impl Iterator<Item = (c_int, usize)> {
        self.0
            .iter()
            .enumerate()
            .map(|(kind, count)| (kind as c_int, count.load(Ordering::Relaxed)))
            .filter(|(_, count)| *count > 0)
    }
}
