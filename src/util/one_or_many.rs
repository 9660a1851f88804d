//! Arguments that are one value or any number of them.
//!
//! Typed values are iterators over themselves (`itself!`), so a list is all that a method needs to
//! take. Text and bytes are no such iterators: a method that takes them too asks for [`OneOrMany`].

use crate::error::Error;

/// One value, or an iterator of values, that convert into `T`.
///
/// The compiler infers `M`, which tells one value from many.
///
/// ```
/// use libzmq::prelude::*;
///
/// # fn main() -> Result<(), anyhow::Error> {
/// ServerBuilder::new().bind("inproc://one").build()?;
/// ServerBuilder::new().bind(["inproc://first", "inproc://second"]).build()?;
/// ServerBuilder::new().bind(InprocAddr::new_unique()).build()?;
/// #     Ok(())
/// # }
/// ```
pub trait OneOrMany<T, M> {
    /// The values.
    ///
    /// # Errors
    /// That of the first value which does not convert.
    fn into_list(self) -> Result<Vec<T>, Error>;
}

/// Marks text and bytes, which are one value.
#[derive(Debug)]
pub enum One {}

/// Marks an iterator of values.
#[derive(Debug)]
pub enum Many {}

impl<I, E, T> OneOrMany<T, Many> for I
where
    I: IntoIterator<Item = E>,
    E: TryInto<T>,
    E::Error: Into<Error>,
{
    fn into_list(self) -> Result<Vec<T>, Error> {
        self.into_iter().map(|value| value.try_into().map_err(Into::into)).collect()
    }
}

/// Types that are one value, for what they convert into.
macro_rules! one {
    ($([$($generic:tt)*] $one:ty => $T:ty;)*) => {$(
        impl<$($generic)*> $crate::util::OneOrMany<$T, $crate::util::One> for $one {
            fn into_list(self) -> Result<Vec<$T>, $crate::Error> {
                Ok(vec![<$T>::try_from(self)?])
            }
        }
    )*};
}

/// Makes a type an iterator over itself, by value and by reference.
macro_rules! itself {
    ($Type:ident) => {
        impl IntoIterator for $Type {
            type Item = Self;
            type IntoIter = std::option::IntoIter<Self>;

            fn into_iter(self) -> Self::IntoIter {
                Some(self).into_iter()
            }
        }

        impl IntoIterator for &$Type {
            type Item = Self;
            type IntoIter = std::option::IntoIter<Self>;

            fn into_iter(self) -> Self::IntoIter {
                Some(self).into_iter()
            }
        }
    };
}

pub(crate) use {itself, one};
