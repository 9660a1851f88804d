//! Binding and connecting.

use std::{
    ffi::CStr,
    sync::{MutexGuard, PoisonError, RwLockReadGuard, atomic::Ordering},
};

use libc::{c_int, c_void};
use libzmq_sys as sys;

use super::{DeferDrops, Errno, Size, Socket, call, uninterrupted};

/// Whether libzmq can end the connection to one peer.
pub(crate) const DISCONNECTS_PEERS: bool = cfg!(zmq_has = "disconnect_peer");

/// Whether libzmq has our patches.
const PATCHED: bool = cfg!(zmq_has = "patches");

impl Socket {
    /// Binds to the endpoint.
    pub(crate) fn bind(&self, endpoint: &CStr) -> Result<(), Errno> {
        self.bind_and(endpoint, || Ok(()))
    }

    /// Binds to the endpoint, and returns the real endpoint as text of C.
    pub(crate) fn bind_endpoint(&self, endpoint: &CStr) -> Result<Vec<u8>, Errno> {
        self.bind_and(endpoint, || self.get_now(sys::ZMQ_LAST_ENDPOINT as c_int, Size::Any))
    }

    fn bind_and<V>(
        &self,
        endpoint: &CStr,
        then: impl Fn() -> Result<V, Errno>,
    ) -> Result<V, Errno> {
        let call = |pointer| {
            // SAFETY: an open socket and a valid string, zmq_bind(3).
            call(|| unsafe { sys::zmq_bind(pointer, endpoint.as_ptr()) })?;
            then()
        };
        if is_datagram(endpoint) {
            return self.attach_datagram(endpoint, call);
        }
        let _family = self.own_family();
        self.attach(endpoint, call)
    }

    /// Connects to the endpoint.
    pub(crate) fn connect(&self, endpoint: &CStr) -> Result<(), Errno> {
        let call = |pointer| {
            // SAFETY: an open socket and a valid string, zmq_connect(3).
            call(|| unsafe { sys::zmq_connect(pointer, endpoint.as_ptr()) }).map(drop)
        };
        if !is_datagram(endpoint) {
            let _family = self.own_family();
            return self.attach(endpoint, call);
        }
        self.datagrams.store(true, Ordering::Relaxed);
        self.attach_datagram(endpoint, call)
    }

    /// Connects to the endpoint, and has libzmq publish the events of the connection at an inproc
    /// endpoint.
    #[cfg(zmq_has = "patches")]
    pub(crate) fn connect_watched(&self, endpoint: &CStr, watch: &CStr) -> Result<(), Errno> {
        self.attach(endpoint, |pointer| {
            let (endpoint, watch) = (endpoint.as_ptr(), watch.as_ptr());
            // SAFETY: an open socket and two valid strings, which C copies.
            call(|| unsafe { sys::zmq_connect_watched(pointer, endpoint, watch) }).map(drop)
        })
    }

