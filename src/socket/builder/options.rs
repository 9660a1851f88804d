//! A method of the builder for each option that it can hold.

use super::Builder;
use crate::{
    option::{SocketOption, TakenBy, opt, option_table},
    socket::Socket,
};

macro_rules! methods {
    ($(
        $(#[$doc:meta])*
        $option:ident $name:ident = $constant:ident: $codec:ty, [$($access:ident)*], $takers:tt;
    )*) => {
        $(method!([$($access)*] $option $name, $(#[$doc])*);)*
    };
}

macro_rules! method {
    ([] $option:ident $name:ident, $(#[$doc:meta])*) => {};
    ([get $($rest:ident)*] $($option:tt)*) => { method!([$($rest)*] $($option)*); };
    // Set or build.
    ([$access:ident $($rest:ident)*] $option:ident $name:ident, $(#[$doc:meta])*) => {
        impl<S: Socket> Builder<S> {
            $(#[$doc])*
            #[doc = concat!(
                "\n\nSets the option [`opt::", stringify!($option), "`](crate::opt::",
                stringify!($option), "); a value that it refuses fails the build."
            )]
            pub fn $name(
                &mut self,
                value: impl Into<<opt::$option as SocketOption>::Value>,
            ) -> &mut Self
            where
                opt::$option: TakenBy<S>,
            {
                self.option(opt::$option, value)
            }
        }
    };
}

option_table!(methods);
