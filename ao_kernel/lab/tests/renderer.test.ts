import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { expect, test } from 'vitest';

import { SHOW_PROCESS } from '../src/panel';
import { cardOf, MIME_TYPE, rendererPlugin, resultOf } from '../src/renderer';
import { BOB, FakeApp } from './players';

const HOSTILE = '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">\u001b[31m\u202e';

const RESULT = {
  version: 1,
  headline: 'set off: 2 messages',
  messages: [
    { process: BOB, from: { id: '', name: 'you' }, to: { id: BOB, name: 'bob' }, action: 'Hi', data: 'yo', outcome: 'ok', error: '' },
    { process: '', from: { id: '', name: 'bob' }, to: { id: '', name: 'alice' }, action: 'Re', data: '', outcome: '', error: 'boom' }
  ],
  spawned: [{ id: '', name: 'carol' }],
  more: 3
};

test('a card says what was set off, row by row, and what more there was', () => {
  const card = cardOf(resultOf(RESULT), () => undefined);

  expect(card.querySelector('summary')?.textContent).toBe('set off: 2 messages');
  expect([...card.querySelectorAll('tbody tr')].map(row => row.textContent)).toEqual(['youbobHiyook', 'bobaliceReboom']);
  expect(card.querySelectorAll('tr.ao-failed').length).toBe(1);
  expect([...card.querySelectorAll('.ao-note')].map(note => note.textContent)).toEqual(['spawned carol', 'and 3 more']);
});

test('a card is folded, unless something went wrong', () => {
  const fine = { ...RESULT, messages: RESULT.messages.slice(0, 1) };

  expect(cardOf(resultOf(fine), () => undefined).hasAttribute('open')).toBe(false);
  expect(cardOf(resultOf(RESULT), () => undefined).hasAttribute('open')).toBe(true);
});

test('processes are links, by id or by name; a person is none', () => {
  const gone: string[] = [];
  const card = cardOf(resultOf(RESULT), process => gone.push(process));

  for (const link of card.querySelectorAll<HTMLElement>('.ao-link')) {
    link.click();
  }

  expect(gone).toEqual([BOB, 'bob', 'alice', 'carol']);
});

test.each([null, 7, 'text', [], {}, { messages: 'many' }, { messages: [null, 7] }, { spawned: [[]] }])(
  'a bundle that holds %j harms nobody',
  json => {
    expect(() => cardOf(resultOf(json), () => undefined)).not.toThrow();
  }
);

test('a storm is cut, and the rest counted', () => {
  const result = resultOf({ ...RESULT, messages: Array.from({ length: 500 }, () => RESULT.messages[0]) });

  expect([result.messages.length, result.more]).toEqual([200, 303]);
});

test('hostile content is shown as text and executes nothing', () => {
  const message = { process: HOSTILE, from: { id: HOSTILE, name: HOSTILE }, to: { id: '', name: HOSTILE } };
  const rest = { action: HOSTILE, data: HOSTILE + 'x'.repeat(1_000_000), outcome: HOSTILE, error: HOSTILE };
  const card = cardOf(resultOf({ headline: HOSTILE, messages: [{ ...message, ...rest }] }), () => undefined);
  document.body.replaceChildren(card);

  expect(card.querySelector('script, img')).toBeNull();
  expect(card.textContent).toContain('<script>window.hacked = 1</script>');
  expect(card.textContent).not.toMatch(/[\u001b\u202e]/);
  expect(card.textContent.length).toBeLessThan(2000);
  expect(window).not.toHaveProperty('hacked');
});

test('the plugin renders before HTML does, and its links open the panel', async () => {
  const fake = new FakeApp();
  const factories: [IRenderMime.IRendererFactory, number][] = [];
  const registry = { addFactory: (factory: IRenderMime.IRendererFactory, rank: number) => factories.push([factory, rank]) };
  void rendererPlugin.activate(fake.app, registry);
  const [factory, rank] = factories[0] ?? [];
  const renderer = factory?.createRenderer({} as IRenderMime.IRendererOptions);

  await renderer?.renderModel({ data: { [MIME_TYPE]: RESULT } } as unknown as IRenderMime.IMimeModel);
  renderer?.node.querySelector<HTMLElement>('.ao-link')?.click();

  expect([factory?.safe, rank]).toEqual([true, 40]);
  expect(fake.executed).toEqual([[SHOW_PROCESS, { process: BOB }]]);
});
