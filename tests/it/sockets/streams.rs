//! `Stream`: plain tcp.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
};

use libzmq::{addr::Endpoint, prelude::*, *};

use crate::{
    common::{LIMIT, Transport, blocked::spawn_blocked, fill_by, retry, until, watchdog},
    sockets::link::ms,
};

fn bound(builder: &mut StreamBuilder) -> (Stream, TcpStream) {
    let stream = builder.bind("tcp://127.0.0.1:*").build().unwrap();
    let Endpoint::Tcp(addr) = stream.last_endpoint().unwrap() else { panic!("not tcp") };
    let other = TcpStream::connect(addr.to_string()).unwrap();
    other.set_read_timeout(Some(LIMIT)).unwrap();
    (stream, other)
}

/// Receives from one connection until that many bytes are there: tcp has no messages.
fn receive(stream: &Stream, from: &Identity, size: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while bytes.len() < size {
        let (who, part) = stream.recv_from().unwrap();
        assert_eq!((&who, part.len()), (from, 1));
        bytes.extend_from_slice(&part[0]);
    }
    bytes
}

#[test]
fn stream_reports_connect_data_and_disconnect() {
    let _watchdog = watchdog();
    let (stream, mut other) = bound(&mut StreamBuilder::new());
    let (who, came) = stream.recv_from().unwrap();
    assert_eq!(came, [""]);

    other.write_all(b"hello").unwrap();
    assert_eq!(receive(&stream, &who, 5), b"hello");
    stream.route("welcome", &who).unwrap();
    let mut welcome = [0; 7];
    other.read_exact(&mut welcome).unwrap();
    assert_eq!(&welcome, b"welcome");

    drop(other);
    assert_eq!(stream.recv_from().unwrap(), (who.clone(), [""].into()));
    until(|| {
        stream
            .route("anybody there?", &who)
            .is_err_and(|error| error.kind() == ErrorKind::HostUnreachable)
    });
    let mut error = stream.try_route("come back", &who).unwrap_err();
    assert_eq!(
        (error.kind(), error.take().unwrap()),
        (ErrorKind::HostUnreachable, ["come back"].into())
    );
    assert_eq!(stream.close(&who).unwrap_err().kind(), ErrorKind::HostUnreachable);
}

/// The connection still has data to receive.
#[test]
fn stream_send_blocked_on_a_full_queue_ends_with_the_connection() {
    let _watchdog = watchdog();
    let (stream, mut other) = bound(StreamBuilder::new().send_hwm(2));
    let (who, _) = stream.recv_from().unwrap();
    other.write_all(b"unread").unwrap();
    let large = vec![0; 1_000_000];
    assert!(fill_by(|_| stream.try_route(large.clone(), &who)) > 0);
    let blocked = spawn_blocked(move || {
        loop {
            if let Err(error) = stream.route(large.clone(), &who) {
                return error.kind();
            }
        }
    });
    drop(other);
    assert_eq!(blocked.join().unwrap(), ErrorKind::HostUnreachable);
}

#[test]
fn stream_close_ends_one_connection_and_keeps_others() {
    let _watchdog = watchdog();
    let (stream, mut first) = bound(&mut StreamBuilder::new());
    let (one, _) = stream.recv_from().unwrap();
    let mut second = TcpStream::connect(first.peer_addr().unwrap()).unwrap();
    let (two, _) = stream.recv_from().unwrap();
    assert_ne!(one, two);

    stream.route("goodbye", &one).unwrap();
    stream.close(&one).unwrap();
    // The connection ends after what was sent before.
    let reading = std::thread::spawn(move || {
        let mut rest = String::new();
        first.read_to_string(&mut rest).map(|_| rest)
    });
    until(|| {
        let _ = stream.try_recv_from();
        reading.is_finished()
    });
    assert_eq!(reading.join().unwrap().unwrap(), "goodbye");

    second.write_all(b"still here").unwrap();
    assert_eq!(receive(&stream, &two, 10), b"still here");
}

