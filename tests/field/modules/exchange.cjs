// Handles messages in the reference loader on a memory image that another loader may have written: one JSON object in,
// { module, format, memory, messages, env, out }; one out, { results }. `memory` and `out` are files, `memory` may be null.
const { readFileSync, writeFileSync } = require("node:fs");
for (const name of ["log", "warn", "error"]) console[name] = () => {};
const load = require("@permaweb/ao-loader");

const answer = process.stdout.write.bind(process.stdout);

async function main() {
  const given = JSON.parse(readFileSync(0, "utf8"));
  const handle = await load(readFileSync(given.module), { format: given.format, computeLimit: 9e12 });
  let memory = given.memory ? readFileSync(given.memory) : null;
  const results = [];
  for (const message of given.messages) {
    const { Memory, ...result } = await handle(memory, message, given.env);
    memory = Memory;
    results.push(result);
  }
  writeFileSync(given.out, Buffer.from(memory));
  answer(JSON.stringify({ results }));
}

main();
