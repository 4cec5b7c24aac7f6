import { expect, test } from 'vitest';

import { Following } from '../src/following';
import { OPEN_PANEL } from '../src/panel';
import { NOTHING, withNews } from '../src/state';
import { AoStatus, statusOf, statusPlugin } from '../src/status';
import { aLink, aProcess, aSession, everything, FakeApp, FakeContext, FakeKernel, settled } from './players';

test('it says where cells go, and where the units are', () => {
  expect(statusOf(withNews(NOTHING, everything()))).toBe('alice nonce 1 · local');
});

test('it names the host of units elsewhere', () => {
  const session = aSession({ place: { is_shared: true, host: 'cu.example.org' } });

  expect(statusOf(withNews(NOTHING, everything({ session })))).toBe('alice nonce 1 · cu.example.org');
});

test('it says how much is still to be evaluated', () => {
  const processes = [aProcess({ queue: 1200 })];

  expect(statusOf(withNews(NOTHING, everything({ processes })))).toBe('alice nonce 1 · local · 1,200 to evaluate');
});

test('before the first process it says so much', () => {
  const session = aSession({ current: '' });

  expect(statusOf(withNews(NOTHING, everything({ session, processes: [] })))).toBe('ao · local');
});

test('a hostile name is text', () => {
  const following = new Following();
  const item = new AoStatus(following, () => undefined);

  expect(statusOf(withNews(NOTHING, everything({ processes: [aProcess({ name: '<b>\u202e' })] })))).toContain('<b> nonce');
  expect(item.node.querySelector('b')).toBeNull();
});

test('it is there while an ao kernel is, and a click opens the panel', async () => {
  const kernel = new FakeKernel();
  const following = new Following((_, looked) => aLink(kernel, looked));
  let clicks = 0;
  const item = new AoStatus(following, () => clicks++);
  const seen: boolean[] = [];
  item.activeChanged.connect(() => seen.push(item.isActive));

  following.follow(new FakeContext(kernel).context);
  await settled();
  kernel.comm.tell(everything());
  item.node.querySelector('button')?.click();
  following.follow(null);

  expect(seen).toEqual([true, false]);
  expect(clicks).toBe(1);
  expect(item.node.textContent).toContain('alice nonce 1');
});

test('the plugin adds the item where there is a status bar, and does without one', () => {
  const fake = new FakeApp();
  const items: { item: AoStatus; isActive: () => boolean }[] = [];
  const bar = { registerStatusItem: (_: string, item: { item: AoStatus; isActive: () => boolean }) => items.push(item) };

  void statusPlugin.activate(fake.app, new Following(), null);
  void statusPlugin.activate(fake.app, new Following(), bar);
  items[0]?.item.node.querySelector('button')?.click();

  expect(items.map(each => each.isActive())).toEqual([false]);
  expect(fake.executed.map(([command]) => command)).toEqual([OPEN_PANEL]);
});
