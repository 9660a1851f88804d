use std::ffi::CStr;

/// A borrowed [`Group`](crate::Group): the name that a radio's messages carry and that a dish
/// joins.
///
/// It is at most [`MAX_GROUP_SIZE`](crate::MAX_GROUP_SIZE) bytes long and has no NUL in it.
#[derive(PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(transparent)]
pub struct GroupSlice(pub(crate) CStr);

impl GroupSlice {
    /// The caller has checked the length, or C has.
    pub(crate) fn from_c_str(name: &CStr) -> &Self {
        // SAFETY: GroupSlice is a transparent wrapper of CStr, so the two references have one
        // layout.
        unsafe { &*(std::ptr::from_ref(name) as *const Self) }
    }
}
