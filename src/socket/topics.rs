//! One topic or many, for the builders of subscribers.

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

impl<I, T> IntoTopics<Many> for I
where
    I: IntoIterator<Item = T>,
    T: AsRef<[u8]>,
{
    fn into_topics(self) -> Vec<Vec<u8>> {
        self.into_iter().map(|topic| topic.as_ref().to_vec()).collect()
    }
}
