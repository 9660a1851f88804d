//! Multipart messages.

use std::{
    cell::Cell,
    fmt,
    hash::{Hash, Hasher},
    iter, mem,
    ops::{Deref, DerefMut},
    vec,
};

use crate::{
    error::Error,
    message::Msg,
    raw::{self, Errno},
};

/// Holds a multipart message that arrived in a call that receives a single frame.
#[derive(Default)]
pub struct Unread(Cell<Option<Box<Kept>>>);

/// A multipart message that is held.
pub(crate) struct Kept {
    pub(crate) parts: Multipart,
    /// Whether a call has returned the error that reports it.
    pub(crate) reported: bool,
}

impl fmt::Debug for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unread").finish_non_exhaustive()
    }
}

impl Unread {
    pub(crate) fn put(&self, kept: Box<Kept>) {
        self.0.set(Some(kept));
    }

    #[inline]
    pub(crate) fn take(&self) -> Option<Box<Kept>> {
        self.0.take()
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        let kept = self.0.take();
        let is_empty = kept.is_none();
        self.0.set(kept);
        is_empty
    }
}

/// A multipart message: a list of frames, each a [`Msg`]. libzmq delivers all frames or none.
///
/// It dereferences to a slice of `Msg`, and compares with arrays, slices and vectors of text or
/// bytes. Frames can be added and removed at both ends in amortized constant time.
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
///
/// # C API
/// Frames that are sent with `ZMQ_SNDMORE`, and received while `ZMQ_RCVMORE` is 1
#[derive(Default)]
#[doc(alias = "zmsg")]
#[doc(alias = "ZMQ_MORE")]
pub struct Multipart {
    /// The frames of the message, after a gap of empty ones.
    slots: Vec<Msg>,
    /// The size of the gap.
    start: usize,
}

impl Multipart {
    /// Creates a message without frames. It cannot be sent before a frame is added.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a frame at the back.
    pub fn push_back(&mut self, part: impl Into<Msg>) {
        if self.slots.len() == self.slots.capacity() && self.start > self.len() {
            // A message that is used as a queue must not grow without limit.
            self.close_gap();
        }
        self.slots.push(part.into());
    }

    /// Adds a frame at the front.
    pub fn push_front(&mut self, part: impl Into<Msg>) {
        if self.start == 0 {
            self.widen_gap();
        }
        self.start -= 1;
        self.slots[self.start] = part.into();
    }

    /// Removes the last frame and returns it.
    pub fn pop_back(&mut self) -> Option<Msg> {
        if self.is_empty() { None } else { self.slots.pop() }
    }

    /// Removes the first frame and returns it.
    pub fn pop_front(&mut self) -> Option<Msg> {
        let first = mem::take(self.first_mut()?);
        self.start += 1;
        Some(first)
    }

    /// Makes a gap as long as the message, so that adding at the front seldom moves the frames.
    fn widen_gap(&mut self) {
        let gap = self.len().max(1);
        self.slots.splice(..0, iter::repeat_with(Msg::new).take(gap));
        self.start = gap;
    }

    fn close_gap(&mut self) {
        self.slots.drain(..self.start);
        self.start = 0;
    }

    /// Receives the frames after the first one. libzmq has all of them when it has the first.
    pub(crate) fn complete(first: Msg, socket: &raw::Socket) -> Result<Self, Errno> {
        let mut parts = Self::from(first);
        while parts.last_mut().is_some_and(|last| last.raw().more()) {
            let mut part = Msg::new();
            socket.recv_more(part.raw())?;
            parts.push_back(part);
        }
        Ok(parts)
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [Msg] {
        self
    }

    /// Converts the message into a vector of its frames.
    pub fn into_vec(mut self) -> Vec<Msg> {
        self.close_gap();
        self.slots
    }
}

impl Deref for Multipart {
    type Target = [Msg];

