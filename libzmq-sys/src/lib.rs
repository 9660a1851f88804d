//! The raw C declarations of libzmq 4.3.5 with its draft API.
#![allow(non_camel_case_types, missing_docs)]

mod bindings { pub mod all; }
mod errno;
mod types;
pub use bindings::all::*;
pub use errno::*;
pub use types::*;

#[cfg(test)]
mod tests {
    #[test]
    fn links() { unsafe { assert_eq!(crate::zmq_has(c"draft".as_ptr()), 1); } }
}
