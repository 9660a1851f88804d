use std::array;

use super::*;

/// `count` bytes that count up from `first`.
fn counted<const N: usize>(first: u8) -> [u8; N] {
    array::from_fn(|i| first + i as u8)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn public(secret: &Key) -> Key {
    let mut public = Key::default();
    // SAFETY: two keys.
    assert_eq!(unsafe { libzmq_scalarmult_base(&mut public, secret) }, DONE);
    public
}

/// What libsodium 1.0.20 computes of the same keys, nonce and text.
#[test]
fn results_are_those_of_libsodium() {
    let (ours, theirs) = (counted(0), counted(32));
    assert_eq!(
        hex(&public(&ours)),
        "8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f"
    );
    let mut key = Key::default();
    // SAFETY: three keys.
    assert_eq!(unsafe { libzmq_box_beforenm(&mut key, &public(&theirs), &ours) }, DONE);
    assert_eq!(hex(&key), "429b61f5d96e37268dfc5114849d599c9ceabffdb68c1f52cd0499af30f5b377");

    let mut plain = [0; PLAIN_ZEROS + 5];
    plain[PLAIN_ZEROS..].copy_from_slice(b"hello");
    let mut sealed = [0xff; PLAIN_ZEROS + 5];
    // SAFETY: two buffers of that size, a nonce and two keys.
    let status = unsafe {
        let (sealed, plain, size) = (sealed.as_mut_ptr(), plain.as_ptr(), plain.len());
        libzmq_box(sealed, plain, size, &counted(64), &public(&theirs), &ours)
    };
    assert_eq!(status, DONE);
    assert_eq!(
        hex(&sealed),
        "0000000000000000000000000000000063c77edf906ddbd1ee628506dda16cc9d6502ce2a2"
    );

    let mut opened = [0xff; PLAIN_ZEROS + 5];
    // SAFETY: as above.
    let status = unsafe {
        let (opened, sealed, size) = (opened.as_mut_ptr(), sealed.as_ptr(), sealed.len());
        libzmq_box_open(opened, sealed, size, &counted(64), &public(&ours), &theirs)
    };
    assert_eq!((status, opened), (DONE, plain));
}

#[test]
fn box_of_any_size_opens_in_place_and_a_forged_one_does_not() {
    let (nonce, key) = (counted(3), counted(9));
    for size in (0..200).chain([4096, 100_000]) {
        let plain: Vec<u8> = (0..size).map(|i| i as u8).collect();
        let mut sealed = vec![0; size + size_of::<Mac>()];
        // SAFETY: a buffer for the box and its plain text, a nonce and a key.
        let status = unsafe {
            libzmq_secretbox_easy(sealed.as_mut_ptr(), plain.as_ptr(), size, &nonce, &key)
        };
        assert_eq!(status, DONE);
        let open = |mut sealed: Vec<u8>| {
            let (buffer, size) = (sealed.as_mut_ptr(), sealed.len());
            // SAFETY: as above. The buffers are the same, as in libzmq.
            let status = unsafe { libzmq_secretbox_open_easy(buffer, buffer, size, &nonce, &key) };
            (status, sealed)
        };
        let (status, opened) = open(sealed.clone());
        assert_eq!((status, &opened[..size]), (DONE, &plain[..]));
        for forged in [0, sealed.len() - 1] {
            let mut sealed = sealed.clone();
            sealed[forged] ^= 1;
            assert_eq!(open(sealed).0, REFUSED, "{size} bytes, byte {forged}");
        }
    }
}

#[test]
fn box_that_is_too_short_is_refused() {
    let (mut plain, sealed) = ([0; 32], [0; 32]);
    let (nonce, key) = (counted(3), counted(9));
    // SAFETY: the buffers are longer than said.
    let statuses = unsafe {
        let (plain, sealed) = (plain.as_mut_ptr(), sealed.as_ptr());
        [
            libzmq_secretbox_open_easy(plain, sealed, 15, &nonce, &key),
            libzmq_secretbox_open(plain, sealed, 31, &nonce, &key),
            libzmq_secretbox(plain, sealed, 31, &nonce, &key),
        ]
    };
    assert_eq!(statuses, [REFUSED; 3]);
}

#[test]
fn public_key_of_low_order_is_refused() {
    let mut key = Key::default();
    // SAFETY: three keys.
    assert_eq!(unsafe { libzmq_box_beforenm(&mut key, &[0; 32], &counted(1)) }, REFUSED);
}

#[test]
fn key_pairs_differ_and_fit() {
    let pair = || {
        let (mut public, mut secret) = (Key::default(), Key::default());
        // SAFETY: two keys.
        assert_eq!(unsafe { libzmq_box_keypair(&mut public, &mut secret) }, DONE);
        (public, secret)
    };
    let (one, other) = (pair(), pair());
    assert_ne!(one, other);
    assert_eq!(one.0, public(&one.1));
}

#[test]
fn memory_for_secrets_is_aligned_and_bounded() {
    for size in [0, 1, 40, 5000] {
        let memory = libzmq_secret_alloc(size, 3);
        assert_eq!(memory as usize % 16, 0);
        // SAFETY: it has that many bytes.
        unsafe { memory.cast::<u8>().write_bytes(1, size * 3) };
        // SAFETY: the allocator above returned it.
        unsafe { libzmq_secret_free(memory) };
    }
    assert!(libzmq_secret_alloc(usize::MAX, 2).is_null());
    assert!(libzmq_secret_alloc(usize::MAX, 1).is_null());
    // SAFETY: null may be freed.
    unsafe { libzmq_secret_free(ptr::null_mut()) };
}
