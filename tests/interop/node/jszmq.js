// node jszmq.js rep: prints the URL that a REP of jszmq is bound to, and answers with what it got.
// node jszmq.js req <url>: asks there, and prints "done" when the answers are what was sent.
"use strict"

const http = require("http")
const zmq = require("jszmq")
const { dieWithParent } = require("./content")

const BODIES = [Buffer.from("small"), Buffer.alloc(1000000, 7)]

function rep() {
  const server = http.createServer()
  server.listen(0, "127.0.0.1", () => {
    const url = `ws://127.0.0.1:${server.address().port}/`
    const socket = new zmq.Rep()
    socket.on("message", (message) => socket.send(message))
    socket.bind(url, server)
    console.log(url)
  })
}

function req(url) {
  const socket = new zmq.Req()
  let asked = 0
  const ask = () => socket.send(BODIES[asked])
  socket.on("message", (message) => {
    if (!BODIES[asked].equals(message)) throw new Error(`not what was sent: ${message.length} bytes`)
    asked += 1
    if (asked < BODIES.length) ask()
    else console.log("done")
  })
  socket.connect(url)
  ask()
}

dieWithParent()
;({ rep, req })[process.argv[2]](process.argv[3])
