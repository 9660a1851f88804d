#!/usr/bin/env python3
"""Draws the pictures of the documentation: run it, and the SVG files beside it are written anew.

rustdoc includes a picture in its page, so the colours are those of the page's theme, light or dark.
"""

import html
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
STYLE = (
    "<style>.zmq{max-width:100%;height:auto;font:13px sans-serif}"
    ".zmq text{fill:var(--main-color,#222);text-anchor:middle;dominant-baseline:central}"
    ".zmq .label{font-size:11px;paint-order:stroke;stroke-width:5px;"
    "stroke:var(--main-background-color,#fff)}"
    ".zmq .small{font-size:11px}.zmq .code{font:11px monospace}"
    ".zmq rect,.zmq path{stroke:var(--main-color,#222);stroke-width:1.3;fill:none}"
    ".zmq .socket{fill:var(--code-block-background-color,#f5f5f5)}"
    ".zmq .accent{stroke:var(--link-color,#3873ad);fill:none}"
    ".zmq .full{fill:var(--link-color,#3873ad);stroke:var(--main-color,#222)}"
    ".zmq .faint{stroke-dasharray:4 4;opacity:.7}"
    ".zmq .head{fill:var(--main-color,#222);stroke:none}"
    ".zmq .accenthead{fill:var(--link-color,#3873ad);stroke:none}</style>"
)


class Picture:
    def __init__(self, name, width, height, title):
        self.name, self.width, self.height, self.title = name, width, height, title
        self.parts, self.labels = [], []

    def text(self, x, y, text, style=""):
        kind = f' class="{style}"' if style else ""
        self.parts.append(f'<text x="{x}" y="{y}"{kind}>{html.escape(text)}</text>')

    def box(self, x, y, label, below="", width=96, height=40, style="socket"):
        """A box around the point (x, y). Returns what arrows begin and end at."""
        left, top = x - width / 2, y - height / 2
        self.parts.append(
            f'<rect class="{style}" x="{left:g}" y="{top:g}" width="{width}" '
            f'height="{height}" rx="6"/>'
        )
        self.text(x, y - (8 if below else 0), label)
        if below:
            self.text(x, y + 9, below, "small")
        return (x, y, width / 2, height / 2)

    def queue(self, x, y, cells, filled, width=16):
        """Cells in a row around (x, y), the last `filled` of them taken."""
        left = x - cells * width / 2
        for cell in range(cells):
            style = "full" if cell >= cells - filled else "socket"
            self.parts.append(
                f'<rect class="{style}" x="{left + cell * width:g}" y="{y - 9:g}" '
                f'width="{width}" height="18"/>'
            )
        return (x, y, cells * width / 2, 9)

    def arrow(self, start, end, label="", both=False, style="", at=0.5, lift=-9):
        (x1, y1), (x2, y2) = edge(start, end), edge(end, start)
        self.parts.append(f'<path class="{style}" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>')
        head = "accenthead" if "accent" in style else "head"
        self.head((x1, y1), (x2, y2), head)
        if both:
            self.head((x2, y2), (x1, y1), head)
        if label:
            x, y = round(x1 + (x2 - x1) * at), round(y1 + (y2 - y1) * at + lift)
            # After all lines, so that none crosses it.
            self.labels.append(f'<text x="{x}" y="{y}" class="label">{html.escape(label)}</text>')

    def head(self, start, end, style):
        dx, dy = end[0] - start[0], end[1] - start[1]
        length = (dx * dx + dy * dy) ** 0.5 or 1
        dx, dy = dx / length, dy / length
        left = (end[0] - 9 * dx - 4 * dy, end[1] - 9 * dy + 4 * dx)
        right = (end[0] - 9 * dx + 4 * dy, end[1] - 9 * dy - 4 * dx)
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in (end, left, right))
        self.parts.append(f'<polygon class="{style}" points="{points}"/>')

    def write(self):
        # No blank line: it would end the block of HTML within Markdown.
        lines = [
            f'<svg class="zmq" xmlns="http://www.w3.org/2000/svg" width="{self.width}" '
            f'height="{self.height}" viewBox="0 0 {self.width} {self.height}" role="img">',
            f"<title>{html.escape(self.title)}</title>{STYLE}",
            *self.parts,
            *self.labels,
            "</svg>",
        ]
        (HERE / f"{self.name}.svg").write_text("\n".join(lines) + "\n")


