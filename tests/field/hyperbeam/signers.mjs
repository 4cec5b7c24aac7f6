// The two kinds of wallets that ao's mainnet client signs with, each for items and for HTTP fields.
import { createHash } from 'node:crypto'

import { EthereumSigner } from '@dha-team/arbundles'
import { createSigner } from '@permaweb/aoconnect'

export function signers(given) {
  const ethereum = new EthereumSigner(given.ethereum)
  const address = createHash('sha256').update(ethereum.publicKey).digest('base64url')
  return {
    arweave: createSigner(given.wallet),
    ethereum: async create => {
      const payload = await create({ type: 3, publicKey: ethereum.publicKey, alg: 'ethereum' })
      return { signature: await ethereum.sign(payload), address }
    }
  }
}
