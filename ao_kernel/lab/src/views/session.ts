/** All that the panel shows of one session, and what can be done there. */

import { h, setShown, setText } from '../dom';
import type { Link } from '../link';
import type { Answer, Ask, Hop, InboxLetter, ProcessNow } from '../session-comm';
import { currentOf, type State } from '../state';
import { count, oneLine, plain, shortId } from '../text';
import { form, type Values } from './forms';
import { InboxView } from './inbox';
import { ProcessList } from './processes';
import { TraceList } from './traces';
import { ClockView, Snapshots } from './world';

/** A part of the panel that can be folded away. */
function section(title: HTMLElement | string, isOpen: boolean, ...children: Node[]): HTMLDetailsElement {
  return h(
    'details',
    { class: 'ao-section', open: isOpen },
    h('summary', { class: 'ao-title' }, title),
    h('div', { class: 'ao-content' }, ...children)
  );
}

export class SessionView {
  constructor(private readonly _look: (process: string) => void) {}

  private readonly _processes = new ProcessList(process => this.select(process));
  private readonly _inbox = new InboxView({
    open: letter => this._open(letter),
    reply: (letter, values) => this._reply(letter, values)
  });
  private readonly _traces = new TraceList({
    unfold: root => this._unfold(root),
    goTo: process => this.select(process)
  });
  private readonly _clock = new ClockView();
  private readonly _snapshots = new Snapshots({
    snapshot: name => this._do({ kind: 'snapshot', name }),
    restore: name => this._do({ kind: 'restore', name })
  });

  private readonly _spawn = form(
    [{ name: 'name', label: 'Name', placeholder: 'alice', isNeeded: true }],
    'Spawn',
    values => this._do({ kind: 'spawn', name: values['name'] ?? '' })
  );
  private readonly _send = form(
    [
      { name: 'action', label: 'Action', placeholder: 'Ping' },
      { name: 'data', label: 'Data', isLong: true }
    ],
    'Send',
    values => this._sendTo(values)
  );
  private readonly _rewind = form(
    [{ name: 'nonce', label: 'After the message with nonce', kind: 'number', isNeeded: true }],
    'Rewind',
    values => this._do({ kind: 'rewind', process: this._shown, nonce: Number(values['nonce']) })
  );
  private readonly _none = h('p', { class: 'ao-note' }, 'No process yet: the first cell makes one.');
  private readonly _name = h('bdi', { class: 'ao-name' });
  private readonly _use = h(
    'button',
    { class: 'ao-button', type: 'button', click: () => void this._do({ kind: 'use', process: this._shown }) },
    'Send cells here'
  );
  private readonly _letters = h('span', {}, 'Inbox');
  private readonly _about = h('dl', { class: 'ao-about' });
  private readonly _details = h(
    'div',
    { class: 'ao-selected' },
    h('h3', { class: 'ao-heading' }, this._name, this._use),
    section(this._letters, true, this._inbox.node),
    section('Send a message', false, this._send),
    section('Rewind', false, this._rewind),
    section('About', false, this._about)
  );
  private readonly _said = h('p', { class: 'ao-said', role: 'status', 'aria-live': 'polite' });

  readonly node = h(
    'div',
    { class: 'ao-session' },
    this._said,
    section('Processes', true, this._none, this._processes.node, this._spawn),
    this._details,
    section('Traces', true, this._traces.node),
    section('Clock', true, this._clock.node),
    section('Snapshots', false, this._snapshots.node)
  );

  /** Shows the inbox of that process from now on, and all else of it; it is meant by its id or its name. */
  select(process: string): void {
    this._selected = process;
    if (this._link !== null) {
      this.show(this._link);
    }
  }

  /** Lets the clock go on. */
  tick(): void {
    this._clock.tick();
  }

  show(link: Link): void {
    this._link = link;
    const state = link.state;
    const process = find(state, this._selected) ?? currentOf(state) ?? [...state.processes.values()][0];
    this._shown = process?.id ?? '';
    this._look(this._shown);
    setShown(this._none, process === undefined);
    this._processes.show(state, this._shown);
    this._traces.show(state.traces);
    this._clock.show(state.session?.clock ?? null);
    this._snapshots.show(state.session?.snapshots ?? []);
    setShown(this._details, process !== undefined);
    if (process !== undefined) {
      this._showProcess(process, state);
    }
  }

  private _showProcess(process: ProcessNow, state: State): void {
    setText(this._name, oneLine(process.name, 40));
    setShown(this._use, process.id !== state.session?.current);
    setText(this._letters, process.inbox === null ? 'Inbox' : `Inbox (${process.inbox.toLocaleString('en')})`);
    this._inbox.show(state.inbox?.process === process.id ? state.inbox : null);
    const facts = JSON.stringify(process);
    if (facts !== this._facts) {
      this._facts = facts;
      this._about.replaceChildren(...aboutOf(process));
    }
  }

  private async _ask(what: Ask): Promise<Answer> {
    const answer = await this._link?.ask(what);
    return answer ?? { kind: 'answer', ask: 0, ok: false, text: 'there is no kernel', hops: [] };
  }

  private async _do(what: Ask): Promise<boolean> {
    const answer = await this._ask(what);
    setText(this._said, plain(answer.text));
    this._said.classList.toggle('ao-failed', !answer.ok);
    return answer.ok;
  }

  private async _open(letter: InboxLetter): Promise<string> {
    const answer = await this._ask({ kind: 'open', process: this._shown, number: letter.number });
    return answer.text;
  }

  private async _unfold(root: string): Promise<Hop[]> {
    return (await this._ask({ kind: 'unfold', root })).hops;
  }

  private _reply(letter: InboxLetter, values: Values): Promise<boolean> {
    const { action, data } = actionAndData(values);
    const { number, sender } = letter;
    return this._do({ kind: 'reply', process: this._shown, number, sender, action, data });
  }

  private _sendTo(values: Values): Promise<boolean> {
    return this._do({ kind: 'send', process: this._shown, ...actionAndData(values) });
  }

  private _link: Link | null = null;
  private _selected = '';
  private _shown = '';
  private _facts = '';
}

/** The process of that id, or of that name: a cell's result calls processes by their names. */
function find(state: State, process: string): ProcessNow | undefined {
  return state.processes.get(process) ?? [...state.processes.values()].find(each => each.name === process);
}

function actionAndData(values: Values): { action: string; data: string } {
  return { action: values['action'] ?? '', data: values['data'] ?? '' };
}

function aboutOf(process: ProcessNow): Node[] {
  const facts: [string, string][] = [
    ['Id', process.id],
    ['Owner', process.owner],
    ['Module', shortId(process.module)],
    ['Gas', count(process.gas, 'unit')],
    ['Cron', process.crons.join(', ') || 'none'],
    ['Handlers', process.handlers.join(', ') || 'none']
  ];
  return facts.flatMap(([term, text]) => [h('dt', {}, term), h('dd', {}, h('bdi', {}, oneLine(text, 400)))]);
}