def edge(box, towards):
    """Where the line from the middle of a box to another leaves it."""
    x, y, half_width, half_height = box
    dx, dy = towards[0] - x, towards[1] - y
    scale = min(half_width / abs(dx) if dx else 1e9, half_height / abs(dy) if dy else 1e9)
    return x + dx * scale, y + dy * scale


def client_server():
    p = Picture("client_server", 460, 190, "Three clients and a server that answers by routing id")
    server = p.box(390, 95, "Server", width=110)
    for y, number in ((30, 1), (95, 2), (160, 3)):
        client = p.box(70, y, "Client")
        p.arrow(client, server, f"routing id {number}", both=True, at=0.4, lift=0)
    return p


def radio_dish():
    p = Picture("radio_dish", 460, 190, "A radio sends to groups; dishes join groups")
    radio = p.box(70, 95, "Radio")
    for y, group in ((30, "news"), (95, "news, sport"), (160, "sport")):
        dish = p.box(380, y, "Dish", f"joined {group}", width=130)
        style = "accent" if "news" in group else "faint"
        p.arrow(radio, dish, '"it rains" to news' if y == 30 else "", style=style, lift=0)
    return p


def scatter_gather():
    p = Picture("scatter_gather", 460, 190, "A scatter sends to each gather in turn")
    scatter = p.box(70, 95, "Scatter")
    for y, messages in ((30, "1, 4, 7"), (95, "2, 5, 8"), (160, "3, 6, 9")):
        p.arrow(scatter, p.box(390, y, "Gather"), messages, lift=0)
    return p


def peer():
    p = Picture("peer", 460, 180, "Three peers, each of which knows the others by routing id")
    first, second, third = p.box(230, 30, "Peer"), p.box(80, 145, "Peer"), p.box(380, 145, "Peer")
    p.arrow(first, second, both=True)
    p.arrow(second, third, "messages by routing id", both=True)
    p.arrow(first, third, both=True)
    return p


def channel():
    p = Picture("channel", 460, 60, "Two channels, one connection")
    p.arrow(p.box(70, 30, "Channel"), p.box(390, 30, "Channel"), "one-part messages", both=True)
    return p


def publish_subscribe():
    p = Picture("publish_subscribe", 460, 190, "A publisher and subscribers with their topics")
    publisher = p.box(70, 95, "Pub")
    for y, topic in ((30, "weather."), (95, "(everything)"), (160, "sport.")):
        sub = p.box(385, y, "Sub", topic, width=110)
        style = "faint" if topic == "sport." else "accent"
        p.arrow(publisher, sub, '"weather.oslo snow"' if y == 30 else "", style=style, lift=0)
    return p


def proxy():
    p = Picture("proxy", 560, 150, "Publishers and subscribers on the two sides of a proxy")
    xsub, xpub = p.box(215, 75, "XSub", width=70), p.box(345, 75, "XPub", width=70)
    p.parts.insert(0, '<rect class="faint" x="165" y="30" width="230" height="90" rx="8"/>')
    p.text(280, 45, "Proxy", "small")
    p.arrow(xsub, xpub, style="accent")
    for y in (30, 120):
        p.arrow(p.box(55, y, "Pub", width=70), xsub, style="accent")
        sub = p.box(505, y, "Sub", width=70)
        p.arrow(xpub, sub, style="accent")
    p.text(280, 140, "messages go right, subscriptions go left", "small")
    return p


def pipeline():
    p = Picture("pipeline", 560, 190, "A pipeline: tasks fan out to workers, results come together")
    push = p.box(55, 95, "Push", "tasks", width=70)
    sink = p.box(505, 95, "Pull", "results", width=70)
    for y in (30, 95, 160):
        worker = p.box(280, y, "Pull | Push", "worker", width=110)
        p.arrow(push, worker)
        p.arrow(worker, sink)
    return p


def request_reply():
    p = Picture("request_reply", 460, 160, "Req and Rep take turns; Dealer and Router do not")
    req, rep = p.box(70, 30, "Req"), p.box(390, 30, "Rep")
    p.arrow(req, rep, "request, reply, request, reply ...", both=True)
    dealer, router = p.box(70, 120, "Dealer"), p.box(390, 120, "Router")
    p.arrow(dealer, router, "any number, in any order", both=True)
    p.text(365, 152, "knows each peer by its identity", "small")
    return p


def pair():
    p = Picture("pair", 460, 60, "Two pairs, one connection")
    p.arrow(p.box(70, 30, "Pair"), p.box(390, 30, "Pair"), "messages of any size", both=True)
    return p


