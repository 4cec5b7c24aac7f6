import { expect, test } from 'vitest';

import { currentOf, follows, NOTHING, toDo, withNews } from '../src/state';
import { ALICE, aProcess, aTrace, BOB, everything, news } from './players';

test('news adds what has changed, and leaves the rest', () => {
  const before = withNews(NOTHING, everything());

  const after = withNews(before, news({ number: 2, processes: [aProcess({ nonce: 9 })] }));

  expect([...after.processes.values()].map(each => [each.name, each.nonce])).toEqual([
    ['alice', 9],
    ['bob', 1]
  ]);
  expect(after.session).toBe(before.session);
});

test('what is not in whole news is gone', () => {
  const before = withNews(NOTHING, everything());

  const after = withNews(before, everything({ number: 5, processes: [aProcess()] }));

  expect([...after.processes.keys()]).toEqual([ALICE]);
});

test('news that comes after a gap does not follow, unless it is whole', () => {
  const state = withNews(NOTHING, everything());

  expect(follows(state, news({ number: 2 }))).toBe(true);
  expect(follows(state, news({ number: 3 }))).toBe(false);
  expect(follows(state, everything({ number: 3 }))).toBe(true);
});

test('an inbox stays until another comes', () => {
  const inbox = { process: ALICE, letters: [], refused: '' };
  const state = withNews(NOTHING, everything({ inbox }));

  expect(withNews(state, news({ number: 2 })).inbox).toBe(inbox);
});

test('only the latest traces are kept', () => {
  const traces = Array.from({ length: 40 }, (_, number) => aTrace({ root: String(number) }));

  const state = withNews(NOTHING, everything({ traces }));

  expect([...state.traces.keys()]).toEqual(traces.slice(10).map(trace => trace.root));
});

test('what is to do is all that is queued anywhere', () => {
  const processes = [aProcess({ queue: 2 }), aProcess({ id: BOB, queue: 3 })];

  expect(toDo(withNews(NOTHING, everything({ processes })))).toBe(5);
});

test('the current process is the one that cells go to', () => {
  expect(currentOf(withNews(NOTHING, everything()))?.name).toBe('alice');
  expect(currentOf(NOTHING)).toBeUndefined();
});
