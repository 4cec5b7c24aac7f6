import { expect, test } from 'vitest';

import type { InboxLetter } from '../../src/session-comm';
import { InboxView, matching, textBlock } from '../../src/views/inbox';
import { ALICE, BOB, settled } from '../players';

const HOSTILE = '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">\u001b[31m\u202e';

function aLetter(given: Partial<InboxLetter> = {}): InboxLetter {
  const data = given.data ?? 'yo';
  return { number: 1, sender: BOB, name: 'bob', action: 'Hi', data, length: data.length, ...given };
}

function anInbox(letters: InboxLetter[]): [InboxView, [number, string, string][]] {
  const replies: [number, string, string][] = [];
  const view = new InboxView({
    open: letter => Promise.resolve(`whole ${letter.number}`),
    reply: (letter, values) => {
      replies.push([letter.number, values['action'] ?? '', values['data'] ?? '']);
      return Promise.resolve(true);
    }
  });
  view.show({ process: ALICE, letters, refused: '' });
  document.body.replaceChildren(view.node);
  return [view, replies];
}

async function unfold(view: InboxView): Promise<HTMLDetailsElement> {
  const details = view.node.querySelector('details');
  if (details === null) {
    throw new Error('there is no letter');
  }
  details.open = true;
  await settled();
  return details;
}

test('the newest letter is at the top', () => {
  const [view] = anInbox([aLetter(), aLetter({ number: 2, action: 'Later' })]);

  expect(view.node.querySelector('summary')?.textContent).toContain('Later');
});

test('a letter that is unfolded shows its data and a form to reply with', async () => {
  const [view, replies] = anInbox([aLetter({ number: 7 })]);
  const details = await unfold(view);

  const form = details.querySelector('form');
  const [action, data] = [...(form?.querySelectorAll<HTMLInputElement>('.ao-input') ?? [])];
  Object.assign(action ?? {}, { value: 'Re' });
  Object.assign(data ?? {}, { value: 'hello back' });
  form?.requestSubmit();
  await settled();

  expect(details.querySelector('pre')?.textContent).toBe('yo');
  expect(replies).toEqual([[7, 'Re', 'hello back']]);
  expect(data?.value).toBe('');
});

test('a letter that was cut is asked for when it is unfolded', async () => {
  const [view] = anInbox([aLetter({ number: 7, length: 5000 })]);

  const details = await unfold(view);

  expect(details.querySelector('pre')?.textContent).toBe('whole 7');
});

test('a letter stays unfolded when another comes', async () => {
  const [view] = anInbox([aLetter()]);
  const details = await unfold(view);

  view.show({ process: ALICE, letters: [aLetter(), aLetter({ number: 2 })], refused: '' });

  expect(view.node.querySelectorAll('details')[1]).toBe(details);
  expect(details.open).toBe(true);
});

test('the filter leaves letters that have each of its words', () => {
  const letters = [aLetter(), aLetter({ number: 2, name: 'carol', data: 'Yo there' })];

  expect(matching(letters, 'YO').length).toBe(2);
  expect(matching(letters, 'yo carol').map(letter => letter.number)).toEqual([2]);
  expect(matching(letters, '  ').length).toBe(2);
  expect(matching(letters, 'nobody')).toEqual([]);
});

test('what there is to say of an inbox without letters is said', () => {
  const [view] = anInbox([]);
  expect(view.node.textContent).toContain('empty');

  view.show({ process: ALICE, letters: [], refused: 'bob does not show its inbox' });
  expect(view.node.textContent).toContain('bob does not show its inbox');

  view.show(null);
  expect(view.node.textContent).toContain('looking');
});

test('hostile letters are shown as text and execute nothing', async () => {
  const [view] = anInbox([aLetter({ name: HOSTILE, action: HOSTILE, data: HOSTILE, sender: HOSTILE })]);

  await unfold(view);

  expect(view.node.querySelector('script, img')).toBeNull();
  expect(view.node.querySelector('pre')?.textContent).toContain('<script>window.hacked = 1</script>');
  expect(view.node.textContent).not.toMatch(/[\u001b\u202e]/);
  expect(window).not.toHaveProperty('hacked');
});

test('of a text of a megabyte the beginning is shown, and the rest on a button', () => {
  const block = textBlock('x'.repeat(1_000_000));
  const button = block.querySelector('button');
  expect(block.querySelector('pre')?.textContent.length).toBe(20_000);
  expect(button?.textContent).toBe('show all 1,000,000 characters');

  button?.click();

  expect(block.querySelector('pre')?.textContent.length).toBe(1_000_000);
});
