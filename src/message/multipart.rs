//! Messages of several parts.

use std::{
    cell::RefCell,
    ops::{Deref, DerefMut},
    vec,
};

use crate::{
    error::Error,
    message::Msg,
    raw::{self, Errno},
};

/// Where a message of several parts waits that was met where one part was asked for.
#[derive(Debug, Default)]
pub struct Unread(RefCell<Option<Multipart>>);

impl Unread {
    pub(crate) fn put(&self, parts: Multipart) {
        // Not within a borrow: the drop of what was there may run code of the user.
        drop(self.0.replace(Some(parts)));
    }

    pub(crate) fn take(&self) -> Option<Multipart> {
        self.0.take()
    }
}

/// A message of several parts: libzmq delivers all of them or none.
///
/// It is a list of [`Msg`]s: what a slice does it does too, and it compares with anything whose
/// parts compare with a `Msg`.
///
/// ```
/// use libzmq::{Msg, Multipart};
///
/// let mut parts = Multipart::from(["head", "body"]);
/// parts.push_back(vec![1, 2, 3]);
/// parts.push_front("envelope");
///
/// assert_eq!(parts.len(), 4);
/// assert_eq!(parts[1], "head");
/// assert_eq!(parts.pop_front().unwrap(), "envelope");
/// assert_eq!(parts.pop_back().unwrap(), [1, 2, 3]);
/// assert_eq!(parts, ["head", "body"]);
///
/// let sizes: Vec<usize> = parts.iter().map(|part| part.len()).collect();
/// assert_eq!(sizes, [4, 4]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Multipart(Vec<Msg>);

impl Multipart {
    /// A message without parts. It cannot be sent: a message has at least one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a part at the end.
    pub fn push_back(&mut self, part: impl Into<Msg>) {
        self.0.push(part.into());
    }

    /// Adds a part at the front.
    pub fn push_front(&mut self, part: impl Into<Msg>) {
        self.0.insert(0, part.into());
    }

    /// Takes the last part.
    pub fn pop_back(&mut self) -> Option<Msg> {
        self.0.pop()
    }

    /// Takes the first part.
    pub fn pop_front(&mut self) -> Option<Msg> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }

    /// Receives the parts that follow a first one: libzmq has them all when it has the first.
    pub(crate) fn complete(first: Msg, socket: &raw::Socket) -> Result<Self, Errno> {
        let mut parts = Self(vec![first]);
        while parts.0.last_mut().is_some_and(|last| last.raw().more()) {
            let mut part = Msg::new();
            socket.recv_more(part.raw())?;
            parts.0.push(part);
        }
        Ok(parts)
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [Msg] {
        &mut self.0
    }

    /// The parts as a vector.
    pub fn into_vec(self) -> Vec<Msg> {
        self.0
    }
}

impl Deref for Multipart {
    type Target = [Msg];

    fn deref(&self) -> &[Msg] {
        &self.0
    }
}

impl DerefMut for Multipart {
    fn deref_mut(&mut self) -> &mut [Msg] {
        &mut self.0
    }
}

impl<M: Into<Msg>> From<M> for Multipart {
    /// A message of one part.
    fn from(part: M) -> Self {
        Self(vec![part.into()])
    }
}

/// Shares the bytes of large parts, as a clone does.
impl From<&Multipart> for Multipart {
    fn from(parts: &Multipart) -> Self {
        parts.clone()
    }
}

impl<M: Into<Msg> + Clone> From<&[M]> for Multipart {
    fn from(parts: &[M]) -> Self {
        parts.iter().cloned().collect()
    }
}

impl<M: Into<Msg> + Clone, const N: usize> From<&[M; N]> for Multipart {
    fn from(parts: &[M; N]) -> Self {
        parts.iter().cloned().collect()
    }
}

impl<M: Into<Msg> + Clone> From<&Vec<M>> for Multipart {
    fn from(parts: &Vec<M>) -> Self {
        parts.iter().cloned().collect()
    }
}

impl From<Multipart> for Vec<Msg> {
    fn from(parts: Multipart) -> Self {
        parts.0
    }
}

impl<M: Into<Msg>> From<Vec<M>> for Multipart {
    fn from(parts: Vec<M>) -> Self {
        parts.into_iter().collect()
    }
}

impl<M: Into<Msg>, const N: usize> From<[M; N]> for Multipart {
    fn from(parts: [M; N]) -> Self {
        parts.into_iter().collect()
    }
}

impl<M: Into<Msg>> FromIterator<M> for Multipart {
    fn from_iter<I: IntoIterator<Item = M>>(parts: I) -> Self {
        Self(parts.into_iter().map(Into::into).collect())
    }
}

impl<M: Into<Msg>> Extend<M> for Multipart {
    fn extend<I: IntoIterator<Item = M>>(&mut self, parts: I) {
        self.0.extend(parts.into_iter().map(Into::into));
    }
}

impl IntoIterator for Multipart {
    type Item = Msg;
    type IntoIter = vec::IntoIter<Msg>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Multipart {
    type Item = &'a Msg;
    type IntoIter = std::slice::Iter<'a, Msg>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<P, const N: usize> PartialEq<[P; N]> for Multipart
where
    Msg: PartialEq<P>,
{
    fn eq(&self, other: &[P; N]) -> bool {
        self.0 == *other
    }
}

impl<P> PartialEq<[P]> for Multipart
where
    Msg: PartialEq<P>,
{
    fn eq(&self, other: &[P]) -> bool {
        self.0 == *other
    }
}

impl<P> PartialEq<&[P]> for Multipart
where
    Msg: PartialEq<P>,
{
    fn eq(&self, other: &&[P]) -> bool {
        self.0 == **other
    }
}

impl<P> PartialEq<Vec<P>> for Multipart
where
    Msg: PartialEq<P>,
{
    fn eq(&self, other: &Vec<P>) -> bool {
        self.0 == *other
    }
}

impl From<Error<Multipart>> for Error {
    fn from(error: Error<Multipart>) -> Self {
        error.cast()
    }
}
