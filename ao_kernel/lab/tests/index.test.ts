import { expect, test } from 'vitest';

import plugins from '../src/index';

test('every plugin has a name of its own, and needs nothing of JupyterLab that may be absent', () => {
  const ids = plugins.map(plugin => plugin.id);
  const needed = plugins.flatMap(plugin => plugin.requires ?? []).map(token => token.name);

  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every(id => id.startsWith('ao-jupyter:'))).toBe(true);
  expect(new Set(needed)).toEqual(new Set(['ao-jupyter:IFollowing']));
});
