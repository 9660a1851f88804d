//! The bytes of a message: which messages share them, which may write them, and when their owner is
//! dropped.

use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use libzmq::prelude::*;

use crate::{
    common::{Transport, pair, until, watchdog},
    msg::INLINE,
};

/// An owner of bytes that counts how often one like it was dropped.
struct Counted {
    bytes: Vec<u8>,
    drops: Arc<AtomicUsize>,
}

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.drops.fetch_add(1, Ordering::SeqCst);
    }
}

fn counted(size: usize) -> (Counted, Arc<AtomicUsize>) {
    let drops = Arc::new(AtomicUsize::new(0));
    (Counted { bytes: vec![7; size], drops: drops.clone() }, drops)
}

#[test]
fn clones_share_large_contents_and_copy_small_ones() {
    for size in [1, INLINE, INLINE + 1, 100_000] {
        let msg = Msg::from(vec![5; size]);
        let clone = msg.clone();
        assert_eq!(msg, clone);
        assert_eq!(msg.as_bytes().as_ptr() == clone.as_bytes().as_ptr(), size > INLINE, "{size}");
    }
}

#[test]
fn write_to_a_message_does_not_change_its_clones() {
    static PAGE: [u8; 100] = [0; 100];
    let shared: Arc<[u8]> = vec![0; 100].into();

    for (name, original) in [
        ("copied", Msg::from(&[0_u8; 100][..])),
        ("vector", Msg::from(vec![0; 100])),
        ("static", Msg::from_static(&PAGE)),
        ("owner", Msg::from_owner(shared.clone())),
        ("inline", Msg::from(&[0_u8; 10][..])),
    ] {
        // A clone of a clone, and the original is written as well.
        let (mut first, mut second, mut original) =
            (original.clone(), original.clone().clone(), original);
        first.as_mut_bytes().fill(1);
        second.as_mut_bytes().fill(2);
        original.as_mut_bytes().fill(3);
        for (msg, byte) in [(&first, 1), (&second, 2), (&original, 3)] {
            assert!(msg.iter().all(|other| *other == byte), "{name}");
        }
    }
    assert!(PAGE.iter().chain(shared.iter()).all(|byte| *byte == 0));
}

#[test]
fn write_to_a_clone_keeps_routing_id_and_group() {
    let mut msg = Msg::from(vec![0; 100]);
    msg.set_routing_id(RoutingId::new(9).unwrap());
    msg.set_group(Group::new("news").unwrap());
    let clone = msg.clone();
    msg.as_mut_bytes()[0] = 1;
    for msg in [&msg, &clone] {
        assert_eq!(msg.routing_id(), RoutingId::new(9));
        assert_eq!(msg.group().unwrap().to_str().unwrap(), "news");
    }
}

/// Over inproc no byte is copied: what is received is the sender's clone, and neither may see the
/// other write.
#[test]
fn write_to_a_message_received_over_inproc_does_not_change_the_clone_of_the_sender() {
    let _watchdog = watchdog();
    let pair = pair(Transport::Inproc);
    let shared: Arc<[u8]> = vec![0; 1000].into();
    for original in
        [Msg::from(vec![0; 1000]), Msg::from_owner(shared.clone()), Msg::from(&[0_u8; 1000][..])]
    {
        let mut kept = original.clone();
        pair.client.send(original).unwrap();
        let mut received = pair.server.recv_msg().unwrap();
        assert_eq!(received.as_bytes().as_ptr(), kept.as_bytes().as_ptr());

        received.as_mut_bytes().fill(1);
        assert!(kept.iter().all(|byte| *byte == 0));
        assert!(received.routing_id().is_some());
        kept.as_mut_bytes().fill(2);
        assert!(received.iter().all(|byte| *byte == 1));
    }
    assert!(shared.iter().all(|byte| *byte == 0));
}

/// Several small messages that came over a wire lie in one buffer.
#[test]
fn write_to_a_received_message_does_not_change_others_of_its_batch() {
    let _watchdog = watchdog();
    let pair = pair(Transport::Tcp);
    for number in 0..20_u8 {
        pair.client.send(vec![number; 50 + usize::from(number)]).unwrap();
    }
    let mut received: Vec<Msg> = (0..20).map(|_| pair.server.recv_msg().unwrap()).collect();
    for (number, msg) in received.iter_mut().enumerate() {
        assert!(msg.iter().all(|byte| usize::from(*byte) == number));
        msg.as_mut_bytes().fill(100 + number as u8);
    }
    for (number, msg) in received.iter().enumerate() {
        assert_eq!(msg.len(), 50 + number);
        assert!(msg.iter().all(|byte| usize::from(*byte) == 100 + number));
    }
}

