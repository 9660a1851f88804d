"""Sockets of pyzmq with PLAIN and CURVE, and its certificates and Authenticator.

python security.py certificates <folder> <name>...: writes certificates as pyzmq does.
python security.py bind <socket type> <endpoint> <mechanism> <folder>: a server that lets in the user anna with the password secret, or
    the keys in <folder>/public. Prints its endpoint, and the first part and the user id of each message.
python security.py connect <socket type> <endpoint> <mechanism> <folder> <client> <server>: a client with that name (the password
    is the server's "name"), or with the keys of these two names. Prints what its handshake comes to, and sends a message if it can.
"""

import os
import sys
import threading

import zmq
import zmq.auth
import zmq.auth.thread
import zmq.utils.monitor

EVENTS = {
    zmq.EVENT_HANDSHAKE_SUCCEEDED: "succeeded",
    zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL: "hung up",
    zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL: "protocol",
    zmq.EVENT_HANDSHAKE_FAILED_AUTH: "refused",
}
SENDERS = ("PUSH", "DEALER", "REQ", "PAIR", "PUB")
RECEIVERS = ("PULL", "ROUTER", "REP", "PAIR", "DEALER", "SUB")


def certificates(folder, *names):
    os.makedirs(folder, exist_ok=True)
    os.makedirs(os.path.join(folder, "public"), exist_ok=True)
    for name in names:
        zmq.auth.create_certificates(folder, name, {"X-Name": name, "quote": "it's"})
        path = os.path.join(folder, name + ".key")
        with open(path) as certificate, open(os.path.join(folder, "public", name + ".key"), "w") as copy:
            copy.write(certificate.read())
    print("done", flush=True)


def keys(folder, name):
    return zmq.auth.load_certificate(os.path.join(folder, name + ".key_secret"))


def bind(kind, endpoint, mechanism, folder):
    context = zmq.Context()
    authenticator = zmq.auth.thread.ThreadAuthenticator(context)
    authenticator.start()
    socket = context.socket(getattr(zmq, kind))
    socket.zap_domain = b"global"
    if mechanism == "plain":
        authenticator.configure_plain(domain="global", passwords={"anna": "secret"})
        socket.plain_server = True
    else:
        authenticator.configure_curve(domain="global", location=os.path.join(folder, "public"))
        socket.curve_publickey, socket.curve_secretkey = keys(folder, "server")
        socket.curve_server = True
    if kind == "SUB":
        socket.subscribe(b"")
    socket.bind(endpoint)
    print(socket.last_endpoint.decode(), flush=True)
    while kind in RECEIVERS:
        frame = socket.recv_multipart(copy=False)[-1]
        print(bytes(frame).decode(), frame.get("User-Id"), flush=True)
    threading.Event().wait()


def connect(kind, endpoint, mechanism, folder, client, server):
    context = zmq.Context()
    socket = context.socket(getattr(zmq, kind))
    socket.linger = 0
    if mechanism == "plain":
        socket.plain_username, socket.plain_password = client.encode(), server.encode()
    elif mechanism == "curve":
        socket.curve_publickey, socket.curve_secretkey = keys(folder, client)
        socket.curve_serverkey = keys(folder, server)[0]
    monitor = socket.get_monitor_socket()
    socket.connect(endpoint)
    while True:
        event = zmq.utils.monitor.recv_monitor_message(monitor)
        said = EVENTS.get(event["event"])
        if said == "refused":
            said = f"refused {event['value']}"
        if said:
            print(said, flush=True)
            break
    if said == "succeeded" and kind in SENDERS:
        socket.send(b"hello")
    threading.Event().wait()


def die_with_parent():
    sys.stdin.read()
    os._exit(1)


threading.Thread(target=die_with_parent, daemon=True).start()
{"certificates": certificates, "bind": bind, "connect": connect}[sys.argv[1]](*sys.argv[2:])
