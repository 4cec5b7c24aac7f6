// Measures a network with aoconnect as its client: a message and its result, so many in flight. Where the network is comes
// in on stdin; writes the milliseconds of each, and how long all of them took.
import { readFileSync } from 'node:fs'

import * as aoconnect from '@permaweb/aoconnect'
import { AO } from 'wao'

const given = JSON.parse(readFileSync(0, 'utf8'))
const { port, wallet, own, counts } = given
const url = (offset) => `http://127.0.0.1:${port + offset}`
const ao = await new AO({ port, ar: { port }, ...own }).init(wallet)
const program = 'Handlers.add("Ping", "Ping", function (msg) Pings = (Pings or 0) + 1; msg.reply({ Data = "pong" }) end)'
const { pid, err } = await ao.deploy({ src_data: program })
if (err) throw new Error(String(err))

const client = aoconnect.connect({ MODE: 'legacy', GATEWAY_URL: url(0), MU_URL: url(2), CU_URL: url(4) })
const signer = aoconnect.createDataItemSigner(wallet)
const tags = [{ name: 'Action', value: 'Ping' }]

const ask = async () => {
  const started = performance.now()
  const message = await client.message({ process: pid, signer, tags, data: 'ping' })
  const result = await client.result({ process: pid, message })
  if (result.Messages?.[0]?.Data !== 'pong') throw new Error(`no pong, but ${JSON.stringify(result)}`)
  return { message, milliseconds: performance.now() - started }
}

const told = { process: pid, rounds: [] }
await ask()
for (const { inFlight, count } of counts) {
  let left = count
  const times = []
  const used = process.cpuUsage()
  const started = performance.now()
  await Promise.all(Array.from({ length: inFlight }, async () => {
    while (left-- > 0) {
      const { message, milliseconds } = await ask()
      told.message = message
      times.push(milliseconds)
    }
  }))
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(used)
  told.rounds.push({ inFlight, times, seconds, processor: (user + system) / 1e6 })
}
process.stdout.write(JSON.stringify(told), () => process.exit(0))
