//! Services: threads with their own sockets in a context, which end before the context terminates.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::CtxHandle;
use crate::raw::{GENERATIONS, PerProcess};

/// A service, and the function that ends it.
struct Service {
    number: u64,
    ctx: CtxHandle,
    end: Box<dyn FnOnce() + Send>,
}

struct Services {
    list: Vec<Service>,
    registered: u64,
}

/// A forked child has none of its parent's threads, so it has none of the services.
static SERVICES: PerProcess<Mutex<Services>> = PerProcess::new(
    [const { Mutex::new(Services { list: Vec::new(), registered: 0 }) }; GENERATIONS],
);

fn services() -> MutexGuard<'static, Services> {
    SERVICES.get().lock().unwrap_or_else(PoisonError::into_inner)
}

/// A registered service. Dropping it removes the service from the register.
pub(crate) struct Registration(u64);

impl Drop for Registration {
    fn drop(&mut self) {
        let mut services = services();
        let found = services.list.iter().position(|service| service.number == self.0);
        let ended = found.map(|index| services.list.swap_remove(index));
        // Without the lock, because dropping `end` runs code of the service.
        drop(services);
        drop(ended);
    }
}

impl CtxHandle {
    /// Registers a service. The termination of the context calls `end` first, which blocks until
    /// the service has closed its sockets. They do not count as open.
    pub(crate) fn register_service(self, end: impl FnOnce() + Send + 'static) -> Registration {
        let mut services = services();
        services.registered += 1;
        let number = services.registered;
        services.list.push(Service { number, ctx: self, end: Box::new(end) });
        Registration(number)
    }

    /// Ends all services of the context.
    pub(super) fn end_services(self) {
        let mut services = services();
        let (ending, others): (Vec<_>, _) =
            std::mem::take(&mut services.list).into_iter().partition(|known| known.ctx == self);
        services.list = others;
        // Without the lock, because a service that ends removes itself from the register.
        drop(services);
        for service in ending {
            (service.end)();
        }
    }
}
