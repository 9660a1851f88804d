// node client.js <endpoint> <first> <end>: asks the requests from first to end, some at a time, and prints the number of each that
// was answered rightly, in order. A wrong answer, or none for a while, ends it with an error.
"use strict"

const { Client } = require("zeromq/draft")
const { request, reply, dieWithParent } = require("./content")

const WINDOW = 8

async function main(endpoint, first, end) {
  dieWithParent()
  const client = new Client({ linger: 0, receiveTimeout: 20_000, sendTimeout: 20_000 })
  client.connect(endpoint)
  let asked = first
  for (let number = first; number < end; number++) {
    for (; asked < end && asked < number + WINDOW; asked++) await client.send(request(asked))
    const [answer] = await client.receive()
    if (!answer.equals(reply(request(number)))) throw new Error(`the answer to ${number} is another's`)
    console.log(number)
  }
  client.close()
  process.exit(0)
}

main(process.argv[2], Number(process.argv[3]), Number(process.argv[4]))
