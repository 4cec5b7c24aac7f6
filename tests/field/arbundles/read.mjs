// Reads items and bundles (JSON, base64) from standard input, and writes what arbundles reads in them.
import { readFileSync } from "node:fs";
import * as arbundles from "arbundles";

const { items, bundle } = JSON.parse(readFileSync(0, "utf8"));
const read = [];
for (const raw of items) {
  const item = new arbundles.DataItem(Buffer.from(raw, "base64"));
  const valid = await arbundles.DataItem.verify(item.getRaw());
  read.push({
    valid,
    id: item.id,
    signed: Buffer.from(await item.getSignatureData()).toString("base64"),
    target: item.target,
    anchor: item.anchor,
    owner: item.owner,
    tags: item.tags,
    data: item.rawData.toString("base64"),
  });
}
const unbundled = new arbundles.Bundle(Buffer.from(bundle, "base64"));
process.stdout.write(
  JSON.stringify({ items: read, bundle: { valid: await unbundled.verify(), ids: unbundled.getIds() } }),
);
