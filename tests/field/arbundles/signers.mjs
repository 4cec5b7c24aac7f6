// arbundles' own signers over the test keys, one for each type of signature.
import { createPrivateKey, sign as cryptoSign } from "node:crypto";
import { readFileSync } from "node:fs";
import * as arbundles from "arbundles";
import bs58 from "bs58";

const key = (name) => JSON.parse(readFileSync(new URL(`../../keys/${name}.json`, import.meta.url), "utf8"));
const bytes = (text) => Buffer.from(text, "base64url");
const base58 = (jwk) => bs58.encode(Buffer.concat([bytes(jwk.d), bytes(jwk.x)]));

const ed25519 = key("ed25519");
const solana = key("solana");
const ethereum = bytes(key("ethereum").d).toString("hex");

// A wallet in a browser: it is handed text, and signs it the way Aptos's wallets do.
const aptosWallet = {
  async signMessage({ message, nonce }) {
    const secret = createPrivateKey({ key: { kty: "OKP", crv: "Ed25519", x: ed25519.x, d: ed25519.d }, format: "jwk" });
    const text = `APTOS\nmessage: ${message}\nnonce: ${nonce}`;
    return { signature: cryptoSign(null, Buffer.from(text), secret).toString("hex") };
  },
};

// Two of three must sign; the first and the third do.
const several = [ed25519, { x: key("ethereum").x, d: null }, solana];
const severalOwner = Buffer.alloc(1025);
several.forEach(({ x }, number) => severalOwner.set(bytes(x), number * 32));
severalOwner[1024] = 2;

async function collectSignatures(message) {
  const present = [ed25519, solana];
  const signatures = present.map((jwk) => new arbundles.SolanaSigner(base58(jwk)).sign(message));
  return { signatures: await Promise.all(signatures), bitmap: [0, 2] };
}

export const signers = {
  arweave: new arbundles.ArweaveSigner(key("arweave")),
  ed25519: new arbundles.SolanaSigner(base58(ed25519)),
  ethereum: new arbundles.EthereumSigner(ethereum),
  solana: new arbundles.HexSolanaSigner(base58(solana)),
  "injected aptos": new arbundles.InjectedAptosSigner(aptosWallet, bytes(ed25519.x)),
  "multi aptos": new arbundles.MultiSignatureAptosSigner(severalOwner, collectSignatures),
  "typed ethereum": new arbundles.TypedEthereumSigner(ethereum),
};
