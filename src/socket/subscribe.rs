//! Subscribing in the builder: one topic or many.

use super::Socket;
use crate::{
    socket::builder::Builder,
    util::{OneOrMany, one},
};

/// Socket types that subscribe to topics: [`Sub`](crate::Sub) and [`XSub`](crate::XSub).
pub trait Subscribes: Socket {}

impl<S: Subscribes> Builder<S> {
    /// Adds topics to subscribe to. Text or bytes are one topic; a list has any number.
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
        T: OneOrMany<Topic, M>,
    {
        let topics = self.collect(topics);
        self.interests.extend(topics.into_iter().map(|Topic(bytes)| bytes));
        self
    }
}

/// A topic: the bytes that the first frame of a matching message begins with.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Topic(Vec<u8>);

impl Topic {
    /// Returns the topic as bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl<B: AsRef<[u8]>> From<B> for Topic {
    fn from(bytes: B) -> Self {
        Self(bytes.as_ref().to_vec())
    }
}

// Bytes are one topic, not a list of topics of one byte.
one! {
    [] &str => Topic;
    [] String => Topic;
    [] &String => Topic;
    [] &[u8] => Topic;
    [const N: usize] &[u8; N] => Topic;
    [const N: usize] [u8; N] => Topic;
    [] Vec<u8> => Topic;
    [] &Vec<u8> => Topic;
}
