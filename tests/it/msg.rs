//! Messages: what they are made of and become, who shares their bytes, and who may write them.

use std::{
    collections::HashSet,
    sync::{
        Arc, Barrier,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use libzmq::prelude::*;
use proptest::{
    collection::vec,
    prelude::{any, prop_assert, prop_assert_eq, proptest},
};

use crate::common::{
    Transport, pair, pair_with, until, watchdog,
    zmtp::{RawPeer, last},
};

/// The most bytes that a message holds within itself.
const INLINE: usize = 33;

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
fn texts_and_bytes_of_every_type_convert_into_messages() {
    let text = "some text";
    let bytes = text.as_bytes();
    let msgs: Vec<Msg> = vec![
        text.into(),
        (&text).into(),
        String::from(text).into(),
        (&String::from(text)).into(),
        String::from(text).into_boxed_str().into(),
        bytes.into(),
        bytes.to_vec().into(),
        (&bytes.to_vec()).into(),
        bytes.to_vec().into_boxed_slice().into(),
        (&bytes.to_vec().into_boxed_slice()).into(),
        (*b"some text").into(),
        b"some text".into(),
        Msg::from(text),
        (&Msg::from(text)).into(),
        Msg::from_static(bytes),
        Msg::from_owner(text),
        Msg::from_owner(Arc::<[u8]>::from(bytes)),
    ];
    for (place, msg) in msgs.iter().enumerate() {
        assert_eq!(msg, text, "{place}");
        assert_eq!(msg, bytes, "{place}");
        assert_eq!(msg.to_str(), Ok(text), "{place}");
        assert_eq!((msg.len(), msg.is_empty()), (bytes.len(), false), "{place}");
        assert_eq!(Vec::<u8>::from(msg.clone()), bytes, "{place}");
    }
    assert_eq!(msgs.iter().collect::<HashSet<_>>().len(), 1);
}

#[test]
fn empty_message_has_no_bytes() {
    for mut msg in [
        Msg::new(),
        Msg::default(),
        "".into(),
        Vec::new().into(),
        Msg::with_size(0),
        Msg::from_static(b""),
        Msg::from_owner([]),
    ] {
        assert!(msg.is_empty());
        assert_eq!(msg.as_bytes(), b"");
        assert_eq!(msg.as_mut_bytes(), b"");
        assert_eq!(msg.clone(), msg);
    }
}

#[test]
fn owned_memory_converts_into_a_message_without_a_copy() {
    for size in [INLINE + 1, 100, 1_000_000] {
        let vec = vec![1; size];
        let place = vec.as_ptr();
        assert_eq!(Msg::from(vec).as_bytes().as_ptr(), place);

        let mut roomy = Vec::with_capacity(2 * size);
        roomy.resize(size, 1);
        let place = roomy.as_ptr();
        assert_eq!(Msg::from(roomy).as_bytes().as_ptr(), place);

        let boxed = vec![1; size].into_boxed_slice();
        let place = boxed.as_ptr();
        assert_eq!(Msg::from(boxed).as_bytes().as_ptr(), place);

        let string = "s".repeat(size);
        let place = string.as_ptr();
        assert_eq!(Msg::from(string).as_bytes().as_ptr(), place);

        let shared: Arc<[u8]> = vec![1; size].into();
        assert_eq!(Msg::from_owner(shared.clone()).as_bytes().as_ptr(), shared.as_ptr());
    }
}

#[test]
fn message_from_a_vector_is_written_in_place() {
    let vec = vec![1; 100];
    let place = vec.as_ptr();
    let mut msg = Msg::from(vec);
    msg.as_mut_bytes()[0] = 2;
    assert_eq!(msg.as_bytes().as_ptr(), place);
    assert_eq!(msg.as_bytes()[..2], [2, 1]);
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

#[test]
fn oversized_allocation_is_an_error() {
    for size in [usize::MAX, usize::MAX / 2, 1 << 60] {
        let error = Msg::try_with_size(size).unwrap_err();
        assert!(error.to_string().contains(&size.to_string()), "{error}");
    }
    assert_eq!(Msg::try_with_size(10).unwrap(), &[0; 10][..]);
    assert!(Msg::with_size(100_000).iter().all(|byte| *byte == 0));
}

#[test]
fn peer_cannot_claim_a_user_id_or_an_address() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let pull = PullBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle()).unwrap();
    let claims = [
        ("User-Id", "root"),
        ("user-id", "root"),
        ("Peer-Address", "192.0.2.1"),
        ("__fd", "0"),
        ("X-hue", "violet"),
    ];
    let endpoint = pull.last_endpoint().unwrap();
    let mut peer = RawPeer::connect_claiming(&endpoint, "PUSH", &claims);
    peer.send(last("x"));
    let msg = pull.recv_msg().unwrap();
    assert_eq!((msg.user_id(), msg.property("user-id")), (None, None));
    assert_eq!(msg.peer_address(), Some("127.0.0.1"));
    assert_ne!(msg.property("__fd"), Some("0"));
    assert_eq!(msg.property("X-hue"), Some("violet"));
}

#[test]
fn message_properties_describe_the_connection() {
    let _watchdog = watchdog();
    for &transport in Transport::COMMON {
        let pair = pair_with(
            transport,
            &mut ServerBuilder::new(),
            ClientBuilder::new().metadata("X-hue:violet"),
        );
        pair.client.send("who am I?").unwrap();
        let msg = pair.server.recv_msg().unwrap();
        assert_eq!(msg.property("no such property"), None);
        assert_eq!(msg.property("with\0nul"), None);
        assert_eq!(msg.user_id(), None);
        match transport {
            Transport::Inproc => {
                assert_eq!(
                    (msg.peer_address(), msg.socket_type(), msg.property("X-hue")),
                    (None, None, None)
                );
                continue;
            }
            Transport::Tcp | Transport::Ws => assert_eq!(msg.peer_address(), Some("127.0.0.1")),
            Transport::Ipc => {
                let address = msg.peer_address().unwrap();
                assert!(address.starts_with("localhost:"), "{address}");
                if cfg!(target_os = "linux") {
                    assert!(address.ends_with(&format!(":{}", std::process::id())), "{address}");
                }
            }
        }
        assert_eq!(msg.socket_type(), Some("CLIENT"));
        assert_eq!(msg.property("X-hue"), Some("violet"));
        // They go with clones, and stay when the connection is gone.
        let clone = msg.clone();
        drop((msg, pair));
        assert_eq!(clone.property("X-hue"), Some("violet"));
    }
}

#[test]
fn debug_of_a_long_message_is_truncated() {
    let debug = format!("{:?}", Msg::from(vec![b'a'; 100_000]));
    assert!(debug.len() < 200, "{debug}");
    assert!(debug.contains("100000"), "{debug}");
    assert!(
        format!("{:?}", Msg::from("with \"quotes\" and \0"))
            .contains("with \\\"quotes\\\" and \\x00")
    );
}

#[cfg(feature = "bytes")]
mod with_bytes {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn bytes_and_messages_convert_without_a_copy() {
        let bytes = Bytes::from(vec![1; 1000]);
        let place = bytes.as_ptr();
        let msg = Msg::from(bytes.clone());
        assert_eq!(msg.as_bytes().as_ptr(), place);
        let back = Bytes::from(msg);
        assert_eq!(back.as_ptr(), place);
        assert_eq!(back, bytes);

        // A part of a larger one.
        let part = bytes.slice(100..200);
        assert_eq!(Msg::from(part.clone()).as_bytes().as_ptr(), part.as_ptr());
    }

    #[test]
    fn small_bytes_convert_into_messages_by_copy() {
        let bytes = Bytes::from_static(b"small");
        let msg = Msg::from(&bytes);
        assert_eq!(msg, "small");
        assert_eq!(Bytes::from(msg), bytes);
    }

    #[test]
    fn write_to_a_message_does_not_change_its_bytes_values() {
        let bytes = Bytes::from(vec![0; 1000]);
        let mut msg = Msg::from(bytes.clone());
        msg.as_mut_bytes().fill(1);
        assert!(bytes.iter().all(|byte| *byte == 0));

        let mut clone = msg.clone();
        let bytes = Bytes::from(msg);
        clone.as_mut_bytes().fill(2);
        assert!(bytes.iter().all(|byte| *byte == 1));
    }

    #[test]
    fn bytes_of_a_received_message_outlive_the_socket() {
        let _watchdog = watchdog();
        for &transport in Transport::COMMON {
            let pair = pair(transport);
            pair.client.send(Bytes::from(vec![3; 5000])).unwrap();
            let bytes = Bytes::from(pair.server.recv_msg().unwrap());
            drop(pair);
            assert_eq!(bytes, vec![3; 5000]);
        }
    }
}

proptest! {
    #[test]
    fn message_contents_survive_every_conversion(bytes in vec(any::<u8>(), 0..200)) {
        let expected = &bytes[..];
        for msg in [
            Msg::from(expected),
            Msg::from(bytes.clone()),
            Msg::from(bytes.clone().into_boxed_slice()),
            Msg::from_owner(bytes.clone()),
            Msg::from(&bytes),
        ] {
            prop_assert_eq!(msg.as_bytes(), expected);
            prop_assert_eq!(&msg.clone(), &msg);
            prop_assert!(msg == *expected);
            let mut written = msg.clone();
            written.as_mut_bytes().reverse();
            prop_assert_eq!(msg.as_bytes(), expected);
            written.as_mut_bytes().reverse();
            prop_assert_eq!(&written, &msg);
            #[cfg(feature = "bytes")]
            prop_assert_eq!(&Msg::from(bytes::Bytes::from(msg.clone())), &msg);
            prop_assert_eq!(msg.to_str().is_ok(), std::str::from_utf8(expected).is_ok());
            prop_assert_eq!(Vec::from(msg), bytes.clone());
        }
    }

    #[test]
    fn message_contents_survive_every_transport(bytes in vec(any::<u8>(), 0..200)) {
        WAYS.with(|ways| {
            for pair in ways {
                pair.client.send(&bytes).unwrap();
                let request = pair.server.recv_msg().unwrap();
                assert_eq!(request.as_bytes(), bytes);
                pair.server.route(request.clone(), request.routing_id().unwrap()).unwrap();
                assert_eq!(pair.client.recv_msg().unwrap().as_bytes(), bytes);
            }
        });
    }
}

thread_local! {
    static WAYS: Vec<crate::common::Pair> = Transport::COMMON.iter().copied().map(pair).collect();
}
