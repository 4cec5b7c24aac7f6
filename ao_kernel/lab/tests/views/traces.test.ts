import { expect, test } from 'vitest';

import type { Hop, Trace } from '../../src/session-comm';
import { TraceList } from '../../src/views/traces';
import { ALICE, aTrace, BOB, settled } from '../players';

function aHop(given: Partial<Hop> = {}): Hop {
  const rest = { message: 'm', process: BOB, nonce: 1, time: 1, sender: 'alice', receiver: 'bob' };
  return { ...rest, action: 'Ping', data: 'one', outcome: 'ok', failed: false, ...given };
}

function shown(...traces: Trace[]): { list: TraceList; asked: string[]; gone: string[]; show: (...traces: Trace[]) => void } {
  const asked: string[] = [];
  const gone: string[] = [];
  const list = new TraceList({
    unfold: root => {
      asked.push(root);
      return Promise.resolve([aHop(), aHop({ failed: true, outcome: '<b>boom</b>' })]);
    },
    goTo: process => gone.push(process)
  });
  const show = (...each: Trace[]): void => {
    list.show(new Map(each.map(trace => [trace.root, trace])));
  };
  show(...traces);
  document.body.replaceChildren(list.node);
  return { list, asked, gone, show };
}

test('the latest trace is at the top, with how much came of it', () => {
  const { list } = shown(aTrace({ root: '1', time: 1 }), aTrace({ root: '2', time: 2, messages: 3, errors: 1 }));

  expect(list.node.querySelector('.ao-size')?.textContent).toBe('3 messages, 1 error');
});

test('a trace that is unfolded shows its messages, with links to processes', async () => {
  const { list, asked, gone } = shown(aTrace({ root: '1' }));

  list.node.querySelector('details')?.setAttribute('open', '');
  await settled();
  list.node.querySelector<HTMLElement>('.ao-hop .ao-link')?.click();

  expect(asked).toEqual(['1']);
  expect(gone).toEqual([BOB]);
  expect(list.node.querySelectorAll('.ao-hop.ao-failed').length).toBe(1);
  expect(list.node.querySelector('.ao-hop b')).toBeNull();
});

test('an unfolded trace is asked for again when more has come of it', async () => {
  const { list, asked, show } = shown(aTrace({ root: '1' }));
  list.node.querySelector('details')?.setAttribute('open', '');
  await settled();

  show(aTrace({ root: '1', messages: 2 }));
  await settled();
  show(aTrace({ root: '1', messages: 2, process: ALICE }));
  await settled();

  expect(asked).toEqual(['1', '1']);
});
