//! Arguments that are one value or a list of values.
//!
//! Typed values are iterators over themselves (`itself!`), so a method that takes a list also takes
//! one of them. Text and bytes are not; a method that takes them has an argument [`OneOrMany`].

use crate::error::Error;

/// An argument that is one value or an iterator of values, which convert into `T`.
///
/// The compiler infers `M`, which says whether it is one value or many.
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
    /// Converts the argument into a list.
    ///
    /// # Errors
    /// The error of the first value that does not convert.
    fn into_list(self) -> Result<Vec<T>, Error>;
}

/// The marker of text and bytes, which are one value.
#[derive(Debug)]
pub enum One {}

/// The marker of iterators of values.
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

/// Implements [`OneOrMany`] for types that are one value.
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
