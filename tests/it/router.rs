//! `Router::has_room_for`.

use libzmq::{prelude::*, *};

use crate::common::{Transport, retry, until, watchdog};

/// Before the peer connects, until its queue is full, and after it has disconnected.
#[test]
fn router_has_room_for_reports_full_queues_and_missing_peers() -> Result<(), Error> {
    let _watchdog = watchdog();
    for transport in Transport::COMMON {
        let router =
            RouterBuilder::new().bind(transport.anywhere()).mandatory(true).send_hwm(1).build()?;
        let worker = Identity::new("worker")?;
        assert_eq!(
            router.has_room_for(&worker).unwrap_err().kind(),
            ErrorKind::HostUnreachable,
            "{transport:?}"
        );

        let dealer = DealerBuilder::new()
            .routing_identity("worker")
            .recv_hwm(1)
            .connect(router.last_endpoint()?)
            .build()?;
        assert!(retry(|| router.has_room_for(&worker).ok()), "{transport:?}");

        // The kernel buffers some messages, and not all at once.
        until(|| {
            while router.try_route(vec![Msg::from(vec![0; 100_000])], &worker).is_ok() {}
            !router.has_room_for(&worker).unwrap()
        });

        until(|| dealer.try_recv_multipart().is_ok() && router.has_room_for(&worker).unwrap());

        drop(dealer);
        until(|| {
            let room = router.has_room_for(&worker);
            room.is_err_and(|error| error.kind() == ErrorKind::HostUnreachable)
        });
    }
    Ok(())
}
