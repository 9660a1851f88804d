//! Sending and receiving allocate nothing on Rust's heap, and libzmq frees what lost peers sent.

#[path = "../common/mod.rs"]
mod common;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

#[cfg(all(target_os = "linux", zmq_has = "patches"))]
use common::zmtp::{RawPeer, part};
use common::{Transport, pair, watchdog};
use libzmq::prelude::*;

/// Counts what each thread takes. libzmq's own memory comes from C and is not seen here.
struct Counting;

thread_local! {
    static TAKEN: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: the system's allocator, and a counter that needs no memory.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = TAKEN.try_with(|taken| taken.set(taken.get() + 1));
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let _ = TAKEN.try_with(|taken| taken.set(taken.get() + 1));
        // SAFETY: as above.
        unsafe { System.realloc(place, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// How often `work` took memory on this thread.
fn taken_by(work: impl FnOnce()) -> usize {
    let before = TAKEN.get();
    work();
    TAKEN.get() - before
}

#[test]
fn allocation_counter_counts_an_allocation() {
    assert_eq!(taken_by(|| drop(std::hint::black_box(vec![1_u8; 10]))), 1);
}

#[test]
fn send_and_recv_of_existing_bytes_allocate_nothing() {
    let _watchdog = watchdog();
    for &transport in Transport::COMMON {
        let pair = pair(transport);
        let id = pair.greet();
        let shared = Msg::from(vec![1; 10_000]);
        let mut msg = Msg::new();

        let taken = taken_by(|| {
            for _ in 0..200 {
                // Up to the inline size, and larger ones that are there already.
                pair.client.send(&[7_u8; 33][..]).unwrap();
                pair.client.send(shared.clone()).unwrap();
                pair.client.try_send("try").unwrap();
                for _ in 0..3 {
                    pair.server.recv(&mut msg).unwrap();
                }
                pair.server.route(&[7_u8; 33][..], id).unwrap();
                pair.server.try_route(shared.clone(), id).unwrap();
                while pair.client.try_recv(&mut msg).is_err() {}
                assert_eq!(pair.client.recv_msg().unwrap().len(), 10_000);
            }
        });
        assert_eq!(taken, 0, "{transport:?}");

        // Nor when there is nothing to do, with or without a timeout.
        pair.client.set_recv_timeout(std::time::Duration::from_millis(1)).unwrap();
        let lonely = Client::new().unwrap();
        let taken = taken_by(|| {
            for _ in 0..20 {
                assert!(pair.server.try_recv(&mut msg).is_err());
                assert!(pair.client.recv(&mut msg).is_err());
                assert!(lonely.try_send("x").is_err());
                assert!(pair.server.route("x", RoutingId::new(1).unwrap()).is_err());
            }
        });
        assert_eq!(taken, 0, "{transport:?}, with errors");
    }
}

/// A vector is taken over without more memory: the whole cost is the one that made it.
#[test]
fn send_of_a_vector_allocates_nothing() {
    let _watchdog = watchdog();
    let pair = pair(Transport::Tcp);
    pair.greet();
    let vectors: Vec<Vec<u8>> = (0..100).map(|_| vec![1; 5000]).collect();
    let taken = taken_by(|| {
        for vector in vectors {
            pair.client.send(vector).unwrap();
        }
    });
    assert_eq!(taken, 0);
}

/// Peers that end between the group of a message and its content leave nothing behind.
#[cfg(all(target_os = "linux", zmq_has = "patches"))]
#[test]
fn dish_frees_half_messages_of_disconnected_peers() {
    const PEERS: usize = 2_000;

    let _watchdog = watchdog();
    let dish = DishBuilder::new().bind(Transport::Tcp.anywhere()).build().unwrap();
    let endpoint = dish.last_endpoint().unwrap();
    let come_and_go = || {
        for _ in 0..PEERS {
            let mut peer = RawPeer::connect(&endpoint, "RADIO");
            peer.send(part([b'x'; 200]));
            peer.close();
            // The socket takes note of it.
            assert_eq!(dish.try_recv_msg().unwrap_err().kind(), ErrorKind::WouldBlock);
        }
        resident_pages()
    };
    let first = come_and_go();
    let grown = come_and_go().saturating_sub(first);
    // Each would leave three pages.
    assert!(grown < PEERS, "{grown} pages");
}

/// How many pages of memory the process has.
#[cfg(all(target_os = "linux", zmq_has = "patches"))]
fn resident_pages() -> usize {
    std::fs::read_to_string("/proc/self/statm").unwrap().split(' ').nth(1).unwrap().parse().unwrap()
}
