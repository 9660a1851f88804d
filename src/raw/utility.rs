//! Functions of C that need no context.

use std::ffi::CString;

use libc::c_int;
use libzmq_sys as sys;

/// Returns the version of libzmq.
pub(crate) fn version() -> (i32, i32, i32) {
    let (mut major, mut minor, mut patch): (c_int, c_int, c_int) = (0, 0, 0);
    // SAFETY: three valid pointers to an int each.
    unsafe { sys::zmq_version(&raw mut major, &raw mut minor, &raw mut patch) };
    (major, minor, patch)
}

/// Returns whether libzmq has a capability.
pub(crate) fn has(capability: &str) -> bool {
    CString::new(capability).is_ok_and(|capability| {
        // SAFETY: a valid string, only read.
        unsafe { sys::zmq_has(capability.as_ptr()) == 1 }
    })
}

/// Creates a CURVE key pair: the public and the secret key as Z85 text.
#[cfg(any(zmq_has = "curve", docsrs))]
pub(crate) fn curve_keypair() -> Result<([u8; 40], [u8; 40]), super::Errno> {
    let (mut public, mut secret) = ([0_u8; 41], [0_u8; 41]);
    // SAFETY: zmq_curve_keypair(3) writes 40 characters and a NUL to each.
    super::errno::check(unsafe {
        sys::zmq_curve_keypair(public.as_mut_ptr().cast(), secret.as_mut_ptr().cast())
    })?;
    Ok((text(&public), text(&secret)))
}

/// Returns the public key of a secret key, both as Z85 text.
#[cfg(any(zmq_has = "curve", docsrs))]
pub(crate) fn curve_public(secret: &[u8; 40]) -> Result<[u8; 40], super::Errno> {
    let mut terminated = [0_u8; 41];
    terminated[..40].copy_from_slice(secret);
    let mut public = [0_u8; 41];
    // SAFETY: zmq_curve_public(3) reads 40 characters up to a NUL and writes 40 and a NUL.
    super::errno::check(unsafe {
        sys::zmq_curve_public(public.as_mut_ptr().cast(), terminated.as_ptr().cast())
    })?;
    Ok(text(&public))
}

#[cfg(any(zmq_has = "curve", docsrs))]
fn text(terminated: &[u8; 41]) -> [u8; 40] {
    let mut text = [0; 40];
    text.copy_from_slice(&terminated[..40]);
    text
}
