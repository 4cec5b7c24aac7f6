// What aoconnect's mainnet mode can do, one call after another; each answer under its name.
import { readFileSync } from 'node:fs'

import { connect } from '@permaweb/aoconnect'

import { signers } from './signers.mjs'

const given = JSON.parse(readFileSync(0, 'utf8'))
const ao = connect({ MODE: 'mainnet', URL: given.url, signer: signers(given)[given.signer] })
const told = {}
const evaluated = (process, data, more = {}) =>
  ao.message({ process, data, tags: [{ name: 'Action', value: 'Eval' }, ...(more.tags ?? [])], ...more.options })
const asked = async fields => {
  const answer = await ao.request(fields)
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() }
}
const failed = async calling => {
  try {
    return await calling()
  } catch (error) {
    return error.message
  }
}

const process = told.process = await ao.spawn({ module: given.module, tags: [{ name: 'Name', value: 'one' }] })
const another = told.another = await ao.spawn({ module: given.module, data: 'x', tags: [{ name: 'Name', value: 'two' }] })
told.fresh = await ao.results({ process })
told.slots = [await evaluated(process, '1 + 1'), await evaluated(process, '1 + 2')]
told.full = await evaluated(process, '#Inbox', { options: { opts: { fullResponse: true } } })
told.id = await evaluated(process, '1 + 3', { options: { returnMessageId: true } })
told.both = await evaluated(process, '1 + 4', { options: { returnMessageId: true, returnAssignmentSlot: true } })
told.result = await ao.result({ process, slot: 2 })
told.byMessage = await ao.result({ process, message: told.slots[0] })
told.results = await ao.results({ process })

const handler = 'Handlers.add("two", "Two", function (m) for n = 1, 2 do ' +
  'Send({ Target = m.From, Data = require("json").encode({ n = n, note = m.Tags.Note, data = m.Data }) }) end end)'
await evaluated(another, handler)
const note = 'a / b & ü?#'
told.dryrun = await ao.dryrun({ process: another, data: 'x', tags: [{ name: 'Action', value: 'Two' }, { name: 'Note', value: note }] })
told.note = note
await evaluated(process, `Send({ Target = "${another}", Action = "Two" })`)
told.inbox = await evaluated(process, 'Inbox[#Inbox].Data', { options: { opts: { fullResponse: true } } })

const path = `/${process}~process@1.0`
told.address = await asked({ path: '~meta@1.0/info/address', method: 'GET', accept: 'application/json' })
told.slot = await asked({ path: `${path}/slot/current`, method: 'GET' })
told.atSlot = [
  await asked({ path: `${path}/compute/at-slot`, method: 'POST' }),
  await asked({ path: `${path}/compute/at-slot`, method: 'POST', 'signing-format': 'ans104' })
]
const push = { path: `${path}/push`, method: 'POST', target: process, Action: 'Eval', 'accept-codec': 'json@1.0' }
told.item = await asked({ ...push, data: '"item\\n"', 'signing-format': 'ans104' })
told.fields = await asked({ ...push, data: '"fields"' })
told.list = await asked({ ...push, data: 'ao.id', count: 3, list: ['a', 2], nested: { a: 1 } })
told.lost = await asked({ ...push, data: '"two\nlines"' })

told.unknown = [
  await failed(() => ao.message({ process: 'A'.repeat(43), data: 'x' })),
  await failed(() => ao.result({ process, slot: 999 })),
  await failed(() => ao.results({ process: 'A'.repeat(43) })),
  await failed(() => ao.dryrun({ process: 'A'.repeat(43) }))
]
console.log(JSON.stringify(told))
// The client keeps its connections open.
globalThis.process.exit(0)
