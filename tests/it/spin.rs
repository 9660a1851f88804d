//! Receives that spin before they block.

use std::{
    thread,
    time::{Duration, Instant},
};

use libzmq::prelude::*;

use crate::common::{Transport, watchdog};

/// Longer than a test may take.
const ENDLESS: Duration = Duration::from_secs(3600);
const SOON: Duration = Duration::from_secs(30);
const TIMEOUT: Duration = Duration::from_millis(60);

/// A spin that ends before the timeout, and one that does not.
const SPINS: [Duration; 2] = [Duration::from_millis(5), ENDLESS];

fn pull(spin: Duration) -> Pull {
    PullBuilder::new().spin(spin).bind("tcp://127.0.0.1:*").build().unwrap()
}

fn server(spin: Duration) -> Server {
    ServerBuilder::new().spin(spin).bind("tcp://127.0.0.1:*").build().unwrap()
}

fn times_out<T: std::fmt::Debug>(receive: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let received = receive();
    assert!(start.elapsed() >= TIMEOUT, "{:?}", start.elapsed());
    assert!(start.elapsed() < TIMEOUT + SOON, "{:?}", start.elapsed());
    received
}

#[test]
fn receive_that_spins_times_out_after_its_period() {
    let _watchdog = watchdog();
    for spin in SPINS {
        let (pull, server) = (pull(spin), server(spin));
        assert_eq!(times_out(|| pull.recv_msg_timeout(TIMEOUT)).unwrap(), None);
        assert_eq!(times_out(|| pull.recv_multipart_timeout(TIMEOUT)).unwrap(), None);
        assert_eq!(times_out(|| server.recv_msg_timeout(TIMEOUT)).unwrap(), None);
        pull.set_recv_timeout(TIMEOUT).unwrap();
        server.set_recv_timeout(TIMEOUT).unwrap();
        assert!(times_out(|| pull.recv_msg()).unwrap_err().is_timeout());
        assert!(times_out(|| pull.recv_many(&mut Vec::new(), 2)).unwrap_err().is_timeout());
        assert!(times_out(|| server.recv_msg()).unwrap_err().is_timeout());
        assert_eq!(pull.recv_timeout().unwrap(), TIMEOUT.into());
    }
}

#[test]
fn receive_that_does_not_block_does_not_spin() {
    let _watchdog = watchdog();
    let (pull, server) = (pull(ENDLESS), server(ENDLESS));
    assert!(pull.try_recv_msg().unwrap_err().is_would_block());
    assert!(server.try_recv_msg().unwrap_err().is_would_block());
    assert_eq!(server.recv_msg_timeout(Duration::ZERO).unwrap(), None);
}

#[test]
fn stop_receiving_ends_a_spin() {
    let _watchdog = watchdog();
    let (pull, server) = (pull(ENDLESS), server(ENDLESS));
    let (stops_pull, stops_server) = (pull.stopper().unwrap(), server.stopper().unwrap());
    let receives =
        [thread::spawn(move || pull.recv_msg()), thread::spawn(move || server.recv_msg())];
    stops_pull.stop();
    stops_server.stop();
    for receive in receives {
        assert_eq!(receive.join().unwrap().unwrap_err().kind(), ErrorKind::Stopped);
    }
}

#[test]
fn shutdown_of_the_context_ends_a_spin() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let pull = PullBuilder::new().spin(ENDLESS).build_in(&ctx).unwrap();
    let server = ServerBuilder::new().spin(ENDLESS).build_in(&ctx).unwrap();
    let receives =
        [thread::spawn(move || pull.recv_msg()), thread::spawn(move || server.recv_msg())];
    ctx.shutdown();
    for receive in receives {
        assert_eq!(receive.join().unwrap().unwrap_err().kind(), ErrorKind::InvalidCtx);
    }
}

#[test]
fn threads_send_while_another_spins_on_the_same_socket() {
    const REQUESTS: usize = 500;

    let _watchdog = watchdog();
    for transport in [Transport::Inproc, Transport::Tcp] {
        let server = ServerBuilder::new().spin(ENDLESS).bind(transport.anywhere()).build().unwrap();
        let endpoint = server.last_endpoint().unwrap();
        let client = ClientBuilder::new().spin(ENDLESS).connect(endpoint).build().unwrap();
        let sender = client.clone();
        let sends = thread::spawn(move || {
            for number in 0..REQUESTS {
                sender.send(number.to_string()).unwrap();
            }
        });
        // It spins for the first reply, which is sent after the last request.
        let receives = thread::spawn(move || client.recv_msg().unwrap());
        let mut last = server.recv_msg().unwrap();
        for _ in 1..REQUESTS {
            last = server.recv_msg().unwrap();
        }
        sends.join().unwrap();
        server.send(last).unwrap();
        assert_eq!(receives.join().unwrap(), (REQUESTS - 1).to_string());
    }
}

