// Handles messages in the reference loader with a drive that holds one text under every name of data: one JSON object in,
// { module, format, messages, env, data }; one out, what each message gave.
const { readFileSync } = require("node:fs");
for (const name of ["log", "warn", "error"]) console[name] = () => {};
const load = require("@permaweb/ao-loader");
const WeaveDrive = require("./node_modules/wao/cjs/weavedrive.js").default;

const answer = process.stdout.write.bind(process.stdout);

async function main() {
  const given = JSON.parse(readFileSync(0, "utf8"));
  const weave = { data: async () => Buffer.from(given.data), mem: { txs: {}, blocks: [], blockmap: {} } };
  const handle = await load(readFileSync(given.module), {
    format: given.format,
    WeaveDrive: new WeaveDrive(weave).ext,
    ARWEAVE: "unused",
    mode: "test",
    spawn: { tags: [] },
    module: { tags: [] },
    UNSAFE_MEMORY: true,
  });
  const results = [];
  for (const message of given.messages) {
    const { Output } = await handle(null, message, given.env);
    results.push(Output.data);
  }
  answer(JSON.stringify(results));
}

main();
