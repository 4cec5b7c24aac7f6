/** The list of processes, from which one is selected with the arrow keys or a click. */

import { h, Rows, setShown, setText, type Row } from '../dom';
import type { ProcessNow } from '../session-comm';
import { currentOf, type State } from '../state';
import { count, oneLine, plain, shortId } from '../text';

export type Select = (process: string) => void;

export class ProcessList {
  constructor(private readonly _select: Select) {
    this.node.addEventListener('keydown', event => this._onKey(event));
  }

  readonly node = h('ul', { class: 'ao-list ao-processes', role: 'listbox', 'aria-label': 'Processes' });

  show(state: State, selected: string): void {
    const current = currentOf(state)?.id ?? '';
    this._shown = [...state.processes.values()].map(process => ({
      process,
      isCurrent: process.id === current,
      isSelected: process.id === selected
    }));
    this._rows.show(this._shown);
  }

  private _onKey(event: KeyboardEvent): void {
    const last = this._shown.length - 1;
    const at = this._shown.findIndex(each => each.isSelected);
    const places: Record<string, number> = {
      ArrowDown: Math.min(last, at + 1),
      ArrowUp: Math.max(0, at - 1),
      Home: 0,
      End: last
    };
    const next = this._shown[places[event.key] ?? -1];
    if (next !== undefined) {
      event.preventDefault();
      this._select(next.process.id);
      this._rows.get(next.process.id)?.node.focus();
    }
  }

  private _shown: Shown[] = [];
  private readonly _rows = new Rows<Shown>(
    this.node,
    each => each.process.id,
    each => new ProcessRow(each.process.id, this._select)
  );
}

interface Shown {
  process: ProcessNow;
  isCurrent: boolean;
  isSelected: boolean;
}

class ProcessRow implements Row<Shown> {
  constructor(id: string, select: Select) {
    this.node.addEventListener('click', () => select(id));
  }

  private readonly _name = h('bdi', { class: 'ao-name' });
  private readonly _id = h('code', { class: 'ao-id' });
  private readonly _here = h('span', { class: 'ao-here' }, 'cells go here');
  private readonly _marks = h('span', { class: 'ao-marks' });

  readonly node = h(
    'li',
    { class: 'ao-row ao-process', role: 'option' },
    h('span', { class: 'ao-line' }, this._name, this._id, this._here),
    this._marks
  );

  update({ process, isCurrent, isSelected }: Shown): void {
    setText(this._name, oneLine(process.name, 40));
    setText(this._id, shortId(process.id));
    setShown(this._here, isCurrent);
    this.node.title = plain(process.id);
    this.node.setAttribute('aria-selected', String(isSelected));
    this.node.tabIndex = isSelected ? 0 : -1;
    this._showMarks(process);
  }

  private _showMarks(process: ProcessNow): void {
    const marks = marksOf(process);
    const told = JSON.stringify(marks);
    if (told !== this._told) {
      this._told = told;
      this._marks.replaceChildren(
        ...marks.map(mark => h('span', { class: `ao-mark ao-mark-${mark.kind}`, title: mark.title }, mark.text))
      );
    }
  }

  private _told = '';
}

interface Mark {
  kind: string;
  text: string;
  title: string;
}

/** What is worth knowing of a process, in words: colour only repeats it. */
export function marksOf(process: ProcessNow): Mark[] {
  const marks: Mark[] = [{ kind: 'nonce', text: `nonce ${process.nonce}`, title: 'the number of its latest message' }];
  const add = (kind: string, number: number, text: string, title: string): void => {
    if (number > 0) {
      marks.push({ kind, text, title });
    }
  };
  add('inbox', process.inbox ?? 0, `inbox ${process.inbox}`, 'messages that no handler took');
  add('queue', process.queue, `queue ${process.queue}`, 'messages that it has yet to evaluate');
  add('waiting', process.waiting, `waiting ${process.waiting}`, 'coroutines that wait for a message');
  add('cron', process.crons.length, `cron ${oneLine(process.crons.join(', '), 30)}`, 'how often its clock sends it a message');
  add('errors', process.errors, count(process.errors, 'error'), 'messages that ended with an error');
  return marks;
}
