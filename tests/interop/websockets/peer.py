"""python peer.py ask <url> | refused <url> | serve: ZWS 2.0 without a mechanism, by the package `websockets`.

`ask` is a REQ, `serve` a REP, which prints its URL first. Both send each message in fragments, with
pings in between. `refused` expects that it cannot connect. All print "done" at the end. Anything
unexpected ends them with an error.
"""

import asyncio
import ssl
import sys

import websockets

PROTOCOL = "ZWS2.0"
MORE, LAST = b"\1", b"\0"
# Larger than every buffer on the way.
BODIES = [b"", b"small", bytes(range(256)) * 4000]


async def send(peer, body):
    """An envelope of nothing, and the body in pieces of 50,000 bytes."""
    await peer.send(MORE)
    pieces = [LAST] + [body[at : at + 50_000] for at in range(0, len(body), 50_000)]

    async def fragments():
        for piece in pieces:
            await ping(peer)
            yield piece

    await peer.send(fragments())


async def ping(peer):
    """The pong must have the payload, or this waits for it for ever."""
    await asyncio.wait_for(await peer.ping(b"payload"), 20)


async def receive(peer):
    envelope = await peer.recv()
    assert envelope == MORE, envelope
    message = await peer.recv()
    assert message[:1] == LAST, message[:20]
    return message[1:]


async def greet(peer):
    assert peer.subprotocol == PROTOCOL, peer.subprotocol
    # Its routing id, which is empty.
    await peer.send(LAST)
    assert await peer.recv() == LAST


def connect(url):
    tls = ssl.create_default_context(cafile="cert.pem") if url.startswith("wss") else None
    options = {"subprotocols": [PROTOCOL], "ping_interval": 0.05, "ping_timeout": 20, "max_size": None}
    return websockets.connect(url, ssl=tls, **options)


async def refused(url):
    try:
        async with connect(url):
            raise AssertionError("it is let in")
    except (OSError, EOFError, websockets.InvalidHandshake):
        pass


async def ask(url):
    async with connect(url) as peer:
        await greet(peer)
        for body in BODIES:
            await send(peer, body)
            assert await receive(peer) == body
        # Time for the pings that it sends of its own.
        await asyncio.sleep(0.3)
        await ping(peer)
    assert (peer.close_code, peer.close_reason) == (1000, ""), (peer.close_code, peer.close_reason)


async def serve():
    done = asyncio.get_running_loop().create_future()

    async def answer(peer):
        try:
            await greet(peer)
            for _ in BODIES:
                await send(peer, await receive(peer))
            await ping(peer)
            await peer.close(1001, "going away")
            assert peer.close_code == 1001, peer.close_code
            done.set_result(None)
        except BaseException as error:
            done.set_exception(error)

    options = {"subprotocols": [PROTOCOL], "ping_interval": 0.05, "ping_timeout": 20, "max_size": None}
    async with websockets.serve(answer, "127.0.0.1", 0, **options) as server:
        print(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/", flush=True)
        await done


asyncio.run({"ask": ask, "refused": refused, "serve": serve}[sys.argv[1]](*sys.argv[2:]))
print("done", flush=True)