def native():
    p = Picture("native", 460, 150, "Stream and Dgram talk to programs without ZeroMQ")
    for y, kind, other, what in ((30, "Stream", "tcp", "bytes"), (115, "Dgram", "udp", "datagrams")):
        program = p.box(380, y, f"any {other} program", width=130)
        p.arrow(p.box(70, y, kind), program, what, both=True)
    return p


def high_water_mark():
    p = Picture("high_water_mark", 600, 150, "The two queues of a connection, both full")
    sender = p.box(50, 60, "sender", width=70)
    out = p.queue(185, 60, 5, 5)
    into = p.queue(415, 60, 5, 5)
    receiver = p.box(550, 60, "receiver", width=76)
    p.arrow(sender, out)
    p.arrow(out, into, "connection")
    p.arrow(into, receiver)
    p.text(185, 30, "send_hwm = 5", "code")
    p.text(415, 30, "recv_hwm = 5", "code")
    p.text(300, 105, "Both queues are full: the sender is in its mute state.", "small")
    p.text(300, 125, "It blocks (Client, Push ...) or drops the message (Pub, Radio, Router).", "small")
    return p


def envelope():
    p = Picture("envelope", 600, 150, "How a router sees the message of a req")
    p.arrow(p.box(60, 75, "Req"), p.box(300, 75, "Router"), style="accent")
    p.text(60, 25, "sends", "small")
    p.text(60, 42, '"hello"', "code")
    router, req = "added by the router", "added by the req"
    frames = (("<identity>", router), ("<empty>", req), ('"hello"', ""))
    for y, (part, meaning) in zip((30, 75, 120), frames):
        p.parts.append(f'<rect class="socket" x="380" y="{y - 14}" width="100" height="28"/>')
        p.text(430, y, part, "code")
        p.text(545, y, meaning, "small")
    return p


def routing_ids():
    p = Picture("routing_ids", 600, 150, "A server answers a message by its routing id")
    client = p.box(60, 75, "Client")
    server = p.box(540, 75, "Server")
    p.arrow((60, 60, 48, 5), (540, 60, 48, 5), 'send("request")')
    p.arrow((540, 90, 48, 5), (60, 90, 48, 5), 'route("reply", id)', lift=12)
    p.text(520, 25, "recv_msg() gives", "small")
    p.text(520, 42, "msg.routing_id() = id", "code")
    p.text(300, 135, "An id belongs to one connection: a reconnected client has another.", "small")
    return p


def async_socket():
    p = Picture("async_socket", 600, 190, "Tasks wait in Async until the reactor wakes them")
    for y in (35, 95, 155):
        p.arrow(p.box(50, y, "task", width=60), (220, 95, 65, 40), both=True)
    p.box(220, 95, "Async<S>", "list of waiting tasks", width=130, height=80)
    socket = p.box(390, 95, "socket", "queues", width=90, height=60)
    p.arrow((220, 95, 65, 40), socket, both=True)
    io = p.box(540, 95, "I/O thread", "of libzmq", width=90)
    p.arrow(socket, io, both=True)
    p.text(390, 45, "signaler (file descriptor)", "small")
    reactor = p.box(390, 165, "reactor of the runtime", width=160, height=30)
    p.arrow(socket, reactor, "")
    p.arrow(reactor, (220, 165, 0, 0), style="accent")
    p.arrow((220, 165, 0, 0), (220, 95, 65, 40), style="accent")
    p.text(250, 181, "wakes", "small")
    return p


def linger():
    p = Picture("linger", 600, 140, "What happens to messages when a socket is dropped")
    p.arrow((20, 60, 0, 0), (585, 60, 0, 0))
    steps = {
        70: ("send", ""),
        170: ("drop", "returns at once"),
        380: ("linger ends", "what is left is discarded"),
        530: ("exit", ""),
    }
    for x, (label, below) in steps.items():
        p.parts.append(f'<path d="M{x} 52L{x} 68"/>')
        p.text(x, 38, label)
        p.text(x, 84, below, "small")
    p.parts.append('<path class="accent" d="M170 60L380 60" style="stroke-width:5"/>')
    p.text(275, 108, "the I/O thread goes on sending what is queued", "small")
    p.text(275, 124, "a normal end of the process waits for this", "small")
    return p


for draw in (
    client_server, radio_dish, scatter_gather, peer, channel, publish_subscribe, proxy, pipeline,
    request_reply, pair, native, high_water_mark, envelope, routing_ids, async_socket, linger,
):
    draw().write()
