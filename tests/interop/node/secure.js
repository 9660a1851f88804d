// node secure.js bind <endpoint> <plain|curve> <json>: a Server that asks a handler of its own, which is all that the package leaves
// to its users. Prints its endpoint, and each request.
// node secure.js connect <endpoint> <plain|curve|null> <json>: a Client with these credentials. Prints what its handshake comes to, and
// the answer to its request.
"use strict"

const { Router } = require("zeromq")
const { Client, Server } = require("zeromq/draft")
const { dieWithParent } = require("./content")

const ZAP_DOMAIN = 55
const EVENTS = ["handshake", "handshake:error:protocol", "handshake:error:auth", "handshake:error:other"]

// Lets in who is named in the credentials.
async function authenticate(keys) {
  const handler = new Router()
  await handler.bind("inproc://zeromq.zap.01")
  for await (const [...frames] of handler) {
    const delimiter = frames.findIndex(frame => frame.length === 0)
    const [version, id, , , , mechanism, ...credentials] = frames.slice(delimiter + 1)
    const known =
      mechanism.toString() === "PLAIN"
        ? credentials[0].toString() === keys.user && credentials[1].toString() === keys.password
        : credentials[0].toString("hex") === keys.known
    await handler.send([...frames.slice(0, delimiter + 1), version, id, known ? "200" : "400", known ? "OK" : "no", known ? "it" : "", ""])
  }
}

async function bind(endpoint, mechanism, keys) {
  authenticate(keys)
  const options = mechanism === "plain" ? { plainServer: true } : { curveServer: true, curveSecretKey: keys.secret }
  const server = new Server({ linger: 0, ...options })
  // The package has no name for it there.
  server.setStringOption(ZAP_DOMAIN, "global")
  await server.bind(endpoint)
  console.log(server.lastEndpoint)
  for await (const [request, { routingId }] of server) {
    console.log(request.toString())
    await server.send("welcome", { routingId })
  }
}

async function handshake(client) {
  for await (const { type, error } of client.events) {
    if (EVENTS.includes(type)) return type === "handshake" ? "succeeded" : `failed ${(error && error.status) || ""}`.trim()
  }
}

async function connect(endpoint, mechanism, keys) {
  const options = {
    plain: { plainUsername: keys.user, plainPassword: keys.password },
    curve: { curveServerKey: keys.server, curvePublicKey: keys.public, curveSecretKey: keys.secret },
    null: {},
  }[mechanism]
  const client = new Client({ linger: 0, receiveTimeout: 20_000, ...options })
  const outcome = handshake(client)
  client.connect(endpoint)
  console.log(await outcome)
  await client.send("hello")
  const [answer] = await client.receive()
  console.log(answer.toString())
}

async function main(role, endpoint, mechanism, keys) {
  dieWithParent()
  await { bind, connect }[role](endpoint, mechanism, JSON.parse(keys))
}

main(...process.argv.slice(2)).catch(error => {
  console.error(error)
  process.exit(1)
})
