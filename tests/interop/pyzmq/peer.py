"""python peer.py <socket type> <bind|connect> <endpoint> <role>: a socket of pyzmq's, and what it does.

Prints the endpoint once it is bound or connected, and "done" once it has got all it expects. Anything unexpected ends it with an error.
A role that is a coroutine is played with zmq.asyncio.
"""

import asyncio
import inspect
import os
import sys
import threading
import time

import zmq
import zmq.asyncio

COUNT = 200
SOCKETS = 8


def message(number):
    """The parts of a message. content.rs says the same in Rust."""
    topic = b"odd " if number % 2 else b"even "
    first = topic + str(number).encode()
    return [first] + [bytes([(number + part) % 256]) * (number * part * 7 % 5000) for part in range(1, 1 + number % 6)]


def echo(socket):
    while True:
        socket.send_multipart(socket.recv_multipart())


def ask(socket):
    for number in range(COUNT):
        socket.send_multipart(message(number))
        expect(socket.recv_multipart(), message(number))
    print("done", flush=True)


def send(socket):
    for number in range(COUNT):
        socket.send_multipart(message(number))


def receive(socket):
    for number in range(COUNT):
        expect(socket.recv_multipart(), message(number))
    print("done", flush=True)


def publish(socket):
    """Over and over, because the first of it goes to nobody."""
    while True:
        send(socket)
        time.sleep(0.02)


def publish_when_asked(socket):
    expect(socket.recv_multipart(), [b"\1odd "])
    send(socket)
    expect(socket.recv_multipart(), [b"\0odd "])
    print("done", flush=True)


def subscribe(socket):
    if socket.type == zmq.XSUB:
        socket.send(b"\1odd ")
    else:
        socket.subscribe(b"odd ")
    # It may have come in the middle: what follows the last is the first.
    while socket.recv_multipart() != message(COUNT - 1):
        pass
    for number in range(1, COUNT, 2):
        expect(socket.recv_multipart(), message(number))
    print("done", flush=True)


def stream_echo(socket):
    while True:
        connection, data = socket.recv_multipart()
        if data:
            socket.send_multipart([connection, data])


def stream_ask(socket):
    connection, came = socket.recv_multipart()
    expect(came, b"")
    data = b"".join(b"".join(message(number)) for number in range(COUNT))
    socket.send_multipart([connection, data])
    back = b""
    while len(back) < len(data):
        back += socket.recv_multipart()[1]
    expect(back, data)
    print("done", flush=True)


async def ask_together(first):
    """Some sockets like the first ask at once. Each sends ahead of its replies, which are its own and in order."""
    sockets = [first]
    while len(sockets) < SOCKETS:
        sockets.append(first.context.socket(first.type))
        sockets[-1].set_hwm(first.get_hwm())
        sockets[-1].connect(last_endpoint(first))

    async def send(place):
        for number in range(COUNT):
            await sockets[place].send_multipart([str(place).encode()] + message(number))

    async def receive(place):
        for number in range(COUNT):
            expect(await sockets[place].recv_multipart(), [str(place).encode()] + message(number))

    await asyncio.gather(*(role(place) for place in range(SOCKETS) for role in (send, receive)))
    print("done", flush=True)


async def echo_async(socket):
    while True:
        await socket.send_multipart(await socket.recv_multipart())


def expect(received, expected):
    if received != expected:
        sys.exit(f"expected {str(expected)[:200]}, received {str(received)[:200]}")


def die_with_parent():
    def wait():
        sys.stdin.read()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def last_endpoint(socket):
    return socket.get(zmq.LAST_ENDPOINT).rstrip(b"\0").decode()


async def main(kind, how, endpoint, role):
    die_with_parent()
    role = globals()[role]
    is_async = inspect.iscoroutinefunction(role)
    context = zmq.asyncio.Context() if is_async else zmq.Context()
    socket = context.socket(getattr(zmq, kind))
    # A DEALER that has little room waits; a ROUTER would drop.
    socket.set_hwm(10 if role is ask_together else 0)
    if how == "bind":
        socket.bind(endpoint)
    else:
        socket.connect(endpoint)
    print(last_endpoint(socket), flush=True)
    if is_async:
        await role(socket)
    else:
        role(socket)
    # What was sent leaves before the end; the end is not to be waited for.
    threading.Event().wait()


asyncio.run(main(*sys.argv[1:]))
