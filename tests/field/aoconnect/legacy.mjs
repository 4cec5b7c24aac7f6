// Drives a network as a user of @permaweb/aoconnect would, and writes what each call answered. Which version of it, and
// where the network is, come in on stdin.
import { readFileSync } from 'node:fs'

import { withoutPublicNetwork } from './sealed.mjs'

const given = JSON.parse(readFileSync(0, 'utf8'))
Object.assign(process.env, given.environment)
withoutPublicNetwork()
const ao = await import(given.package)

const { GATEWAY_URL, MU_URL, CU_URL, SCHEDULER, AUTHORITY, MODULE } = given.environment
const client = ao.connect({ MODE: 'legacy', GATEWAY_URL, MU_URL, CU_URL })
const signer = ao.createDataItemSigner(given.wallet)
const told = {}

const evaluate = async (process, data, more = {}) => {
  const tags = [{ name: 'Action', value: 'Eval' }]
  const message = await client.message({ process, signer, data, tags, ...more })
  return { message, result: await client.result({ process, message }) }
}
const spawn = (name, tags = []) => client.spawn({
  module: MODULE,
  scheduler: SCHEDULER,
  signer,
  tags: [{ name: 'Name', value: name }, { name: 'Authority', value: AUTHORITY }, ...tags]
})
const refusalOf = (asked) => asked.then(() => null, (error) => String(error))
const until = async (holds, ask) => {
  for (let count = 0; count < 100; count++) {
    const answer = await ask()
    if (holds(answer)) return answer
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('it never came')
}
const inSteps = async (process, sort, limit, from) => {
  const pages = []
  for (;;) {
    const page = await client.results({ process, sort, limit, ...(from ? { from } : {}) })
    if (page.edges.length === 0) return pages
    pages.push(page.edges)
    from = page.edges.at(-1).cursor
    if (sort === 'DESC') return pages
  }
}

// spawn, message, result
const one = told.process = await spawn('one')
const other = await spawn('other')
told.sum = await evaluate(one, '1 + 1')
told.boom = await evaluate(one, 'error("boom")')
told.later = await evaluate(one, '2 + 2')
told.unknownProcess = await refusalOf(client.message({ process: told.sum.message, signer, data: 'x' }))
told.unknownModule = await refusalOf(client.spawn({ module: told.sum.message, scheduler: SCHEDULER, signer }))

// results, both ways
told.ascending = await inSteps(one, 'ASC', 2)
told.descending = await inSteps(one, 'DESC', 2)
told.newer = await inSteps(one, 'ASC', 100, told.ascending[0][0].cursor)

// processes speak to one another
await evaluate(other, 'Handlers.add("ping", "Ping", function(msg) msg.reply({ Data = "pong", Action = "Pong" }) end)')
told.sent = await evaluate(one, `Send({ Target = "${other}", Action = "Ping" })`)
told.inbox = await until(
  (data) => data.includes('pong'),
  async () => (await evaluate(one, 'Inbox[#Inbox] and Inbox[#Inbox].Data or "empty"')).result.Output.data
)

// a dry run leaves no trace
const ping = { process: other, tags: [{ name: 'Action', value: 'Ping' }] }
told.dry = await client.dryrun(ping)
const own = { process: other, Owner: given.address, tags: [{ name: 'Action', value: 'Eval' }], data: 'Kept = 1; return Kept' }
told.dryEval = await client.dryrun(own)
told.afterDry = (await evaluate(other, 'return tostring(Kept)')).result

// assign
told.assignment = await client.assign({ process: other, message: told.sum.message, exclude: ['Data', 'Anchor'] })
told.assigned = await client.result({ process: other, message: told.assignment })

// monitor, cron ticks, unmonitor
const clock = await spawn('clock', ao.serializeCron
  ? ao.serializeCron({ interval: '1-second', tags: [{ name: 'Action', value: 'Tick' }] })
  : [{ name: 'Cron-Interval', value: '1-second' }, { name: 'Cron-Tag-Action', value: 'Tick' }])
await evaluate(clock, `Handlers.add("tick", "Tick", function(msg) Ticks = (Ticks or 0) + 1; Send({ Target = "${other}", Action = "Told" }) end)`)
told.monitor = await client.monitor({ process: clock, signer })
await evaluate(other, 'Handlers.add("told", "Told", function(msg) Told = (Told or 0) + 1 end)')
told.ticks = await until(
  (data) => Number(data) >= 2,
  async () => (await client.dryrun({ ...own, data: 'return tostring(Told or 0)' })).Output.data
)
told.cronResults = await client.results({ process: clock, sort: 'DESC', limit: 100 })
told.unmonitor = await client.unmonitor({ process: clock, signer })
told.unmonitorAgain = await refusalOf(client.unmonitor({ process: clock, signer }))

console.log(JSON.stringify(told))
