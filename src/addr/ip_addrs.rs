//! [`IntoIpAddrs`]

use std::{
    array,
    collections::{BTreeSet, HashSet, btree_set, hash_set},
    iter,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    option, slice, vec,
};

/// One IP address or several, for programs written for `libzmq` 0.2. The lists of allowed and
/// denied peers take all of these, and [networks](super::IpNetwork), by
/// [`OneOrMany`](crate::OneOrMany). A function that is generic over this trait passes
/// `ips.into_ip_addrs()` on.
///
/// # Examples
/// ```
/// use libzmq::addr::IntoIpAddrs;
/// use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
///
/// fn count<I: IntoIpAddrs>(ips: I) -> usize {
///     ips.into_ip_addrs().count()
/// }
///
/// assert_eq!(count(Ipv4Addr::LOCALHOST), 1);
/// assert_eq!(count([Ipv6Addr::LOCALHOST]), 1);
/// assert_eq!(count(vec![IpAddr::from([127, 0, 0, 1]), IpAddr::from([10, 0, 0, 1])]), 2);
/// ```
pub trait IntoIpAddrs {
    /// The iterator over the addresses.
    type IntoIter: Iterator<Item = IpAddr>;

    /// Returns an iterator over the addresses.
    fn into_ip_addrs(self) -> Self::IntoIter;
}

macro_rules! one {
    ($($Type:ty),*) => {$(
        impl IntoIpAddrs for $Type {
            type IntoIter = option::IntoIter<IpAddr>;

            fn into_ip_addrs(self) -> Self::IntoIter {
                Some(self.into()).into_iter()
            }
        }

        impl IntoIpAddrs for &$Type {
            type IntoIter = option::IntoIter<IpAddr>;

            fn into_ip_addrs(self) -> Self::IntoIter {
                (*self).into_ip_addrs()
            }
        }
    )*};
}

one!(IpAddr, Ipv4Addr, Ipv6Addr);

/// Implements the trait for collections, by value and by reference.
macro_rules! many {
    ($([$($generics:tt)*] $Type:ty => $Iter:ty, $RefIter:ty;)*) => {$(
        impl<T: Copy + Into<IpAddr>, $($generics)*> IntoIpAddrs for $Type {
            type IntoIter = iter::Map<$Iter, fn(T) -> IpAddr>;

            fn into_ip_addrs(self) -> Self::IntoIter {
                self.into_iter().map(T::into)
            }
        }

        impl<'a, T: Copy + Into<IpAddr>, $($generics)*> IntoIpAddrs for &'a $Type {
            type IntoIter = iter::Map<iter::Copied<$RefIter>, fn(T) -> IpAddr>;

            fn into_ip_addrs(self) -> Self::IntoIter {
                self.iter().copied().map(T::into)
            }
        }
    )*};
}

many! {
    [] Vec<T> => vec::IntoIter<T>, slice::Iter<'a, T>;
    [const N: usize] [T; N] => array::IntoIter<T, N>, slice::Iter<'a, T>;
    [S] HashSet<T, S> => hash_set::IntoIter<T>, hash_set::Iter<'a, T>;
    [] BTreeSet<T> => btree_set::IntoIter<T>, btree_set::Iter<'a, T>;
}

impl<'a, T: Copy + Into<IpAddr>> IntoIpAddrs for &'a [T] {
    type IntoIter = iter::Map<iter::Copied<slice::Iter<'a, T>>, fn(T) -> IpAddr>;

    fn into_ip_addrs(self) -> Self::IntoIter {
        self.iter().copied().map(T::into)
    }
}
