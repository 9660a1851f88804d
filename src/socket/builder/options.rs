//! The builder's methods, one for each option that can be set.

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
                stringify!($option), "). If the value is refused, `build` returns the error."
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
