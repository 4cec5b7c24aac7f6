import { Widget } from '@lumino/widgets';
import { expect, test, vi } from 'vitest';

import { Following } from '../src/following';
import { AoPanel, OPEN_PANEL, panelPlugin, SHOW_PROCESS } from '../src/panel';
import type { News } from '../src/session-comm';
import { ClockView } from '../src/views/world';
import { ALICE, aLink, aSession, aTrace, BOB, everything, FakeApp, FakeContext, FakeKernel, settled } from './players';

async function aPanel(first: News | null = everything()): Promise<[AoPanel, FakeKernel, Following]> {
  const kernel = new FakeKernel();
  const following = new Following((_, looked) => aLink(kernel, looked));
  const panel = new AoPanel(following);
  document.body.replaceChildren();
  Widget.attach(panel, document.body);
  following.follow(new FakeContext(kernel).context);
  await settled();
  if (first !== null) {
    kernel.comm.tell(first);
  }
  return [panel, kernel, following];
}

function visible(panel: AoPanel, selector: string): HTMLElement[] {
  return [...panel.node.querySelectorAll<HTMLElement>(selector)].filter(each => each.closest('[hidden]') === null);
}

test('without an ao kernel the panel is quiet', () => {
  const panel = new AoPanel(new Following());

  expect(visible(panel, '.ao-session').length).toBe(0);
  expect(visible(panel, '.ao-quiet')[0]?.textContent).toContain('No ao kernel here');
});

test('with one it shows processes, traces, and the time', async () => {
  const [panel] = await aPanel(everything({ traces: [aTrace()] }));

  expect(visible(panel, '[role=option]').length).toBe(2);
  expect(visible(panel, '.ao-trace').length).toBe(1);
  expect(visible(panel, '.ao-clock-time')[0]?.textContent).toBe('1970-01-01 00:00:00');
});

test('it looks into the inbox of the current process, and of the one that is selected', async () => {
  const [panel, kernel] = await aPanel();
  panel.select(BOB);
  panel.select('alice');

  expect(kernel.comm.said).toEqual([
    { kind: 'look', process: ALICE, letters: 100 },
    { kind: 'look', process: BOB, letters: 100 },
    { kind: 'look', process: ALICE, letters: 100 }
  ]);
});

test('a restarted kernel is shown as it is then', async () => {
  const [panel, kernel, following] = await aPanel();
  const context = new FakeContext(kernel);
  following.follow(context.context);
  await settled();
  kernel.comm.tell(everything());

  context.statusChanged.emit('restarting');
  expect(visible(panel, '.ao-quiet').length).toBe(1);
  context.statusChanged.emit('idle');
  await settled();
  kernel.comm.tell(everything({ processes: [], session: aSession({ current: '' }) }));

  expect(visible(panel, '.ao-session').length).toBe(1);
  expect(visible(panel, '[role=option]').length).toBe(0);
  expect(visible(panel, '.ao-note')[0]?.textContent).toContain('No process yet');
});

test('what the session could not be opened for is told', async () => {
  const [panel, kernel] = await aPanel(null);

  kernel.comm.tell({ kind: 'trouble', text: 'the home is in use' });

  expect(visible(panel, '.ao-quiet')[0]?.textContent).toBe('the home is in use');
});

function submit(panel: AoPanel, button: string, values: Record<string, string>): void {
  const form = [...panel.node.querySelectorAll('form')].find(each => each.querySelector('button')?.textContent === button);
  for (const [name, value] of Object.entries(values)) {
    const input = form?.elements.namedItem(name) as HTMLInputElement;
    input.value = value;
  }
  form?.requestSubmit();
}

test.each([
  ['Spawn', { name: 'carol' }, { kind: 'spawn', name: 'carol' }],
  ['Send', { action: 'Ping', data: 'hi' }, { kind: 'send', process: ALICE, action: 'Ping', data: 'hi' }],
  ['Snapshot', { name: 'before' }, { kind: 'snapshot', name: 'before' }],
  ['Rewind', { nonce: '3' }, { kind: 'rewind', process: ALICE, nonce: 3 }]
])('%s asks the kernel, and says what came of it', async (button, values, asked) => {
  const [panel, kernel] = await aPanel();

  submit(panel, button, values);
  expect(kernel.comm.said.at(-1)).toEqual({ ...asked, ask: 1 });
  kernel.comm.tell({ kind: 'answer', ask: 1, ok: false, text: '<b>no</b>', hops: [] });
  await settled();

  const said = panel.node.querySelector('[role=status].ao-said');
  expect(said?.textContent).toBe('<b>no</b>');
  expect(said?.classList.contains('ao-failed')).toBe(true);
});

test('cells can be sent to another process, and the world taken back to a snapshot', async () => {
  const [panel, kernel] = await aPanel(everything({ session: aSession({ snapshots: ['before'] }) }));
  panel.select(BOB);

  visible(panel, '.ao-heading button')[0]?.click();
  visible(panel, '[aria-label="Restore before"]')[0]?.click();

  expect(kernel.comm.said.slice(-2)).toEqual([
    { kind: 'use', process: BOB, ask: 1 },
    { kind: 'restore', name: 'before', ask: 2 }
  ]);
});

test('what is typed into a form is not for the shortcuts of the notebook', async () => {
  const [panel] = await aPanel();
  let heard = 0;
  document.body.addEventListener('keydown', () => heard++);

  for (const input of panel.node.querySelectorAll('input, textarea')) {
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'd', bubbles: true }));
  }

  expect(heard).toBe(0);
});

test('the plugin adds the panel, and commands that open it', async () => {
  const fake = new FakeApp();
  const offered: string[] = [];
  const palette = { addItem: (item: { command: string }) => offered.push(item.command) };

  void panelPlugin.activate(fake.app, new Following(), palette, {});
  await fake.added.get(OPEN_PANEL)?.execute({});
  await fake.added.get(SHOW_PROCESS)?.execute({ process: BOB });

  expect(fake.widgets.map(widget => widget.id)).toEqual(['ao-panel']);
  expect(fake.activated).toEqual(['ao-panel', 'ao-panel']);
  expect(fake.expanded).toEqual([]);
  expect(offered).toEqual([OPEN_PANEL]);
});

test("Notebook's sidebar is unfolded for it", async () => {
  const fake = new FakeApp();
  void panelPlugin.activate(fake.app, new Following(), null, null);

  await fake.added.get(OPEN_PANEL)?.execute({});

  expect(fake.expanded).toEqual(['ao-panel']);
});

test('a clock that runs goes on by itself, one that stands still does not', () => {
  vi.useFakeTimers({ now: 0 });
  const view = new ClockView();
  const time = (): string | null => view.node.textContent;

  view.show({ height: 1, timestamp: 0, runs: true });
  vi.advanceTimersByTime(5000);
  view.tick();
  expect(time()).toBe('1970-01-01 00:00:05block 1');
  view.show({ height: 1, timestamp: 0, runs: false });
  vi.advanceTimersByTime(5000);
  view.tick();

  expect(time()).toBe('1970-01-01 00:00:00block 1, stands still');
  vi.useRealTimers();
});
