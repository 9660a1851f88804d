//! What lets one value be given where a list is expected.

/// Makes a type an iterator over itself, by value and by reference.
macro_rules! once {
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

pub(crate) use once;
