//! The name of a group.

use std::ffi::CStr;

/// A borrowed [`Group`](crate::Group): at most [`MAX_GROUP_SIZE`](crate::MAX_GROUP_SIZE) bytes
/// without a NUL.
#[derive(PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(transparent)]
pub struct GroupSlice(pub(crate) CStr);

impl GroupSlice {
    /// The caller or libzmq must have checked the length.
    pub(crate) fn from_c_str(name: &CStr) -> &Self {
        // SAFETY: GroupSlice is a transparent wrapper of CStr, so the references have the same
        // layout.
        unsafe { &*(std::ptr::from_ref(name) as *const Self) }
    }
}
