// Sends messages to a network, eight at a time, for as long as it answers, and writes the id of each that it acknowledged.
// Each line of stdin says where the network is, anew.
import { createInterface } from 'node:readline'

const IN_FLIGHT = 8
const ao = await import('aoconnect-0.0.69')

for await (const line of createInterface({ input: process.stdin })) {
  const { environment, wallet, process: alice, source } = JSON.parse(line)
  const client = ao.connect({ MODE: 'legacy', ...environment })
  const signer = ao.createDataItemSigner(wallet)
  const tags = [{ name: 'Action', value: 'Eval' }]
  const send = async () => {
    for (let answers = true; answers;) {
      answers = await client.message({ process: alice, signer, tags, data: source })
        .then((id) => { console.log(id); return true }, () => false)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, send))
  console.log('down')
}
