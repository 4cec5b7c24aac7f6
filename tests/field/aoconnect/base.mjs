// Publishes on the base layer as arweave-js does, as older tools for ao still do, and writes what each call answered.
import { readFileSync } from 'node:fs'

import Arweave from 'arweave'
import { validatePath } from 'arweave/node/lib/merkle.js'

const given = JSON.parse(readFileSync(0, 'utf8'))
const { hostname, port } = new URL(given.urls.gateway)
const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64url'))
const arweave = Arweave.init({ host: hostname, port, protocol: 'http' })
const told = { transactions: [] }

told.network = await arweave.network.getInfo()
told.minted = (await arweave.api.get(`mint/${given.address}/1000000000000`)).data
told.balance = await arweave.wallets.getBalance(given.address)

// In one piece, and in chunks of which the last two share what is left.
for (const size of [0, 100, 262144, 262144 + 100, 3 * 262144]) {
  const data = new Uint8Array(size).map((_, at) => at % 251)
  const made = await arweave.createTransaction(size ? { data } : { target: given.address, quantity: '1' }, given.wallet)
  made.addTag('Type', 'Module')
  made.addTag('Größe', String(size))
  await arweave.transactions.sign(made, given.wallet)
  const uploader = size > 262144 ? await arweave.transactions.getUploader(made) : null
  while (uploader && !uploader.isComplete) await uploader.uploadChunk()
  const status = uploader ? uploader.lastResponseStatus : (await arweave.transactions.post(made)).status
  const back = await arweave.transactions.get(made.id)
  const raw = new Uint8Array(await (await fetch(`${given.urls.gateway}/raw/${made.id}`)).arrayBuffer())
  const chunked = size ? await arweave.chunks.downloadChunkedData(made.id) : data
  const first = size ? await arweave.chunks.getTransactionOffset(made.id) : null
  const chunk = size ? await arweave.chunks.getChunk(arweave.chunks.firstChunkOffset(first)) : null
  told.transactions.push({
    id: made.id,
    status,
    sameInChunks: Buffer.compare(chunked, data) === 0,
    proven: size ? !!(await validatePath(bytes(made.data_root), 0, 0, size, bytes(chunk.data_path))) : true,
    same: Buffer.compare(raw, data) === 0,
    valid: await arweave.transactions.verify(back),
    tags: back.tags.map((tag) => [tag.get('name', { decode: true, string: true }), tag.get('value', { decode: true, string: true })])
  })
}
await arweave.api.get('mine')
told.confirmed = (await arweave.transactions.getStatus(told.transactions[1].id)).confirmed
console.log(JSON.stringify(told))