/// The processor time of the calling thread.
#[cfg(target_os = "linux")]
fn processor_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: a clock that exists, and a place for its time.
    assert_eq!(unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) }, 0);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn only_a_receive_that_spins_uses_the_processor() {
    /// Less than the spin has on a busy machine, and more than a call needs.
    const LITTLE: Duration = Duration::from_millis(2);
    const WAIT: Duration = Duration::from_millis(200);

    let _watchdog = watchdog();
    let server = server(Duration::ZERO);
    assert!(server.spin().is_zero());
    for (spin, uses) in [(Duration::ZERO, false), (ENDLESS, true), (Duration::ZERO, false)] {
        server.set_spin(spin);
        let before = processor_time();
        assert_eq!(server.recv_msg_timeout(WAIT).unwrap(), None);
        assert_eq!(processor_time() - before > LITTLE, uses, "{spin:?}");
    }
}

#[cfg(feature = "serde")]
#[test]
fn configuration_has_the_spin_of_sockets_that_receive() {
    for (text, spin) in [("50us", 50_000), ("2ms", 2_000_000), ("1500ns", 1500)] {
        let config = serde_json::json!({ "spin": text });
        let builder: ServerBuilder = serde_json::from_value(config).unwrap();
        assert_eq!(builder.build().unwrap().spin(), Duration::from_nanos(spin));
        let written = serde_json::to_value(&builder).unwrap();
        assert_eq!(serde_json::from_value::<ServerBuilder>(written).unwrap(), builder);
    }
    let error = serde_json::from_str::<ServerBuilder>(r#"{ "spin": 5 }"#).unwrap_err();
    assert!(error.to_string().contains("spin: expected a period"), "{error}");
    assert!(serde_json::from_str::<PushBuilder>(r#"{ "spin": "1ms" }"#).is_err());
}

#[cfg(feature = "tokio")]
mod asynchronous {
    use super::*;

    #[tokio::test]
    async fn task_that_spins_lets_other_tasks_of_its_thread_run() {
        let _watchdog = watchdog();
        for transport in [Transport::Inproc, Transport::Tcp] {
            let pull = PullBuilder::new().spin(ENDLESS).bind(transport.anywhere()).build().unwrap();
            let endpoint = pull.last_endpoint().unwrap();
            let push = Async::new(PushBuilder::new().connect(endpoint).build().unwrap()).unwrap();
            let pull = Async::new(pull).unwrap();
            let receives = tokio::spawn(async move { pull.recv_msg().await });
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            push.send("late").await.unwrap();
            assert_eq!(receives.await.unwrap().unwrap(), "late");
        }
    }

    #[tokio::test]
    async fn limit_stop_and_shutdown_end_the_spin_of_a_task() {
        let _watchdog = watchdog();
        let ctx = Ctx::new();
        let server =
            Async::new(ServerBuilder::new().spin(ENDLESS).build_in(&ctx).unwrap()).unwrap();
        let pull = Async::new(PullBuilder::new().spin(ENDLESS).build_in(&ctx).unwrap()).unwrap();
        assert_eq!(server.recv_msg_timeout(TIMEOUT).await.unwrap(), None);
        assert_eq!(pull.recv_msg_timeout(TIMEOUT).await.unwrap(), None);

        let stopper = server.get_ref().stopper().unwrap();
        let receives = tokio::spawn(async move { server.recv_msg().await });
        tokio::task::yield_now().await;
        stopper.stop();
        assert_eq!(receives.await.unwrap().unwrap_err().kind(), ErrorKind::Stopped);

        let receives = tokio::spawn(async move { pull.recv_msg().await });
        tokio::task::yield_now().await;
        ctx.shutdown();
        assert_eq!(receives.await.unwrap().unwrap_err().kind(), ErrorKind::InvalidCtx);
    }
}