#[test]
fn owner_is_dropped_once_with_the_last_clone() {
    for size in [0, 1, INLINE, 1000] {
        let (owner, drops) = counted(size);
        let msg = Msg::from_owner(owner);
        let clones: Vec<Msg> = (0..10).map(|_| msg.clone()).collect();
        drop(msg);
        // Inline contents would have been copied, but an owner is never inlined.
        assert_eq!(drops.load(Ordering::SeqCst), 0, "{size}");
        drop(clones);
        assert_eq!(drops.load(Ordering::SeqCst), 1, "{size}");
    }
}

#[test]
fn write_to_a_message_drops_its_owner() {
    let (owner, drops) = counted(100);
    let mut msg = Msg::from_owner(owner);
    msg.as_mut_bytes()[0] = 1;
    assert_eq!(drops.load(Ordering::SeqCst), 1);
}

#[test]
fn sent_owner_is_dropped_once() {
    let _watchdog = watchdog();
    for &transport in Transport::COMMON {
        let pair = pair(transport);
        let (owner, drops) = counted(1000);
        pair.client.send(Msg::from_owner(owner)).unwrap();
        let received = pair.server.recv_msg().unwrap();
        assert_eq!(received, &[7; 1000][..]);
        if transport == Transport::Inproc {
            assert_eq!(drops.load(Ordering::SeqCst), 0);
        }
        drop(received);
        until(|| drops.load(Ordering::SeqCst) == 1);
        drop(pair);
        assert_eq!(drops.load(Ordering::SeqCst), 1);
    }
}

#[test]
fn failed_send_returns_the_owner() {
    let _watchdog = watchdog();
    let client = Client::new().unwrap();
    let (owner, drops) = counted(1000);
    let mut error = client.try_send(Msg::from_owner(owner)).unwrap_err();
    assert_eq!(drops.load(Ordering::SeqCst), 0);
    let msg = error.take().unwrap();
    assert_eq!(msg, &[7; 1000][..]);
    drop(msg);
    assert_eq!(drops.load(Ordering::SeqCst), 1);
}

#[test]
fn owner_that_panics_when_dropped_ends_no_thread() {
    struct Bomb(Arc<AtomicUsize>);

    /// What the panic carries panics too.
    struct Payload;

    impl AsRef<[u8]> for Bomb {
        fn as_ref(&self) -> &[u8] {
            &[1; 1000]
        }
    }

    impl Drop for Bomb {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
            std::panic::panic_any(Payload);
        }
    }

    impl Drop for Payload {
        fn drop(&mut self) {
            panic!("the payload as well");
        }
    }

    let _watchdog = watchdog();
    let panics = Arc::new(AtomicUsize::new(0));
    drop(Msg::from_owner(Bomb(panics.clone())));
    assert_eq!(panics.load(Ordering::SeqCst), 1);

    // On an I/O thread.
    let pair = pair(Transport::Tcp);
    pair.client.send(Msg::from_owner(Bomb(panics.clone()))).unwrap();
    assert_eq!(pair.server.recv_msg().unwrap().len(), 1000);
    until(|| panics.load(Ordering::SeqCst) == 2);
    pair.greet();
}

/// Under a sanitizer this shows that marking a message as shared is no data race.
#[test]
fn threads_clone_one_message_concurrently() {
    const CLONES: usize = 200_000;

    let _watchdog = watchdog();
    let (owner, drops) = counted(1000);
    for msg in [Msg::from_owner(owner), Msg::from(vec![7; 1000]), Msg::from(&[7; 20][..])] {
        let barrier = Barrier::new(3);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    barrier.wait();
                    for _ in 0..CLONES {
                        let clone = msg.clone();
                        assert_eq!(clone.len(), msg.len());
                        assert_eq!(clone[0], 7);
                    }
                });
            }
            scope.spawn(|| {
                barrier.wait();
                for _ in 0..CLONES {
                    assert_eq!(msg.last(), Some(&7));
                    assert_eq!(msg.routing_id(), None);
                }
            });
        });
    }
    assert_eq!(drops.load(Ordering::SeqCst), 1);
}

/// A clone that another thread made and wrote must not have written here, whatever the order.
#[test]
fn threads_clone_and_write_concurrently() {
    let _watchdog = watchdog();
    for _ in 0..2_000 {
        let msg = Msg::from(vec![0; 64]);
        let wrong = AtomicBool::new(false);
        thread::scope(|scope| {
            for byte in 1..3 {
                let (msg, wrong) = (&msg, &wrong);
                scope.spawn(move || {
                    let mut own = msg.clone();
                    own.as_mut_bytes().fill(byte);
                    if own.iter().any(|other| *other != byte) {
                        wrong.store(true, Ordering::SeqCst);
                    }
                });
            }
        });
        assert!(!wrong.load(Ordering::SeqCst));
        assert!(msg.iter().all(|byte| *byte == 0));
    }
}
