// Requests as npm's http-message-signatures signs them, and whether it finds our answers' signatures to hold.
import { createPrivateKey, createPublicKey, constants, createSign, sign, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { httpbis } from 'http-message-signatures'

const given = JSON.parse(readFileSync(0, 'utf8'))
const rsa = createPrivateKey({ key: given.wallet, format: 'jwk' })
const edwards = createPrivateKey({ key: given.edwards, format: 'jwk' })
const keys = {
  rsa: {
    id: given.wallet.n,
    alg: 'rsa-pss-sha512',
    sign: async data => createSign('sha512').update(data).sign({ key: rsa, padding: constants.RSA_PKCS1_PSS_PADDING })
  },
  edwards: { id: given.edwards.x, alg: 'ed25519', sign: async data => sign(null, data, edwards) }
}
const request = {
  method: 'POST',
  url: 'http://node.test/push?a=1',
  headers: { action: 'Eval', data: '1 + 1', 'ao-types': 'count="integer"', count: '3' }
}
const told = { signed: {}, verified: [] }
for (const [name, key] of Object.entries(keys)) {
  const fields = ['@method', '@path', '@query', 'action', 'data', 'ao-types', 'count']
  told.signed[name] = (await httpbis.signMessage({ key, fields, name: 'sig' }, request)).headers
}
told.request = { method: request.method, url: request.url }
// A node's key is what it calls the key.
const keyLookup = async ({ keyid }) => {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: keyid }, format: 'jwk' })
  return { verify: async (data, signature) => verify(null, data, key, signature) }
}
for (const answer of given.answers) told.verified.push(await httpbis.verifyMessage({ keyLookup }, answer))
console.log(JSON.stringify(told))
