//! Ending the connection to one peer.

use std::{thread, time::Duration};

use libzmq::prelude::*;

use crate::common::{Transport, context, fill, greet, pair, retry, watchdog};

const SOON: Duration = Duration::from_secs(20);

#[test]
fn disconnected_client_gets_what_was_queued_and_the_others_stay() {
    let _watchdog = watchdog();
    for &transport in Transport::EVERY {
        let pair = pair(transport);
        let endpoint = pair.server.last_endpoint().unwrap();
        let other = ClientBuilder::new().connect(endpoint).with_ctx(pair.ctx.handle()).unwrap();
        let (id, other_id) = (pair.greet(), greet(&pair.server, &other));
        pair.client.send("unread").unwrap();

        let last = Msg::from(vec![7; 300_000]);
        for _ in 0..20 {
            pair.server.route(&last, id).unwrap();
        }
        pair.server.disconnect_peer(id).unwrap();
        for error in [
            pair.server.route("late", id).unwrap_err().cast(),
            pair.server.try_route("late", id).unwrap_err().cast(),
            pair.server.disconnect_peer(id).unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::HostUnreachable, "{transport:?}");
        }
        for _ in 0..20 {
            assert_eq!(pair.client.recv_msg().unwrap(), last, "{transport:?}");
        }

        pair.server.route("still here", other_id).unwrap();
        assert_eq!(other.recv_msg().unwrap(), "still here");
        if transport != Transport::Inproc {
            let again = retry(|| {
                let _ = pair.client.try_send("again");
                pair.server.recv_msg_timeout(Duration::from_millis(50)).unwrap()
            });
            assert_eq!(again, "again", "{transport:?}");
            assert_ne!(again.routing_id(), Some(id));
        }
    }
}

#[test]
fn disconnected_peer_is_gone_on_both_sides_of_the_connection() {
    let _watchdog = watchdog();
    for &transport in Transport::EVERY {
        let ctx = context();
        let alice = PeerBuilder::new()
            .option(opt::DisconnectMessage, "gone")
            .bind(transport.anywhere())
            .with_ctx(ctx.handle())
            .unwrap();
        let bob = PeerBuilder::new().with_ctx(ctx.handle()).unwrap();
        let to_alice = bob.connect_peer(alice.last_endpoint().unwrap()).unwrap();
        bob.route("hello", to_alice).unwrap();
        let to_bob = alice.recv_msg().unwrap().routing_id().unwrap();

        // The side that made the connection ends it, and the other learns of that.
        bob.disconnect_peer(to_alice).unwrap();
        assert_eq!(alice.recv_msg_timeout(SOON).unwrap().unwrap(), "gone", "{transport:?}");
        retry(|| {
            let error = alice.try_route("late", to_bob).err()?;
            (error.kind() == ErrorKind::HostUnreachable).then_some(())
        });
        let error = bob.try_route("late", to_alice).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HostUnreachable, "{transport:?}");
        // Nothing connects anew.
        assert_eq!(alice.recv_msg_timeout(Duration::from_millis(150)).unwrap(), None);
    }
}

#[test]
fn thread_that_blocks_in_a_send_to_a_disconnected_peer_is_released() {
    let _watchdog = watchdog();
    let pair = pair(Transport::Tcp);
    let id = pair.greet();
    let big = Msg::from(vec![0; 1 << 20]);
    fill(&pair.server, id, &big);
    thread::scope(|scope| {
        let sender = scope.spawn(|| pair.server.route(&big, id).unwrap_err().kind());
        thread::sleep(Duration::from_millis(50));
        pair.server.disconnect_peer(id).unwrap();
        assert_eq!(sender.join().unwrap(), ErrorKind::HostUnreachable);
    });
}

#[test]
fn disconnect_of_an_unknown_peer_is_host_unreachable() {
    let _watchdog = watchdog();
    let id = RoutingId::new(12345).unwrap();
    let ctx = context();
    let server = Server::with_ctx(ctx.handle()).unwrap();
    let peer = Peer::with_ctx(ctx.handle()).unwrap();
    for error in [server.disconnect_peer(id), peer.disconnect_peer(id)].map(Result::unwrap_err) {
        assert_eq!(error.kind(), ErrorKind::HostUnreachable);
        assert_eq!(error.text(), Some("12345"));
    }
    ctx.shutdown();
    for error in [server.disconnect_peer(id), peer.disconnect_peer(id)].map(Result::unwrap_err) {
        assert_eq!(error.kind(), ErrorKind::InvalidCtx);
    }
}
