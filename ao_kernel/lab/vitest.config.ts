import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vitest/config';

const JUPYTERLAB = fileURLToPath(new URL('tests/jupyterlab.ts', import.meta.url));

export default defineConfig({
  test: {
    environment: 'jsdom',
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/browser.ts'],
    unstubGlobals: true,
    // One page for all of them: to make one takes longer than the tests.
    isolate: false,
    pool: 'threads',
    poolOptions: { threads: { singleThread: true } }
  },
  // JupyterLab itself is played by a few lines: its packages need a whole browser.
  resolve: { alias: [{ find: /^@jupyterlab\/(?!rendermime-interfaces).*/, replacement: JUPYTERLAB }] }
});