    /// Has C publish nothing there any more, and disconnects the connection unless it is to stay.
    #[cfg(zmq_has = "patches")]
    pub(crate) fn stop_watching(&self, watch: &CStr, disconnect: bool) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        let disconnect = c_int::from(disconnect);
        // SAFETY: an open socket and a valid string, used as by zmq_disconnect(3): by one thread
        // at a time unless the socket is thread-safe.
        call(|| unsafe { sys::zmq_stop_watching(pointer, watch.as_ptr(), disconnect) }).map(drop)
    }

    /// Only our patches can.
    #[cfg(not(zmq_has = "patches"))]
    pub(crate) fn connect_watched(&self, _endpoint: &CStr, _watch: &CStr) -> Result<(), Errno> {
        Err(Errno::INVALID)
    }

    /// Only our patches can.
    #[cfg(not(zmq_has = "patches"))]
    pub(crate) fn stop_watching(&self, _watch: &CStr, _disconnect: bool) -> Result<(), Errno> {
        Ok(())
    }

    fn attach<V>(
        &self,
        endpoint: &CStr,
        call: impl Fn(*mut c_void) -> Result<V, Errno>,
    ) -> Result<V, Errno> {
        let pointer = self.pointer()?;
        // One thread at a time, because each call changes the last endpoint. Dropping an owner may
        // take the lock, so defer it.
        let _deferred = DeferDrops::new();
        let _turn = self.attaching.lock().unwrap_or_else(PoisonError::into_inner);
        *self.attached() += 1;
        if endpoint.to_bytes().starts_with(b"inproc://") {
            self.inproc.store(true, Ordering::Relaxed);
        }
        let done = uninterrupted(|| call(pointer));
        if done.is_err() {
            *self.attached() -= 1;
        }
        done
    }

    fn attached(&self) -> MutexGuard<'_, usize> {
        self.attached.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Binds or connects to a udp endpoint. A libzmq without our patches creates an IPv6 socket if
    /// the option for IPv6 is on, also for an IPv4 address, and then no datagrams arrive. There
    /// this switches the option off during the call.
    fn attach_datagram<V>(
        &self,
        endpoint: &CStr,
        call: impl Fn(*mut c_void) -> Result<V, Errno>,
    ) -> Result<V, Errno> {
        if PATCHED || endpoint.to_bytes().contains(&b'[') {
            return self.attach(endpoint, call);
        }
        let _deferred = DeferDrops::new();
        let _alone = self.family.write().unwrap_or_else(PoisonError::into_inner);
        if self.get_int(sys::ZMQ_IPV6)? == 0 {
            return self.attach(endpoint, call);
        }
        self.set_now(sys::ZMQ_IPV6 as c_int, &c_int::from(false).to_ne_bytes())?;
        let done = self.attach(endpoint, call);
        // It fails only after the context was shut down, when the option does not matter.
        let _ = self.set_now(sys::ZMQ_IPV6 as c_int, &c_int::from(true).to_ne_bytes());
        done
    }

    /// Locks the option for IPv6, so that it has the value that the user has set.
    pub(super) fn own_family(&self) -> Option<(RwLockReadGuard<'_, ()>, DeferDrops)> {
        // In this order, so that owners are dropped after the lock is released.
        (!PATCHED).then(|| {
            let deferred = DeferDrops::new();
            (self.family.read().unwrap_or_else(PoisonError::into_inner), deferred)
        })
    }

    /// Connects to the endpoint and returns the routing id of the new peer.
    pub(crate) fn connect_peer(&self, endpoint: &CStr) -> Result<u32, Errno> {
        self.attach(endpoint, |pointer| {
            // Defer until the error is read.
            let _deferred = DeferDrops::new();
            // SAFETY: an open socket and a valid string, zmq_connect_peer(3). It returns zero after
            // an error.
            match unsafe { sys::zmq_connect_peer(pointer, endpoint.as_ptr()) } {
                0 => Err(Errno::last()),
                id => Ok(id),
            }
        })
    }

    /// Ends the connection to the peer that has that routing id.
    pub(crate) fn disconnect_peer(&self, id: u32) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        #[cfg(zmq_has = "disconnect_peer")]
        // SAFETY: an open socket; C looks the number up, and says so if nothing has it.
        let done = call(|| unsafe { sys::zmq_disconnect_peer(pointer, id) }).map(drop);
        #[cfg(not(zmq_has = "disconnect_peer"))]
        let done = {
            let _ = (pointer, id);
            Err(Errno::INVALID)
        };
        done
    }

    /// Sets an option that must be set before the socket is bound or connected. Returns `None` if
    /// it was bound or connected.
    pub(crate) fn set_unattached(&self, option: c_int, value: &[u8]) -> Option<Result<(), Errno>> {
        let _deferred = DeferDrops::new();
        let attached = self.attached();
        (*attached == 0).then(|| self.set(option, value))
    }
}

fn is_datagram(endpoint: &CStr) -> bool {
    endpoint.to_bytes().starts_with(b"udp://")
}
