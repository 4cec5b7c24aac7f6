import { expect, test } from 'vitest';

import { LETTERS, Link } from '../src/link';
import { ALICE, aLink, aProcess, BOB, everything, FakeKernel, news } from './players';

test('a link opens a comm and says whose inbox it shows', () => {
  const kernel = new FakeKernel();

  aLink(kernel, BOB);

  expect(kernel.comm.target).toBe('ao.panel');
  expect(kernel.comm.opened).toEqual({ version: 1, process: BOB, letters: LETTERS });
});

test('news becomes state, and is told of', () => {
  const kernel = new FakeKernel();
  const link = aLink(kernel);
  let times = 0;
  link.changed.connect(() => times++);

  kernel.comm.tell(everything());

  expect(link.state.processes.size).toBe(2);
  expect(times).toBe(1);
});

test('however much comes between two drawings is told of once', () => {
  const draws: (() => void)[] = [];
  const kernel = new FakeKernel();
  const link = new Link(kernel.connection, '', draw => draws.push(draw));
  let times = 0;
  link.changed.connect(() => times++);

  kernel.comm.tell(everything());
  kernel.comm.tell(news({ number: 2, processes: [aProcess({ nonce: 5 })] }));
  draws.forEach(draw => {
    draw();
  });

  expect(times).toBe(1);
  expect(link.state.processes.get(ALICE)?.nonce).toBe(5);
});

test('after a gap everything is asked for again', () => {
  const kernel = new FakeKernel();
  const link = aLink(kernel);
  kernel.comm.tell(everything());

  kernel.comm.tell(news({ number: 3 }));

  expect(kernel.comm.said).toEqual([{ kind: 'whole' }]);
  expect(link.state.number).toBe(1);
});

test('the kernel is told now and then that its news has been shown', () => {
  const kernel = new FakeKernel();
  aLink(kernel);
  kernel.comm.tell(everything());

  for (let number = 2; number <= 20; number++) {
    kernel.comm.tell(news({ number }));
  }

  expect(kernel.comm.said).toEqual([
    { kind: 'seen', number: 8 },
    { kind: 'seen', number: 16 }
  ]);
});

test('answers come to those who asked', async () => {
  const kernel = new FakeKernel();
  const link = aLink(kernel);

  const first = link.ask({ kind: 'use', process: ALICE });
  const second = link.ask({ kind: 'spawn', name: 'carol' });
  kernel.comm.tell({ kind: 'answer', ask: 2, ok: true, text: 'second', hops: [] });
  kernel.comm.tell({ kind: 'answer', ask: 1, ok: false, text: 'first', hops: [] });

  expect((await first).text).toBe('first');
  expect((await second).text).toBe('second');
});

test('to look at another inbox is said once', () => {
  const kernel = new FakeKernel();
  const link = aLink(kernel);

  link.look(BOB);
  link.look(BOB);

  expect(kernel.comm.said).toEqual([{ kind: 'look', process: BOB, letters: LETTERS }]);
});

test('who still waits for an answer when the link is closed is told so', async () => {
  const kernel = new FakeKernel();
  const link = aLink(kernel);
  const asked = link.ask({ kind: 'use', process: ALICE });

  link.close();

  expect(await asked).toMatchObject({ ok: false, text: 'the kernel has gone' });
  expect(kernel.comm.isDisposed).toBe(true);
});

test('trouble is told of', () => {
  const kernel = new FakeKernel();
  const link = aLink(kernel);

  kernel.comm.tell({ kind: 'trouble', text: 'the home is in use' });

  expect(link.trouble).toBe('the home is in use');
});
