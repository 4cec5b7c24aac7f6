// Runs a module in the reference loader, a line of JSON for each message: { message, env, spans, undo } in, and
// { result | thrown, hash } out. The loader keeps its memory, as a copy for each message would take a tenth of a second; only
// where the caller says that the message may have to be undone is a copy kept to go back to. The hash is over the parts of
// memory that the caller says are alive.
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { createInterface } = require("node:readline");
// What a module writes to its streams would stand among the answers.
for (const name of ["log", "warn", "error"]) console[name] = () => {};
const load = require("@permaweb/ao-loader");

const [file, format, computeLimit] = process.argv.slice(2);
// The second loader puts the arguments of its script on the module's stack, the first of which is another on each machine.
process.argv = [process.argv[0], "./this.program"];
const answer = process.stdout.write.bind(process.stdout);

function hashOf(memory, spans) {
  const hash = createHash("sha256");
  for (const [start, end] of spans) hash.update(memory.subarray(start, end));
  return hash.digest("hex");
}

async function main() {
  const options = { format, computeLimit: Number(computeLimit), UNSAFE_MEMORY: true };
  const handle = await load(readFileSync(file), options);
  let live = null;
  let next = null;
  for await (const line of createInterface({ input: process.stdin })) {
    const { message, env, spans, undo } = JSON.parse(line);
    const kept = undo && live ? live.slice() : null;
    const said = {};
    let failed = true;
    try {
      const { Memory, ...result } = await handle(next, message, env);
      said.result = result;
      live = new Uint8Array(Memory);
      failed = result.Error !== undefined && result.Error !== null && result.Error !== false;
    } catch (error) {
      said.thrown = error instanceof Error ? error.message : error;
    }
    next = failed ? kept : null;
    if (failed && kept) live = kept;
    if (live) said.hash = hashOf(live, spans ?? []);
    answer(JSON.stringify(said) + "\n");
  }
}

main();
