// Uses a gateway as arbundles and ao-scheduler-utils do, and writes what each call answered. Where it is comes in on stdin.
import { readFileSync } from 'node:fs'

import { ArweaveSigner, createData, DataItem, EthereumSigner } from 'arbundles'

import { withoutPublicNetwork } from './sealed.mjs'

const given = JSON.parse(readFileSync(0, 'utf8'))
withoutPublicNetwork()
const schedulers = await import('@permaweb/ao-scheduler-utils')
const { gateway, bundler } = given.urls
const { SCHEDULER, MODULE, GRAPHQL_URL } = given.environment
const told = {}

const verified = async (id) => {
  const answer = await fetch(`${gateway}/${id}`, { headers: { accept: 'application/ans104' } })
  const item = new DataItem(Buffer.from(await answer.arrayBuffer()))
  return { id: item.id, valid: await item.isValid(), tags: item.tags, data: item.rawData.toString(), anchor: item.anchor }
}
const query = async (text, variables = {}) => {
  const body = JSON.stringify({ query: text, variables })
  const answer = await fetch(GRAPHQL_URL, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  return (await answer.json()).data.transactions.edges.map((edge) => edge.node)
}
const refusalOf = (asked) => asked.then(() => null, (error) => error.name)

// What arbundles signs is taken in, and comes back as it was signed.
told.uploaded = []
for (const signer of [new ArweaveSigner(given.wallet), new EthereumSigner(given.ethereum)]) {
  const item = createData('some data', signer, { anchor: 'a'.repeat(32), tags: [{ name: 'App', value: 'field ✓' }] })
  await item.sign(signer)
  const answer = await fetch(`${bundler}/tx`, { method: 'POST', body: item.getRaw(), headers: { 'content-type': 'application/octet-stream' } })
  told.uploaded.push({ id: item.id, anchor: item.anchor, status: answer.status, receipt: await answer.json(), back: await verified(item.id) })
}
const made = told.uploaded[0].id
told.data = await (await fetch(`${gateway}/raw/${made}`)).text()
told.part = await fetch(`${gateway}/${made}`, { headers: { range: 'bytes=5-8' } }).then(async (answer) => ({
  status: answer.status, told: answer.headers.get('content-range'), data: await answer.text()
}))

// What the network signed itself holds as well.
told.found = await query('query ($ids: [ID!]!) { transactions(ids: $ids) { edges { node { id owner { address } tags { name value } } } } }', { ids: [MODULE] })
told.own = await Promise.all((await query('{ transactions(first: 20) { edges { node { id } } } }')).map(async ({ id }) => ({ asked: id, ...await verified(id) })))
told.own = told.own.map(({ asked, id, valid }) => ({ asked, id, valid }))

// A process's tags are the headers of its item.
told.process = Object.fromEntries((await fetch(`${gateway}/${given.process}`)).headers)

// Where a process's scheduler is.
const { locate, validate, raw, getProcess } = schedulers.connect({ GRAPHQL_URL, HB_GRAPHQL_URL: gateway, followRedirects: true })
told.located = await locate(given.process)
told.locatedByHint = await schedulers.connect({ GRAPHQL_URL }).locate(given.process, SCHEDULER)
told.unknown = await refusalOf(locate(MODULE))
told.valid = await validate(SCHEDULER)
told.invalid = await refusalOf(validate(given.address))
told.raw = await raw(SCHEDULER)
told.got = await getProcess(given.process)
console.log(JSON.stringify(told))
