/**
 * Builds the extension with Jupyter's own tool, and notes what it was built from: `sources.sha256` beside the build says of
 * which sources it is, so that a test can tell a build that is out of date without building.
 */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const target = join(here, '..', 'labextension');

function node(...words) {
  execFileSync(process.execPath, words, { cwd: here, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** The files that make the build, by name. */
function sources() {
  const folders = ['src', 'style'].flatMap(folder =>
    readdirSync(join(here, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(here.length + 1))
  );
  return [...folders, 'package.json', 'package-lock.json', 'tsconfig.json', 'build.mjs', 'bundle.cjs'].sort();
}

function hash() {
  const sum = createHash('sha256');
  for (const name of sources()) {
    sum.update(name).update('\0').update(readFileSync(join(here, name))).update('\0');
  }
  return sum.digest('hex');
}

/** Names the entry by what is in it. The tool's own name for it depends on the folder that it was built in. */
function nameEntry() {
  const file = join(target, 'package.json');
  const data = JSON.parse(readFileSync(file, 'utf8'));
  const entry = join(target, data.jupyterlab._build.load);
  const sum = createHash('sha256').update(readFileSync(entry)).digest('hex').slice(0, 16);
  data.jupyterlab._build.load = `static/remoteEntry.${sum}.js`;
  renameSync(entry, join(target, data.jupyterlab._build.load));
  writeFileSync(file, `${JSON.stringify(data, null, 2)}\n`);
}

rmSync(join(here, 'lib'), { recursive: true, force: true });
node('node_modules/typescript/bin/tsc');
node(
  'node_modules/@jupyter/builder/lib/build-labextension.js',
  '--core-package-file',
  'node_modules/@jupyterlab/core-meta/core.package.json',
  '.'
);
nameEntry();
writeFileSync(join(target, 'sources.sha256'), `${hash()}\n`);
