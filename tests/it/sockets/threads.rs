//! Thread safety of the types: eight are shared by threads, the others move between threads.

use libzmq::{prelude::*, *};

use crate::common::watchdog;

const fn shared<T: Socket + Send + Sync + Clone + Eq + 'static>() {}
const fn exclusive<T: Socket + Send + Eq + 'static>() {}

/// Compiles only if none of the types has the trait: for one that has, there are two functions of
/// that name to choose from.
macro_rules! never {
    ($trait:ident: $($socket:ident)*) => {
        const _: () = {
            trait Choice<A> {
                fn made() {}
            }
            struct Second;
            impl<T> Choice<()> for T {}
            impl<T: $trait> Choice<Second> for T {}
            $(let _ = <$socket as Choice<_>>::made;)*
        };
    };
}

const _: () = {
    shared::<Client>();
    shared::<Server>();
    shared::<Radio>();
    shared::<Dish>();
    shared::<Scatter>();
    shared::<Gather>();
    shared::<Peer>();
    shared::<Channel>();

    exclusive::<Pair>();
    exclusive::<Push>();
    exclusive::<Pull>();
    exclusive::<Pub>();
    exclusive::<Sub>();
    exclusive::<XPub>();
    exclusive::<XSub>();
    exclusive::<Req>();
    exclusive::<Rep>();
    exclusive::<Dealer>();
    exclusive::<Router>();
    exclusive::<Stream>();
    exclusive::<Dgram>();
};

never!(Sync: Pair Push Pull Pub Sub XPub XSub Req Rep Dealer Router Stream Dgram);
never!(Clone: Pair Push Pull Pub Sub XPub XSub Req Rep Dealer Router Stream Dgram);

// A type has no methods for directions that it lacks.
never!(RecvMsg: Push Pub Radio Scatter Stream Dgram Router);
never!(SendMsg: Pull Sub Dish Gather Stream Dgram Router);
never!(SendMultipart: Client Server Radio Dish Scatter Gather Peer Channel Pull Sub Stream Dgram);
never!(RecvMultipart: Client Server Radio Dish Scatter Gather Peer Channel Push Pub Stream Dgram);

/// The options of C agree with the types.
macro_rules! ask_c {
    ($thread_safe:literal: $($socket:ident)*) => {
        $(
            let socket = $socket::new().unwrap();
            assert_eq!(socket.get(opt::ThreadSafe).unwrap(), $thread_safe, stringify!($socket));
            assert_eq!(socket.get(opt::Type).unwrap(), SocketType::$socket);
            assert_eq!(SocketType::$socket.to_string(), stringify!($socket));
        )*
    };
}

#[test]
fn thread_safe_option_matches_the_type_of_socket() {
    ask_c!(true: Client Server Radio Dish Scatter Gather Peer Channel);
    ask_c!(false: Pair Push Pull Pub Sub XPub XSub Req Rep Dealer Router Stream Dgram);
}

/// Built in one thread, used in another and dropped in a third.
#[test]
fn single_threaded_socket_moves_between_threads() {
    let _watchdog = watchdog();
    let pull = PullBuilder::new().bind("tcp://127.0.0.1:*").build().unwrap();
    let push = PushBuilder::new().connect(pull.last_endpoint().unwrap()).build().unwrap();
    let push = std::thread::spawn(move || push.send("from another thread").map(|()| push))
        .join()
        .unwrap()
        .unwrap();
    assert_eq!(pull.recv_msg().unwrap(), "from another thread");
    std::thread::spawn(move || drop(push)).join().unwrap();
}

/// A message goes to one of the threads that share the socket, and what they send is not mixed up.
#[test]
fn thread_safe_sockets_shared_by_threads_lose_no_message() {
    const THREADS: usize = 4;
    const EACH: usize = 2500;

    let _watchdog = watchdog();
    let gather = GatherBuilder::new().bind("tcp://127.0.0.1:*").build().unwrap();
    let scatter = ScatterBuilder::new().connect(gather.last_endpoint().unwrap()).build().unwrap();
    let mut received: Vec<String> = std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let scatter = scatter.clone();
            scope.spawn(move || {
                (0..EACH).for_each(|number| scatter.send(format!("{thread}-{number}")).unwrap())
            });
        }
        let receivers = [(); THREADS].map(|()| {
            let gather = &gather;
            let receive = move || gather.recv_msg().unwrap().to_str().unwrap().to_owned();
            scope.spawn(move || (0..EACH).map(|_| receive()).collect::<Vec<_>>())
        });
        receivers.into_iter().flat_map(|receiver| receiver.join().unwrap()).collect()
    });
    let mut sent: Vec<String> = (0..THREADS)
        .flat_map(|thread| (0..EACH).map(move |number| format!("{thread}-{number}")))
        .collect();
    sent.sort();
    received.sort();
    assert_eq!(received, sent);
}
