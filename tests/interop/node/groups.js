// node groups.js <socket type> <bind|connect> <endpoint>: prints the endpoint, then sends or receives the messages that content.js makes of
// their numbers, and prints "done" when all that it expects have arrived.
"use strict"

const { Radio, Dish, Scatter, Gather } = require("zeromq/draft")
const { request, dieWithParent } = require("./content")

const COUNT = 200

// The group that a message is transmitted to; nobody joins the odd ones. They are as long as groups may be in an old libzmq.
const group = number => `group ${number % 4}`

const roles = {
  // Over and over, because the first of it goes to nobody.
  async Radio(radio) {
    for (;;) {
      for (let number = 0; number < COUNT; number++) await radio.send(request(number), { group: group(number) })
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  },

  async Dish(dish) {
    dish.join(group(0), group(2))
    const next = async () => {
      const [message, { group }] = await dish.receive()
      return { message, group: group.toString() }
    }
    while (!(await next()).message.equals(request(COUNT - 2))) continue
    for (let number = 0; number < COUNT; number += 2) {
      const received = await next()
      if (!received.message.equals(request(number)) || received.group !== group(number)) throw new Error(`${number} is another`)
    }
    console.log("done")
  },

  async Scatter(scatter) {
    for (let number = 0; number < COUNT; number++) await scatter.send(request(number))
  },

  async Gather(gather) {
    for (let number = 0; number < COUNT; number++) {
      const [message] = await gather.receive()
      if (!message.equals(request(number))) throw new Error(`${number} is another`)
    }
    console.log("done")
  },
}

async function main(type, how, endpoint) {
  dieWithParent()
  const marks = { Radio: { sendHighWaterMark: 0 }, Dish: { receiveHighWaterMark: 0 } }
  const socket = new { Radio, Dish, Scatter, Gather }[type]({ linger: 0, ...marks[type] })
  if (how === "bind") await socket.bind(endpoint)
  else socket.connect(endpoint)
  console.log(how === "bind" ? socket.lastEndpoint : endpoint)
  await roles[type](socket)
  // What was sent leaves before the end, which is not to be waited for. A socket that nothing refers to is closed by the garbage collector.
  await new Promise(() => setInterval(() => socket, 1000))
}

main(...process.argv.slice(2))
