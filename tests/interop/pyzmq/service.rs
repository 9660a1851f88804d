//! A service over a ROUTER takes the place of a server, and its clients in Python stay as they are.

use std::time::Instant;

use libzmq::service::Service;

use super::{BOTH, LIMIT, folder, start};
use crate::common::{context, retry, watchdog};

/// REQs and DEALERs ask at once, with `zmq` and with `zmq.asyncio`. One is killed meanwhile.
#[test]
fn service_over_router_serves_req_and_dealer() {
    let Some(folder) = folder() else { return };
    for transport in BOTH {
        let _watchdog = watchdog();
        let deadline = Instant::now() + LIMIT;
        let ctx = context();
        let service = Service::router().bind(transport.anywhere()).ctx(&ctx).build().unwrap();
        let handle = service.spawn_serving(|request| async move { request.into_body() }).unwrap();
        let endpoint = handle.endpoints()[0].to_string();
        let client = |kind, role| start(folder, kind, "connect", &endpoint, role, deadline).0;
        let mut dies = client("DEALER", "ask_together");
        retry(|| (handle.stats().delivered > 100).then_some(()));
        dies.kill();
        let clients = [
            client("REQ", "ask"),
            client("DEALER", "ask"),
            client("REQ", "ask"),
            client("DEALER", "ask_together"),
        ];
        for client in &clients {
            assert_eq!(client.line(deadline).as_deref(), Some("done"));
        }
        drop(clients);
        retry(|| (handle.stats().clients == 0).then_some(()));
        let stats = handle.stats();
        assert_eq!((stats.joined, stats.left), (2 * 8 + 3, 2 * 8 + 3));
        assert_eq!((stats.received, stats.queued_incoming), (stats.delivered, 0));
    }
}
