// node client.js <endpoint> <first> <end> [unordered]: asks the requests from first to end, some at a time, and prints the number of each
// that was answered rightly. Answers come in the order of the requests, unless it is said that they need not. A wrong answer, or
// none for a while, ends it with an error.
"use strict"

const { Client } = require("zeromq/draft")
const { request, reply, dieWithParent } = require("./content")

const WINDOW = 8

async function main(endpoint, first, end, order) {
  dieWithParent()
  const client = new Client({ linger: 0, receiveTimeout: 20_000, sendTimeout: 20_000 })
  client.connect(endpoint)
  const open = []
  for (let asked = first; open.length || asked < end; ) {
    for (; asked < end && open.length < WINDOW; asked++) {
      const question = request(asked)
      await client.send(question)
      open.push({ number: asked, answer: reply(question) })
    }
    const [answer] = await client.receive()
    const place = open.findIndex(expected => expected.answer.equals(answer))
    if (place < 0 || (place > 0 && order !== "unordered")) throw new Error(`the answer to ${open[0].number} is another's`)
    console.log(open.splice(place, 1)[0].number)
  }
  client.close()
  process.exit(0)
}

main(process.argv[2], Number(process.argv[3]), Number(process.argv[4]), process.argv[5])
