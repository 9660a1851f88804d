use crate::{addr::Endpoint, error::Error};

/// One endpoint, or an iterator of them, each a typed address, an [`Endpoint`] or text.
///
/// `M` is inferred: it tells the compiler one from many.
pub trait IntoEndpoints<M> {
    /// The endpoints, or what is wrong with the first malformed one.
    fn into_endpoints(self) -> Result<Vec<Endpoint>, Error>;
}

/// Marks text, which is one endpoint.
#[derive(Debug)]
pub enum One {}

/// Marks an iterator of endpoints. A typed address is one: it yields itself.
#[derive(Debug)]
pub enum Many {}

impl<I, E> IntoEndpoints<Many> for I
where
    I: IntoIterator<Item = E>,
    E: TryInto<Endpoint>,
    E::Error: Into<Error>,
{
    fn into_endpoints(self) -> Result<Vec<Endpoint>, Error> {
        self.into_iter().map(|endpoint| endpoint.try_into().map_err(Into::into)).collect()
    }
}

macro_rules! text {
    ($($text:ty),*) => {$(
        impl IntoEndpoints<One> for $text {
            fn into_endpoints(self) -> Result<Vec<Endpoint>, Error> {
                Ok(vec![Endpoint::try_from(self)?])
            }
        }
    )*};
}

text!(&str, String, &String);
