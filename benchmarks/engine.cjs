// Runs a module in the reference loader as `engine.py` asks: a line of JSON for each message in, its milliseconds out. With
// "copy", memory goes in and out with each message, as the reference's compute unit has it; with "keep" it stays inside.
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { createInterface } = require("node:readline");
for (const name of ["log", "warn", "error"]) console[name] = () => {};
const load = createRequire(process.cwd() + "/")("@permaweb/ao-loader");

const [file, format, mode] = process.argv.slice(2);
const answer = process.stdout.write.bind(process.stdout);

async function main() {
  const began = performance.now();
  const handle = await load(readFileSync(file), { format, UNSAFE_MEMORY: mode === "keep" });
  answer(JSON.stringify({ started: performance.now() - began }) + "\n");
  let memory = null;
  for await (const line of createInterface({ input: process.stdin })) {
    const { message, env } = JSON.parse(line);
    const start = process.hrtime.bigint();
    const result = await handle(memory, message, env);
    const took = Number(process.hrtime.bigint() - start) / 1e6;
    if (mode === "copy") memory = result.Memory;
    answer(JSON.stringify({ took, error: result.Error, rss: process.memoryUsage().rss }) + "\n");
  }
}

main();
