// Deploys a program and talks to it as wao's documentation shows, and writes what each call answered. Where the network is
// comes in on stdin: wao finds the units by the first of their ports.
import { readFileSync } from 'node:fs'

import { AO, AR } from 'wao'

const given = JSON.parse(readFileSync(0, 'utf8'))
const { SCHEDULER: scheduler, AUTHORITY: authority, MODULE: module } = given.environment
const port = Number(new URL(given.urls.gateway).port)
const told = {}

const ar = await new AR({ port }).init(given.wallet)
// `wao: false` has it name this network's scheduler and messenger, and not those of its own emulator.
const ao = await new AO({ port, ar: { port }, wao: false, module, scheduler, authority }).init(given.wallet)

const program = `
Count = 0
Handlers.add("Increment", "Increment", function (msg)
  Count = Count + tonumber(msg.By or 1)
  msg.reply({ Data = tostring(Count), Total = tostring(Count) })
end)
Handlers.add("Get", "Get", function (msg) msg.reply({ Data = tostring(Count) }) end)
`
const { p, pid, err } = await ao.deploy({ src_data: program })
told.deployed = { pid, err: err ? String(err) : null }
told.first = await p.m('Increment')
told.second = await p.m('Increment', { By: '4' }, { get: 'Total' })
told.dry = await p.d('Get')
// `p.v` is a dry run by owner 1234 everywhere but in wao's own emulator, and no process evaluates for a stranger.
told.variable = (await p.msg('Eval', {}, { data: 'Count' })).res.Output.data

const posted = await ar.post({ data: 'some data', tags: { Name: 'posted' } })
told.posted = { data: await ar.data(posted.id, true), tags: (await ar.tx(posted.id)).tags }
told.found = (await ar.gql.txs({ tags: { Name: 'posted' }, fields: ['id'] })).map(({ id }) => id === posted.id)
told.blocks = (await ar.gql.blocks({ first: 2 })).map(({ height }) => height)

// Nothing but the answers is for the reader; the library leaves timers behind.
process.stdout.write(JSON.stringify(told), () => process.exit(0))
