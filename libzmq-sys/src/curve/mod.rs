//! The functions that libzmq takes from libsodium for CURVE, on the crate `dryoc`: X25519,
//! XSalsa20 and Poly1305. It builds in a fraction of libsodium's time, and seals messages faster.
//!
//! `sodium.h` declares them for libzmq, under names that no libsodium has. Each returns 0, or -1 if
//! a box is forged or a public key is weak, as libsodium's do.
//!
//! # Safety
//! libzmq calls them with arrays of the sizes in `sodium.h`. In the functions that are not `easy`,
//! `size` counts the zeros in front too, which both buffers have. The two buffers of a function
//! that seals do not overlap; those of a function that opens may.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::ffi::{c_int, c_void};
use std::{ptr, slice};

use dryoc::classic::crypto_box::{
    crypto_box_beforenm, crypto_box_detached_afternm, crypto_box_keypair_inplace,
    crypto_box_open_detached_afternm_inplace,
};
use dryoc::classic::crypto_core::crypto_scalarmult_base;
use dryoc::rng::copy_randombytes;
use zeroize::{Zeroize, Zeroizing};

type Key = [u8; 32];
type Nonce = [u8; 24];
type Mac = [u8; 16];

/// The zeros in front of a plain text, in the functions that are not `easy`.
const PLAIN_ZEROS: usize = 32;
/// The zeros in front of a box, in the functions that are not `easy`.
const BOX_ZEROS: usize = 16;

const DONE: c_int = 0;
const REFUSED: c_int = -1;

fn status<T, E>(result: Result<T, E>) -> c_int {
    if result.is_ok() { DONE } else { REFUSED }
}

/// Writes a box of `size` bytes of plain text: its MAC, then as many bytes.
unsafe fn seal(
    sealed: *mut u8,
    plain: *const u8,
    size: usize,
    nonce: *const Nonce,
    key: &Key,
) -> c_int {
    // SAFETY: both buffers have these sizes and do not overlap (the contract of this module).
    let (mac, text, plain, nonce) = unsafe {
        (
            &mut *sealed.cast::<Mac>(),
            slice::from_raw_parts_mut(sealed.add(size_of::<Mac>()), size),
            slice::from_raw_parts(plain, size),
            &*nonce,
        )
    };
    status(crypto_box_detached_afternm(text, mac, plain, nonce, key))
}

/// Writes the `size` bytes of plain text of a box, which is as long as they and the MAC.
unsafe fn open(
    plain: *mut u8,
    sealed: *const u8,
    size: usize,
    nonce: *const Nonce,
    key: &Key,
) -> c_int {
    // SAFETY: both buffers have these sizes (the contract of this module). From here on only the
    // buffer of the plain text is used, so that the other may overlap it.
    let (text, mac, nonce) = unsafe {
        let mac = sealed.cast::<Mac>().read();
        ptr::copy(sealed.add(size_of::<Mac>()), plain, size);
        (slice::from_raw_parts_mut(plain, size), mac, &*nonce)
    };
    status(crypto_box_open_detached_afternm_inplace(text, &mac, nonce, key))
}

