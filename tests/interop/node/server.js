// node server.js <endpoint>: prints the endpoint that it is bound to, and answers every request until it is killed.
"use strict"

const { Server } = require("zeromq/draft")
const { reply, dieWithParent } = require("./content")

async function main(endpoint) {
  dieWithParent()
  const server = new Server({ linger: 0 })
  await server.bind(endpoint)
  console.log(server.lastEndpoint)
  for await (const [request, { routingId }] of server) {
    await server.send(reply(request), { routingId })
  }
}

main(process.argv[2])
