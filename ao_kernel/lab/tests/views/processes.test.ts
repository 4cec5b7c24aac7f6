import { expect, test } from 'vitest';

import { NOTHING, withNews } from '../../src/state';
import { marksOf, ProcessList } from '../../src/views/processes';
import { ALICE, aProcess, BOB, everything } from '../players';

function shown(selected = ALICE): [ProcessList, string[]] {
  const chosen: string[] = [];
  const list = new ProcessList(process => chosen.push(process));
  list.show(withNews(NOTHING, everything()), selected);
  document.body.replaceChildren(list.node);
  return [list, chosen];
}

function press(list: ProcessList, key: string): void {
  list.node.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
}

test('each process is an option, the selected one in reach of the Tab key', () => {
  const [list] = shown(BOB);
  const options = [...list.node.querySelectorAll<HTMLElement>('[role=option]')];

  expect(options.map(option => option.getAttribute('aria-selected'))).toEqual(['false', 'true']);
  expect(options.map(option => option.tabIndex)).toEqual([-1, 0]);
});

test('the process that cells go to says so in words', () => {
  const [list] = shown();
  const here = [...list.node.querySelectorAll<HTMLElement>('.ao-here')];

  expect(here.map(each => each.hidden)).toEqual([false, true]);
});

test('a click selects', () => {
  const [list, chosen] = shown();

  list.node.querySelectorAll<HTMLElement>('[role=option]')[1]?.click();

  expect(chosen).toEqual([BOB]);
});

test.each([
  ['ArrowDown', ALICE, BOB],
  ['ArrowUp', BOB, ALICE],
  ['Home', BOB, ALICE],
  ['End', ALICE, BOB]
])('%s goes from one to the other', (key, from, to) => {
  const [list, chosen] = shown(from);

  press(list, key);

  expect(chosen).toEqual([to]);
});

test('what is worth knowing is told in words, nothing of what is not there', () => {
  const busy = aProcess({ inbox: 2, queue: 3, waiting: 1, errors: 1, crons: ['1-minute'] });

  expect(marksOf(busy).map(mark => mark.text)).toEqual([
    'nonce 1',
    'inbox 2',
    'queue 3',
    'waiting 1',
    'cron 1-minute',
    '1 error'
  ]);
  expect(marksOf(aProcess({ inbox: null })).map(mark => mark.text)).toEqual(['nonce 1']);
});

test('a hostile name is shown as text', () => {
  const list = new ProcessList(() => undefined);
  const processes = [aProcess({ name: '<img src=x onerror=alert(1)>\u202e', crons: ['<b>'] })];

  list.show(withNews(NOTHING, everything({ processes })), '');

  expect(list.node.querySelector('img, b')).toBeNull();
  expect(list.node.textContent).toContain('<img src=x onerror=alert(1)>');
});