#[test]
fn stream_notify_off_reports_no_connection() {
    let _watchdog = watchdog();
    let (stream, mut other) = bound(StreamBuilder::new().stream_notify(false));
    other.write_all(b"hello").unwrap();
    let (who, mut parts) = stream.recv_from().unwrap();
    assert!(!parts[0].is_empty());
    let mut bytes = parts.pop_back().unwrap().as_bytes().to_vec();
    bytes.extend(receive(&stream, &who, 5 - bytes.len()));
    assert_eq!(bytes, b"hello");
}

#[test]
fn stream_connect_as_names_its_connection() {
    let _watchdog = watchdog();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let stream = Stream::new().unwrap();
    let name = Identity::new("listener").unwrap();
    stream.connect_as(format!("tcp://{}", listener.local_addr().unwrap()), &name).unwrap();
    let (mut other, _) = listener.accept().unwrap();
    other.set_read_timeout(Some(LIMIT)).unwrap();
    retry(|| stream.route("hello", &name).ok());
    let mut hello = [0; 5];
    other.read_exact(&mut hello).unwrap();
    assert_eq!(&hello, b"hello");
    other.write_all(b"hello yourself").unwrap();
    // The connection is reported first.
    assert_eq!(stream.recv_from().unwrap(), (name.clone(), [""].into()));
    assert_eq!(receive(&stream, &name, 14), b"hello yourself");
}

#[test]
fn stream_connect_as_with_immediate_names_its_own_connection() {
    let _watchdog = watchdog();
    let stream = StreamBuilder::new().immediate(true).build().unwrap();
    let names = ["one", "two"].map(|name| Identity::new(name).unwrap());
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    for (name, listener) in names.iter().zip(&listeners) {
        let endpoint = format!("tcp://{}", listener.local_addr().unwrap());
        stream.connect_as(endpoint, name).unwrap();
    }
    for (name, listener) in names.iter().zip(&listeners) {
        let (mut other, _) = listener.accept().unwrap();
        other.set_read_timeout(Some(LIMIT)).unwrap();
        retry(|| stream.route(name.as_bytes(), name).ok());
        let mut text = [0; 3];
        other.read_exact(&mut text).unwrap();
        assert_eq!(&text, name.as_bytes());
    }
}

#[test]
fn stream_receives_large_data_in_several_messages() {
    const SIZE: usize = 3_000_000;

    let _watchdog = watchdog();
    let (stream, mut other) = bound(&mut StreamBuilder::new());
    let (who, _) = stream.recv_from().unwrap();
    let data: Vec<u8> = (0..SIZE).map(|place| (place % 251) as u8).collect();
    let echo = std::thread::spawn(move || {
        let mut data = vec![0; SIZE];
        other.read_exact(&mut data).and_then(|()| other.write_all(&data)).map(|()| other)
    });
    stream.route(data.clone(), &who).unwrap();
    assert!(receive(&stream, &who, SIZE) == data);
    echo.join().unwrap().unwrap();
}

#[test]
fn stream_bind_to_anything_but_tcp_is_unsupported() {
    for transport in [Transport::Ipc, Transport::Inproc, Transport::Ws] {
        let error = Stream::new().unwrap().bind(transport.anywhere().as_str()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Unsupported(_)), "{error}");
    }
}

#[test]
fn stream_recv_times_out() {
    let _watchdog = watchdog();
    let stream =
        StreamBuilder::new().bind("tcp://127.0.0.1:*").recv_timeout(ms(5)).build().unwrap();
    assert_eq!(stream.recv_from().unwrap_err().kind(), ErrorKind::WouldBlock);
    assert_eq!(stream.try_recv_from().unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn stream_multipart_send_is_invalid_input_and_later_data_arrives() {
    let _watchdog = watchdog();
    let (stream, mut other) = bound(&mut StreamBuilder::new());
    let (who, _) = stream.recv_from().unwrap();
    for parts in [&["a", "b"][..], &["a", "b", "c"]] {
        let mut error = stream.route(parts.to_vec(), &who).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error}");
        assert_eq!(error.take().unwrap(), *parts);
    }
    let mut error = stream.try_route(["a", "b"], &who).unwrap_err();
    assert_eq!(error.take().unwrap(), ["a", "b"]);
    for text in ["c", "d"] {
        stream.route(text, &who).unwrap();
    }
    let mut data = [0; 2];
    other.read_exact(&mut data).unwrap();
    assert_eq!(&data, b"cd");
}
