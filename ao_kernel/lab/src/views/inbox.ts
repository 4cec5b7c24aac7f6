/** The inbox of the selected process: filter, unfold a letter, reply to it. */

import { h, Rows, setShown, setText, type Row } from '../dom';
import type { Inbox, InboxLetter } from '../session-comm';
import { directionOf, oneLine, plain } from '../text';
import { form, type Values } from './forms';

/** Characters of a text that are put on the page at once. */
const AT_ONCE = 20_000;

export interface InboxActions {
  /** The letter's whole data. */
  open(letter: InboxLetter): Promise<string>;
  reply(letter: InboxLetter, values: Values): Promise<boolean>;
}

export class InboxView {
  constructor(private readonly _actions: InboxActions) {
    this._filter.addEventListener('input', () => this._draw());
    this._filter.addEventListener('keydown', event => event.stopPropagation());
  }

  private readonly _filter = h('input', {
    class: 'ao-input ao-filter',
    type: 'search',
    placeholder: 'filter: a sender, an action, a word',
    'aria-label': 'Filter the inbox'
  });
  private readonly _list = h('ul', { class: 'ao-list ao-letters', 'aria-label': 'Letters' });
  private readonly _note = h('p', { class: 'ao-note', role: 'status' });

  readonly node = h('div', { class: 'ao-inbox' }, this._filter, this._list, this._note);

  show(inbox: Inbox | null): void {
    if (inbox?.process !== this._inbox?.process) {
      this._rows.show([]);
    }
    this._inbox = inbox;
    this._draw();
  }

  private _draw(): void {
    const all = this._inbox?.letters ?? [];
    const wanted = matching(all, this._filter.value);
    setShown(this._filter, all.length > 1 || this._filter.value !== '');
    this._rows.show([...wanted].reverse());
    setText(this._note, noteOf(this._inbox, wanted.length));
    setShown(this._note, this._note.textContent !== '');
  }

  private _inbox: Inbox | null = null;
  private readonly _rows = new Rows<InboxLetter>(
    this._list,
    letter => `${letter.number} ${letter.sender} ${letter.length} ${letter.action}`,
    letter => new LetterRow(letter, this._actions)
  );
}

function noteOf(inbox: Inbox | null, shown: number): string {
  if (inbox === null) {
    return 'looking into the inbox…';
  }
  if (inbox.refused !== '') {
    return plain(inbox.refused);
  }
  if (inbox.letters.length === 0) {
    return 'empty: handlers have taken all that came';
  }
  return shown === 0 ? 'no letter matches the filter' : '';
}

/** The letters in which each of the words is found. */
export function matching(letters: readonly InboxLetter[], filter: string): readonly InboxLetter[] {
  const words = filter.toLowerCase().split(/\s+/).filter(word => word !== '');
  if (words.length === 0) {
    return letters;
  }
  return letters.filter(letter => {
    const text = `${letter.name} ${letter.sender} ${letter.action} ${letter.data}`.toLowerCase();
    return words.every(word => text.includes(word));
  });
}

class LetterRow implements Row<InboxLetter> {
  constructor(
    private readonly _letter: InboxLetter,
    private readonly _actions: InboxActions
  ) {
    this._details.addEventListener('toggle', () => this._unfold());
  }

  private readonly _body = h('div', { class: 'ao-body' });
  private readonly _details = h('details', { class: 'ao-letter' }, summaryOf(this._letter), this._body);

  readonly node = h('li', { class: 'ao-row' }, this._details);

  update(): void {
    // A letter stays as it came.
  }

  private _unfold(): void {
    if (!this._details.open || this._body.childElementCount > 0) {
      return;
    }
    const letter = this._letter;
    const data = textBlock(letter.data);
    this._body.append(data, replyForm(letter, this._actions));
    if (letter.length > letter.data.length) {
      void this._actions.open(letter).then(whole => data.replaceWith(textBlock(whole)));
    }
  }
}

function summaryOf(letter: InboxLetter): HTMLElement {
  return h(
    'summary',
    {},
    h('span', { class: 'ao-number' }, String(letter.number)),
    h('bdi', { class: 'ao-name', title: plain(letter.sender) }, oneLine(letter.name, 30)),
    h('bdi', { class: 'ao-action' }, oneLine(letter.action, 40) || 'no action'),
    h('bdi', { class: 'ao-data' }, oneLine(letter.data, 60))
  );
}

function replyForm(letter: InboxLetter, actions: InboxActions): HTMLElement {
  const fields = [
    { name: 'action', label: 'Action', placeholder: 'Reply' },
    { name: 'data', label: 'Data', isLong: true }
  ];
  return form(fields, 'Reply', values => actions.reply(letter, values));
}

/** A text as it is: the beginning of a long one, and a button for the rest. */
export function textBlock(text: string): HTMLElement {
  const shown = plain(text);
  if (shown.trim() === '') {
    return h('p', { class: 'ao-note' }, 'no data');
  }
  const block = h('pre', { class: 'ao-text', dir: directionOf(shown), tabindex: '0' }, shown.slice(0, AT_ONCE));
  if (shown.length <= AT_ONCE) {
    return block;
  }
  const all = `show all ${shown.length.toLocaleString('en')} characters`;
  const button = h('button', { class: 'ao-button', type: 'button' }, all);
  button.addEventListener('click', () => {
    setText(block, shown);
    button.remove();
  });
  return h('div', {}, block, button);
}
