// Reads drafts (JSON) from standard input, signs each with every signer, and writes what arbundles made of them.
import { readFileSync } from "node:fs";
import * as arbundles from "arbundles";
import { signers } from "./signers.mjs";

const drafts = JSON.parse(readFileSync(0, "utf8"));
const made = [];
const carried = [];
for (const [signer, own] of Object.entries(signers)) {
  for (const { target, anchor, tags, data } of drafts) {
    const options = { target: target || undefined, anchor: anchor || undefined, tags };
    const item = arbundles.createData(Buffer.from(data, "base64"), own, options);
    await item.sign(own);
    carried.push(item);
    made.push({
      signer,
      raw: item.getRaw().toString("base64"),
      signed: Buffer.from(await item.getSignatureData()).toString("base64"),
      id: item.id,
    });
  }
}
const bundle = await arbundles.bundleAndSignData(carried.slice(0, 5), signers.ed25519);
process.stdout.write(JSON.stringify({ items: made, bundle: bundle.getRaw().toString("base64") }));
