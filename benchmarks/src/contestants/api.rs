//! The functions of a libzmq, either the one that this program links or one that it loads.

use std::ffi::{OsStr, c_char, c_int, c_void};

use libloading::Library;
use libzmq_sys as sys;

/// Declares [`Api`] from the functions' names and types, which are those of `libzmq_sys`.
macro_rules! api {
    ($($name:ident($($argument:ty),*) -> $result:ty;)*) => {
        /// The C functions that the benchmarks call.
        pub struct Api {
            $(pub $name: unsafe extern "C" fn($($argument),*) -> $result,)*
            _library: Option<Library>,
        }

        impl Api {
            /// This crate's libzmq.
            pub fn linked() -> Self {
                Self { $($name: sys::$name,)* _library: None }
            }

            /// The libzmq in a shared library.
            ///
            /// Its symbols do not mix with the linked ones: the loader keeps them local, and the
            /// linked libzmq exports none.
            pub fn load(path: &OsStr) -> Result<Self, libloading::Error> {
                // SAFETY: libzmq runs no code that could harm when it is loaded, and its functions
                // have the types of the same header that `libzmq_sys` declares.
                unsafe {
                    let library = Library::new(path)?;
                    Ok(Self {
                        $($name: *library.get(concat!(stringify!($name), "\0").as_bytes())?,)*
                        _library: Some(library),
                    })
                }
            }
        }
    };
}

api! {
    zmq_bind(*mut c_void, *const c_char) -> c_int;
    zmq_close(*mut c_void) -> c_int;
    zmq_connect(*mut c_void, *const c_char) -> c_int;
    zmq_connect_peer(*mut c_void, *const c_char) -> u32;
    zmq_ctx_new() -> *mut c_void;
    zmq_ctx_term(*mut c_void) -> c_int;
    zmq_errno() -> c_int;
    zmq_join(*mut c_void, *const c_char) -> c_int;
    zmq_msg_close(*mut sys::zmq_msg_t) -> c_int;
    zmq_msg_data(*mut sys::zmq_msg_t) -> *mut c_void;
    zmq_msg_init(*mut sys::zmq_msg_t) -> c_int;
    zmq_msg_init_size(*mut sys::zmq_msg_t, usize) -> c_int;
    zmq_msg_recv(*mut sys::zmq_msg_t, *mut c_void, c_int) -> c_int;
    zmq_msg_routing_id(*mut sys::zmq_msg_t) -> u32;
    zmq_msg_send(*mut sys::zmq_msg_t, *mut c_void, c_int) -> c_int;
    zmq_msg_set_group(*mut sys::zmq_msg_t, *const c_char) -> c_int;
    zmq_msg_set_routing_id(*mut sys::zmq_msg_t, u32) -> c_int;
    zmq_msg_size(*const sys::zmq_msg_t) -> usize;
    zmq_setsockopt(*mut c_void, c_int, *const c_void, usize) -> c_int;
    zmq_socket(*mut c_void, c_int) -> *mut c_void;
}