/// Makes a call with the key that two pairs have in common, unless the public key is weak.
unsafe fn with_shared(
    public_key: *const Key,
    secret_key: *const Key,
    call: impl FnOnce(&Key) -> c_int,
) -> c_int {
    // SAFETY: both are keys (the contract of this module).
    let shared = unsafe { crypto_box_beforenm(&*public_key, &*secret_key) };
    shared.map_or(REFUSED, |key| call(&Zeroizing::new(key)))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn libzmq_box_keypair(public_key: *mut Key, secret_key: *mut Key) -> c_int {
    // SAFETY: two keys that do not overlap (the contract of this module).
    unsafe { crypto_box_keypair_inplace(&mut *public_key, &mut *secret_key) };
    DONE
}

#[unsafe(no_mangle)]
unsafe extern "C" fn libzmq_scalarmult_base(public_key: *mut Key, secret_key: *const Key) -> c_int {
    // SAFETY: two keys that do not overlap (the contract of this module).
    unsafe { crypto_scalarmult_base(&mut *public_key, &*secret_key) };
    DONE
}

#[unsafe(no_mangle)]
unsafe extern "C" fn libzmq_box_beforenm(
    key: *mut Key,
    public_key: *const Key,
    secret_key: *const Key,
) -> c_int {
    // SAFETY: three keys (the contract of this module).
    unsafe {
        with_shared(public_key, secret_key, |shared| {
            key.write(*shared);
            DONE
        })
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn libzmq_box(
    sealed: *mut u8,
    plain: *const u8,
    size: usize,
    nonce: *const Nonce,
    public_key: *const Key,
    secret_key: *const Key,
) -> c_int {
    // SAFETY: the contract is that of this module.
    unsafe {
        with_shared(public_key, secret_key, |key| libzmq_secretbox(sealed, plain, size, nonce, key))
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn libzmq_box_open(
    plain: *mut u8,
    sealed: *const u8,
    size: usize,
    nonce: *const Nonce,
    public_key: *const Key,
    secret_key: *const Key,
) -> c_int {
    // SAFETY: the contract is that of this module.
    unsafe {
        with_shared(public_key, secret_key, |key| {
            libzmq_secretbox_open(plain, sealed, size, nonce, key)
        })
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn libzmq_secretbox(
    sealed: *mut u8,
    plain: *const u8,
    size: usize,
    nonce: *const Nonce,
    key: *const Key,
) -> c_int {
    let Some(size) = size.checked_sub(PLAIN_ZEROS) else { return REFUSED };
    // SAFETY: both buffers begin with zeros (the contract of this module).
    unsafe {
        sealed.write_bytes(0, BOX_ZEROS);
        seal(sealed.add(BOX_ZEROS), plain.add(PLAIN_ZEROS), size, nonce, &*key)
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn libzmq_secretbox_open(
    plain: *mut u8,
    sealed: *const u8,
    size: usize,
    nonce: *const Nonce,
    key: *const Key,
) -> c_int {
    let Some(size) = size.checked_sub(PLAIN_ZEROS) else { return REFUSED };
    // SAFETY: both buffers begin with zeros (the contract of this module).
    unsafe {
        let status = open(plain.add(PLAIN_ZEROS), sealed.add(BOX_ZEROS), size, nonce, &*key);
        plain.write_bytes(0, PLAIN_ZEROS);
        status
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn libzmq_secretbox_easy(
    sealed: *mut u8,
    plain: *const u8,
    size: usize,
    nonce: *const Nonce,
    key: *const Key,
) -> c_int {
    // SAFETY: the contract is that of this module.
    unsafe { seal(sealed, plain, size, nonce, &*key) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn libzmq_secretbox_open_easy(
    plain: *mut u8,
    sealed: *const u8,
    size: usize,
    nonce: *const Nonce,
    key: *const Key,
) -> c_int {
    let Some(size) = size.checked_sub(size_of::<Mac>()) else { return REFUSED };
    // SAFETY: the contract is that of this module.
    unsafe { open(plain, sealed, size, nonce, &*key) }
}

/// Fills a buffer at random. The process ends if the system has no random numbers, as it does with
/// libsodium: there is no secure way to go on.
#[unsafe(no_mangle)]
unsafe extern "C" fn libzmq_randombytes(bytes: *mut c_void, size: usize) {
    // SAFETY: a buffer of that size (the contract of this module).
    copy_randombytes(unsafe { slice::from_raw_parts_mut(bytes.cast(), size) });
}

/// The size of what follows, in front of each piece of memory for secrets. It keeps the alignment
/// of `malloc`.
#[repr(C, align(16))]
struct Header(usize);

fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size.checked_add(size_of::<Header>())?, align_of::<Header>()).ok()
}

/// Returns memory that is overwritten before it is freed, or null if there is none.
#[unsafe(no_mangle)]
extern "C" fn libzmq_secret_alloc(count: usize, size: usize) -> *mut c_void {
    let Some((size, layout)) = count.checked_mul(size).and_then(|n| Some((n, layout(n)?))) else {
        return ptr::null_mut();
    };
    // SAFETY: the layout has the size of a header at least, and its alignment.
    unsafe {
        let header = alloc_zeroed(layout).cast::<Header>();
        if header.is_null() {
            return ptr::null_mut();
        }
        header.write(Header(size));
        header.add(1).cast()
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn libzmq_secret_free(memory: *mut c_void) {
    if memory.is_null() {
        return;
    }
    // SAFETY: `libzmq_secret_alloc` returned the memory, with a header in front and this layout.
    unsafe {
        let header = memory.cast::<Header>().sub(1);
        let size = (*header).0;
        slice::from_raw_parts_mut(memory.cast::<u8>(), size).zeroize();
        if let Some(layout) = layout(size) {
            dealloc(header.cast(), layout);
        }
    }
}

#[cfg(test)]
mod tests;
