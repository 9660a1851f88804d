//! Groups, which a radio transmits to and a dish joins.

use std::{
    borrow::{Borrow, Cow},
    ffi::{CStr, CString},
    fmt,
    ops::Deref,
    option,
    str::{FromStr, Utf8Error},
};

use crate::error::Error;
pub use crate::raw::GroupSlice;
use crate::util::itself;

/// The maximum length of the name of a [`Group`], in bytes.
///
/// It is 255, as in the protocol. With another libzmq than the vendored one it is 14, because
/// longer names cause a use after free there.
#[cfg(zmq_has = "patches")]
#[doc(alias = "ZMQ_GROUP_MAX_LENGTH")]
pub const MAX_GROUP_SIZE: usize = 255;

/// The maximum length of the name of a [`Group`], in bytes: 14, because longer names cause a use
/// after free in this libzmq.
#[cfg(not(zmq_has = "patches"))]
pub const MAX_GROUP_SIZE: usize = 14;

/// The error of a name that is too long for a [`Group`], or contains a NUL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{0}")]
pub struct GroupParseError(&'static str);

impl GroupParseError {
    /// Returns what is wrong with the name.
    pub fn msg(&self) -> &'static str {
        self.0
    }
}

/// The name of a group: at most [`MAX_GROUP_SIZE`] bytes, none of them NUL.
///
/// ```
/// use libzmq::{Group, MAX_GROUP_SIZE};
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let group: Group = "weather".try_into()?;
/// assert_eq!(group.to_str()?, "weather");
///
/// assert!(Group::new("x".repeat(MAX_GROUP_SIZE + 1)).is_err());
/// assert!(Group::new("no\0nul").is_err());
/// #     Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Group(CString);

impl Group {
    /// Creates a group from its name.
    ///
    /// # Errors
    /// If the name is longer than [`MAX_GROUP_SIZE`] or contains a NUL.
    pub fn new<B>(bytes: B) -> Result<Self, GroupParseError>
    where
        B: Into<Vec<u8>>,
    {
        let name =
            CString::new(bytes).map_err(|_| GroupParseError("a group has no NUL in its name"))?;
        check_length(&name)?;
        Ok(Self(name))
    }

    /// Returns the name as bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

fn check_length(name: &CStr) -> Result<(), GroupParseError> {
    const TOO_LONG: &str = if MAX_GROUP_SIZE == 255 {
        "a group's name is at most 255 bytes long"
    } else {
        "a group's name is at most 14 bytes long with this libzmq"
    };
    if name.count_bytes() <= MAX_GROUP_SIZE { Ok(()) } else { Err(GroupParseError(TOO_LONG)) }
}

impl GroupSlice {
    /// Returns the name as a C string.
    pub fn as_c_str(&self) -> &CStr {
        &self.0
    }

    /// Returns the name as text, or an error if it is not UTF-8.
    pub fn to_str(&self) -> Result<&str, Utf8Error> {
        self.0.to_str()
    }

    /// Returns the name as text, with `\u{FFFD}` in place of bytes that are not UTF-8.
    pub fn to_string_lossy(&self) -> Cow<'_, str> {
        self.0.to_string_lossy()
    }

    /// Returns the name as bytes.
    pub fn to_bytes(&self) -> &[u8] {
        self.0.to_bytes()
    }
}

impl fmt::Debug for GroupSlice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Deref for Group {
    type Target = GroupSlice;

    fn deref(&self) -> &GroupSlice {
        GroupSlice::from_c_str(&self.0)
    }
}

impl Deref for GroupSlice {
    type Target = CStr;

    fn deref(&self) -> &CStr {
        &self.0
    }
}

impl fmt::Display for GroupSlice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_string_lossy().fmt(f)
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        GroupSlice::fmt(self, f)
    }
}

/// Implements comparisons of names by their bytes, in both directions.
macro_rules! compared {
    ($($Group:ty, $bytes:ident: $($Other:ty)*;)*) => {$($(
        impl PartialEq<$Other> for $Group {
            fn eq(&self, other: &$Other) -> bool {
                self.$bytes() == AsRef::<[u8]>::as_ref(other)
            }
        }

        impl PartialEq<$Group> for $Other {
            fn eq(&self, group: &$Group) -> bool {
                group == self
            }
        }
    )*)*};
}

compared! {
    Group, as_bytes: str &str String [u8] &[u8] Vec<u8> GroupSlice &GroupSlice;
    GroupSlice, to_bytes: str &str String [u8] &[u8] Vec<u8>;
}

impl AsRef<[u8]> for GroupSlice {
    fn as_ref(&self) -> &[u8] {
        self.to_bytes()
    }
}

impl AsRef<CStr> for GroupSlice {
    fn as_ref(&self) -> &CStr {
        &self.0
    }
}

impl From<Group> for CString {
    fn from(group: Group) -> Self {
        group.0
    }
}

impl<'a> From<&'a Group> for &'a GroupSlice {
    fn from(group: &'a Group) -> Self {
        group
    }
}

impl IntoIterator for &GroupSlice {
    type Item = Self;
    type IntoIter = option::IntoIter<Self>;

    fn into_iter(self) -> Self::IntoIter {
        Some(self).into_iter()
    }
}

impl Borrow<GroupSlice> for Group {
    fn borrow(&self) -> &GroupSlice {
        self
    }
}

impl AsRef<GroupSlice> for Group {
    fn as_ref(&self) -> &GroupSlice {
        self
    }
}

impl AsRef<GroupSlice> for GroupSlice {
    fn as_ref(&self) -> &GroupSlice {
        self
    }
}

impl ToOwned for GroupSlice {
    type Owned = Group;

    fn to_owned(&self) -> Group {
        Group(self.0.to_owned())
    }
}

impl From<&GroupSlice> for Group {
    fn from(group: &GroupSlice) -> Self {
        group.to_owned()
    }
}

impl From<&Group> for Group {
    fn from(group: &Group) -> Self {
        group.clone()
    }
}

impl<'a> TryFrom<&'a CStr> for &'a GroupSlice {
    type Error = GroupParseError;

    fn try_from(name: &'a CStr) -> Result<Self, GroupParseError> {
        check_length(name)?;
        Ok(GroupSlice::from_c_str(name))
    }
}

impl TryFrom<&str> for Group {
    type Error = GroupParseError;

    fn try_from(name: &str) -> Result<Self, GroupParseError> {
        Self::new(name)
    }
}

impl TryFrom<String> for Group {
    type Error = GroupParseError;

    fn try_from(name: String) -> Result<Self, GroupParseError> {
        Self::new(name)
    }
}

impl TryFrom<&String> for Group {
    type Error = GroupParseError;

    fn try_from(name: &String) -> Result<Self, GroupParseError> {
        Self::new(name.as_str())
    }
}

impl FromStr for Group {
    type Err = GroupParseError;

    fn from_str(name: &str) -> Result<Self, GroupParseError> {
        Self::new(name)
    }
}

itself!(Group);

#[cfg(feature = "serde")]
mod with_serde {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    use super::Group;

    impl Serialize for Group {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let name = self.to_str().map_err(serde::ser::Error::custom)?;
            serializer.serialize_str(name)
        }
    }

    impl<'de> Deserialize<'de> for Group {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let name = String::deserialize(deserializer)?;
            Self::new(name).map_err(D::Error::custom)
        }
    }
}

impl<T> From<GroupParseError> for Error<T> {
    fn from(error: GroupParseError) -> Self {
        Error::invalid(error.msg(), "parse group").caused_by(error).cast_into()
    }
}
