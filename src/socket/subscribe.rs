//! The topics that subscribers begin with: one or many.

use super::Socket;
use crate::socket::builder::Builder;

/// Sockets that subscribe to topics: [`Sub`](crate::Sub) and [`XSub`](crate::XSub).
pub trait Subscribes: Socket {}

impl<S: Subscribes> Builder<S> {
    /// The topics to subscribe to: text or bytes are one topic, a list has any number.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let sub = SubBuilder::new().subscribe("weather.").subscribe(["sport.", "news."]).build()?;
    /// assert_eq!(sub.get(opt::TopicsCount)?, 3);
    ///
    /// let sub = SubBuilder::new().subscribe(b"\x01\xff").subscribe(vec![[1, 2], [3, 4]]).build()?;
    /// assert_eq!(sub.get(opt::TopicsCount)?, 3);
    /// #     Ok(())
    /// # }
    /// ```
    pub fn subscribe<T, M>(&mut self, topics: T) -> &mut Self
    where
        T: IntoTopics<M>,
    {
        self.interests.extend(topics.into_topics());
        self
    }
}

/// One topic, or an iterator of them. `M` is inferred: it tells the compiler one from many.
pub trait IntoTopics<M> {
    /// The topics.
    fn into_topics(self) -> Vec<Vec<u8>>;
}

/// Marks text or bytes, which are one topic.
#[derive(Debug)]
pub enum One {}

/// Marks an iterator of topics.
#[derive(Debug)]
pub enum Many {}

impl IntoTopics<One> for &str {
    fn into_topics(self) -> Vec<Vec<u8>> {
        vec![self.into()]
    }
}

impl IntoTopics<One> for String {
    fn into_topics(self) -> Vec<Vec<u8>> {
        vec![self.into()]
    }
}

/// One topic: bytes are no topics in themselves.
impl IntoTopics<One> for &[u8] {
    fn into_topics(self) -> Vec<Vec<u8>> {
        vec![self.into()]
    }
}

impl<const N: usize> IntoTopics<One> for &[u8; N] {
    fn into_topics(self) -> Vec<Vec<u8>> {
        vec![self.into()]
    }
}

impl<const N: usize> IntoTopics<One> for [u8; N] {
    fn into_topics(self) -> Vec<Vec<u8>> {
        vec![self.into()]
    }
}

impl IntoTopics<One> for Vec<u8> {
    fn into_topics(self) -> Vec<Vec<u8>> {
        vec![self]
    }
}

impl IntoTopics<One> for &Vec<u8> {
    fn into_topics(self) -> Vec<Vec<u8>> {
        vec![self.clone()]
    }
}

impl IntoTopics<One> for &String {
    fn into_topics(self) -> Vec<Vec<u8>> {
        vec![self.as_bytes().into()]
    }
}

impl<I, T> IntoTopics<Many> for I
where
    I: IntoIterator<Item = T>,
    T: AsRef<[u8]>,
{
    fn into_topics(self) -> Vec<Vec<u8>> {
        self.into_iter().map(|topic| topic.as_ref().to_vec()).collect()
    }
}
