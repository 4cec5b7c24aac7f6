import type { Kernel } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import { expect, test } from 'vitest';

import { Following, followingPlugin } from '../src/following';
import { BOB, everything, FakeApp, FakeContext, FakeKernel, aLink, settled } from './players';

function aFollowing(): Following {
  return new Following((kernel, looked) => aLink(kernel as unknown as FakeKernel, looked));
}

async function followed(kernel: FakeKernel): Promise<[Following, FakeContext]> {
  const following = aFollowing();
  const context = new FakeContext(kernel);
  following.follow(context.context);
  await settled();
  return [following, context];
}

test('an ao kernel is linked to', async () => {
  const [following] = await followed(new FakeKernel());

  expect(following.link).not.toBeNull();
});

test("another's kernel is left alone", async () => {
  const kernel = new FakeKernel('ipython');

  const [following] = await followed(kernel);

  expect(following.link).toBeNull();
  expect(kernel.comms).toEqual([]);
});

test('a connection that has no comms is left alone', async () => {
  const [following] = await followed(new FakeKernel('ao', false));

  expect(following.link).toBeNull();
});

test('a kernel that ends before it says what it is does no harm', async () => {
  const kernel = new FakeKernel();
  Object.assign(kernel, { info: Promise.reject(new Error('dead')) });

  const [following] = await followed(kernel);

  expect(following.link).toBeNull();
});

test.each<Kernel.Status>(['restarting', 'autorestarting'])('after %s it is linked to again', async status => {
  const kernel = new FakeKernel();
  const [following, context] = await followed(kernel);
  following.look(BOB);

  context.statusChanged.emit(status);
  expect(following.link).toBeNull();
  context.statusChanged.emit('starting');
  context.statusChanged.emit('idle');
  await settled();

  expect(following.link).not.toBeNull();
  expect(kernel.comms.length).toBe(2);
  expect(kernel.comm.opened).toMatchObject({ process: BOB });
});

test('a kernel that is busy or idle by turns is linked to once', async () => {
  const kernel = new FakeKernel();
  const [, context] = await followed(kernel);

  context.statusChanged.emit('busy');
  context.statusChanged.emit('idle');
  await settled();

  expect(kernel.comms.length).toBe(1);
});

test('another notebook is followed, and the first one left', async () => {
  const first = new FakeKernel();
  const second = new FakeKernel();
  const [following, context] = await followed(first);

  following.follow(new FakeContext(second).context);
  await settled();
  context.statusChanged.emit('idle');
  await settled();

  expect(first.comm.isDisposed).toBe(true);
  expect([first.comms.length, second.comms.length]).toEqual([1, 1]);
});

test('a notebook whose kernel is changed is followed to the new one', async () => {
  const [following, context] = await followed(new FakeKernel('ipython'));

  context.session = { kernel: new FakeKernel() };
  context.kernelChanged.emit();
  await settled();

  expect(following.link).not.toBeNull();
});

test('after the network was away everything is asked for again', async () => {
  const kernel = new FakeKernel();
  const [, context] = await followed(kernel);

  context.connectionStatusChanged.emit('connected');

  expect(kernel.comm.said).toEqual([{ kind: 'whole' }]);
});

test('what is new on the link is passed on', async () => {
  const kernel = new FakeKernel();
  const [following] = await followed(kernel);
  let times = 0;
  following.changed.connect(() => times++);

  kernel.comm.tell(everything());

  expect(times).toBe(1);
});

test('the plugin follows the notebook that is looked at, or the console', async () => {
  const { app } = new FakeApp();
  const [inNotebook, inConsole] = [new FakeKernel(), new FakeKernel()];
  const notebooks = aTracker(inNotebook);
  const consoles = aTracker(inConsole);

  const following = await followingPlugin.activate(app, notebooks, consoles);
  await settled();
  expect([inNotebook.comms.length, inConsole.comms.length]).toEqual([1, 0]);
  Object.assign(app.shell, { currentWidget: consoles.currentWidget });
  consoles.currentChanged.emit();
  await settled();

  expect(following.link).not.toBeNull();
  expect([inNotebook.comm.isDisposed, inConsole.comms.length]).toEqual([true, 1]);
});

test('a page that goes closes its link, and one that comes back opens another', async () => {
  const kernel = new FakeKernel();
  const following = await followingPlugin.activate(new FakeApp().app, aTracker(kernel), null);
  await settled();

  window.dispatchEvent(new Event('pagehide'));
  expect(kernel.comm.isDisposed).toBe(true);
  window.dispatchEvent(new Event('pageshow'));
  await settled();

  expect(following.link).not.toBeNull();
});

test('the plugin is quiet where there are no notebooks', async () => {
  const following = await followingPlugin.activate(new FakeApp().app, null, null);
  await settled();

  expect(following.link).toBeNull();
});

interface Tracker {
  currentWidget: { sessionContext: FakeContext };
  currentChanged: Signal<object, void>;
  has(widget: unknown): boolean;
}

function aTracker(kernel: FakeKernel): Tracker {
  const widget = { sessionContext: new FakeContext(kernel) };
  return { currentWidget: widget, currentChanged: new Signal({}), has: each => each === widget };
}
