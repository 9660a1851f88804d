//! The end of the global context, and its replacement.

#[path = "../common/mod.rs"]
mod common;

use std::sync::{Mutex, PoisonError};

use common::{
    site::{Site, user},
    used_by_handle, watchdog,
};
use libzmq::{auth::*, prelude::*, *};

/// A test holds it while it ends the global context, of which there is one.
static GLOBAL: Mutex<()> = Mutex::new(());

#[test]
fn terminated_global_context_is_replaced_on_the_next_use() {
    let _global = GLOBAL.lock().unwrap_or_else(PoisonError::into_inner);
    let _watchdog = watchdog();
    let first = Ctx::global();
    assert_eq!(first, Ctx::global());

    let client = Client::new().unwrap();
    assert_eq!(client.ctx(), first);
    assert_eq!(Ctx::terminate_global().unwrap_err().kind(), ErrorKind::WouldBlock);
    assert_eq!(Ctx::global(), first);
    client.bind("tcp://127.0.0.1:*").unwrap();

    drop(client);
    let _auth = auth::AuthClient::new().unwrap();
    used_by_handle(first, Ctx::terminate_global).unwrap();
    Ctx::terminate_global().unwrap();
    let second = Ctx::global();
    assert_ne!(first, second);
    assert_eq!(Client::with_ctx(first).unwrap_err().kind(), ErrorKind::InvalidCtx);
    assert_eq!(Client::new().unwrap().ctx(), second);
}

#[test]
fn replaced_global_context_has_a_new_auth_handler() {
    let _global = GLOBAL.lock().unwrap_or_else(PoisonError::into_inner);
    let _watchdog = watchdog();
    for name in ["first", "second"] {
        let _ = AuthBuilder::new().plain_registry(user(name, "1")).build().unwrap();
        let site = Site {
            ctx: Ctx::new(),
            server: ServerBuilder::new()
                .bind("tcp://127.0.0.1:*")
                .mechanism(Mechanism::PlainServer)
                .build()
                .unwrap(),
        };
        assert_eq!(site.accepts(user(name, "1")).user_id(), Some(name));
        if name == "second" {
            site.refuses(user("first", "1"));
        }
        drop(site);
        Ctx::terminate_global().unwrap();
    }
}
