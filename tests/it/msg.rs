//! Messages: what they are made of and become, and their properties.

use std::{collections::HashSet, sync::Arc};

use libzmq::prelude::*;
use proptest::{
    collection::vec,
    prelude::{any, prop_assert, prop_assert_eq, proptest},
};

use crate::common::{
    Transport, pair, pair_with, watchdog,
    zmtp::{RawPeer, last},
};

/// The most bytes that a message holds within itself.
pub(crate) const INLINE: usize = 33;

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
