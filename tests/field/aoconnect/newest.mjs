// What only the newer @permaweb/aoconnect has: slots, messages that are signed before they are sent, and a process's log.
import { readFileSync } from 'node:fs'

import { withoutPublicNetwork } from './sealed.mjs'

const given = JSON.parse(readFileSync(0, 'utf8'))
// Of where a scheduler is to be found, aoconnect reads the environment alone.
Object.assign(process.env, given.environment)
withoutPublicNetwork()
const ao = await import(given.package)

const { SCHEDULER, AUTHORITY, MODULE } = given.environment
const signer = ao.createSigner(given.wallet)
const client = ao.connect({
  MODE: 'legacy',
  GATEWAY_URL: given.environment.GATEWAY_URL,
  MU_URL: given.environment.MU_URL,
  CU_URL: given.environment.CU_URL
})
const told = {}

const one = told.process = await ao.spawn({
  module: MODULE, scheduler: SCHEDULER, signer, data: 'x', tags: [{ name: 'Authority', value: AUTHORITY }]
})
const own = { process: one, signer, tags: [{ name: 'Action', value: 'Eval' }] }
told.slot = await client.message({ ...own, data: '3 + 3', returnAssignmentSlot: true })
told.both = await client.message({ ...own, data: '4 + 4', returnAssignmentSlot: true, returnMessageId: true })
told.bothResult = await ao.result({ process: one, message: told.both.id })
const signed = await client.signMessage({ ...own, data: '5 + 5' })
told.signed = signed.id
told.sent = await client.sendSignedMessage(signed)
told.signedResult = await client.result({ process: one, message: signed.id })
told.lastSlot = await client.getLastSlot({ processId: one })
told.messages = await client.getMessages({ processId: one, from: '0', to: '9999999999999' })
told.byId = await client.getMessageById({ processId: one, messageId: signed.id })
console.log(JSON.stringify(told))