    fn deref(&self) -> &[Msg] {
        &self.slots[self.start..]
    }
}

impl DerefMut for Multipart {
    fn deref_mut(&mut self) -> &mut [Msg] {
        &mut self.slots[self.start..]
    }
}

impl Clone for Multipart {
    fn clone(&self) -> Self {
        Self::from(self.to_vec())
    }
}

impl fmt::Debug for Multipart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Multipart").field(&&**self).finish()
    }
}

impl PartialEq for Multipart {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Multipart {}

impl Hash for Multipart {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl<M: Into<Msg>> From<M> for Multipart {
    /// Creates a message of one frame.
    fn from(part: M) -> Self {
        Self { slots: vec![part.into()], start: 0 }
    }
}

/// Shares the bytes of large frames, like a clone.
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
        parts.into_vec()
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
        Self { slots: parts.into_iter().map(Into::into).collect(), start: 0 }
    }
}

impl<M: Into<Msg>> Extend<M> for Multipart {
    fn extend<I: IntoIterator<Item = M>>(&mut self, parts: I) {
        parts.into_iter().for_each(|part| self.push_back(part));
    }
}

impl IntoIterator for Multipart {
    type Item = Msg;
    type IntoIter = vec::IntoIter<Msg>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_vec().into_iter()
    }
}

impl<'a> IntoIterator for &'a Multipart {
    type Item = &'a Msg;
    type IntoIter = std::slice::Iter<'a, Msg>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<P, const N: usize> PartialEq<[P; N]> for Multipart
where
    Msg: PartialEq<P>,
{
    fn eq(&self, other: &[P; N]) -> bool {
        **self == *other
    }
}

impl<P> PartialEq<[P]> for Multipart
where
    Msg: PartialEq<P>,
{
    fn eq(&self, other: &[P]) -> bool {
        **self == *other
    }
}

impl<P> PartialEq<&[P]> for Multipart
where
    Msg: PartialEq<P>,
{
    fn eq(&self, other: &&[P]) -> bool {
        **self == **other
    }
}

impl<P> PartialEq<Vec<P>> for Multipart
where
    Msg: PartialEq<P>,
{
    fn eq(&self, other: &Vec<P>) -> bool {
        **self == **other
    }
}

impl From<Error<Multipart>> for Error {
    fn from(error: Error<Multipart>) -> Self {
        error.cast()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multipart_used_at_both_ends_keeps_its_parts_in_order() {
        let mut parts = Multipart::new();
        assert_eq!(parts.pop_front(), None);
        for number in 0..100_u8 {
            parts.push_front([number].as_slice());
            parts.push_back([number].as_slice());
        }
        assert_eq!(parts.len(), 200);
        for number in (0..100_u8).rev() {
            assert_eq!(parts.pop_front().as_deref(), Some(&[number][..]));
            assert_eq!(parts.pop_back().as_deref(), Some(&[number][..]));
        }
        assert_eq!((parts.pop_front(), parts.pop_back()), (None, None));
        assert_eq!(parts, Multipart::new());
    }

    #[test]
    fn multipart_after_pop_front_equals_one_without_the_part() {
        let mut parts = Multipart::from(["envelope", "head", "body"]);
        let _ = parts.pop_front();
        assert_eq!(parts, Multipart::from(["head", "body"]));
        assert_eq!(format!("{:?}", parts.clone()), format!("{parts:?}"));
        assert_eq!(parts.clone().into_vec(), ["head", "body"]);
        assert_eq!(parts.into_iter().collect::<Vec<_>>(), ["head", "body"]);
    }

    #[test]
    fn multipart_used_as_queue_does_not_grow() {
        let mut parts = Multipart::from(["a", "b"]);
        for _ in 0..10_000 {
            parts.push_back("c");
            let _ = parts.pop_front();
        }
        assert!(parts.slots.capacity() < 32, "{}", parts.slots.capacity());
    }

    #[test]
    fn multipart_push_front_seldom_moves_its_parts() {
        let mut parts = Multipart::from(vec![Msg::new(); 1000]);
        let mut moves = 0;
        for _ in 0..10_000 {
            let start = parts.start;
            parts.push_front("x");
            moves += usize::from(start == 0);
        }
        assert!(moves < 10, "{moves}");
    }
}
