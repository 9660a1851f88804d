// What is asked and answered. content.rs says the same in Rust.
"use strict"

const MAX = 100_000

// Pseudo-random bytes that requests are cut from.
const block = Buffer.alloc(2 * MAX)
for (let i = 0, state = 1; i < block.length; i++) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  block[i] = state >>> 24
}

function scatter(number) {
  const mixed = Math.imul(number + 1, 2654435761) >>> 0
  return (mixed ^ (mixed >>> 15)) >>> 0
}

function size(number) {
  if (number % 100 === 0) return 0
  if (number % 100 === 1) return MAX
  return scatter(number) % (MAX + 1)
}

// A request starts with its number, as far as there is room for it.
function request(number) {
  const start = scatter(number) % MAX
  const bytes = Buffer.from(block.subarray(start, start + size(number)))
  const head = Buffer.alloc(4)
  head.writeUInt32LE(number)
  head.copy(bytes)
  return bytes
}

// The answer to a request: its halves, swapped.
function reply(request) {
  const half = request.length >> 1
  return Buffer.concat([request.subarray(half), request.subarray(0, half)])
}

// The process is not to outlive the test that started it.
function dieWithParent() {
  process.stdin.on("end", () => process.exit(0)).resume()
}

module.exports = { request, reply, dieWithParent }
