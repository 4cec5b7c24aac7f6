/** The latest traces: each message that a person sent, and on unfolding all that it has set off. */

import { h, Rows, setText, type Row } from '../dom';
import type { Hop, Trace } from '../session-comm';
import { count, oneLine, plain, timeOfDay } from '../text';

const SHOWN = 15;

export interface TraceActions {
  unfold(root: string): Promise<Hop[]>;
  goTo(process: string): void;
}

export class TraceList {
  constructor(private readonly _actions: TraceActions) {}

  readonly node = h('ul', { class: 'ao-list ao-traces', 'aria-label': 'Recent traces' });

  show(traces: ReadonlyMap<string, Trace>): void {
    this._rows.show([...traces.values()].sort((a, b) => b.time - a.time).slice(0, SHOWN));
  }

  private readonly _rows = new Rows<Trace>(
    this.node,
    trace => trace.root,
    trace => new TraceRow(trace.root, this._actions)
  );
}

class TraceRow implements Row<Trace> {
  constructor(
    private readonly _root: string,
    private readonly _actions: TraceActions
  ) {
    this._details.addEventListener('toggle', () => this._unfold());
  }

  private readonly _way = h('span', { class: 'ao-way' });
  private readonly _action = h('bdi', { class: 'ao-action' });
  private readonly _size = h('span', { class: 'ao-size' });
  private readonly _time = h('time', { class: 'ao-time' });
  private readonly _hops = h('ol', { class: 'ao-hops' });
  private readonly _details = h(
    'details',
    { class: 'ao-trace' },
    h(
      'summary',
      {},
      h(
        'span',
        { class: 'ao-head' },
        h('span', {}, this._way, this._action),
        h('span', { class: 'ao-below' }, this._size, this._time)
      )
    ),
    this._hops
  );

  readonly node = h('li', { class: 'ao-row' }, this._details);

  update(trace: Trace): void {
    setText(this._way, `${oneLine(trace.sender, 20)} → ${oneLine(trace.receiver, 20)}`);
    setText(this._action, oneLine(trace.action, 30) || 'no action');
    const errors = trace.errors > 0 ? `, ${count(trace.errors, 'error')}` : '';
    setText(this._size, count(trace.messages, 'message') + errors);
    this._size.classList.toggle('ao-failed', trace.errors > 0);
    setText(this._time, timeOfDay(trace.time));
    const isNew = trace.messages !== this._messages;
    this._messages = trace.messages;
    if (isNew) {
      this._unfold();
    }
  }

  private _unfold(): void {
    if (!this._details.open || this._isAsking) {
      return;
    }
    this._isAsking = true;
    const asked = this._messages;
    void this._actions.unfold(this._root).then(hops => {
      this._isAsking = false;
      this._hops.replaceChildren(...hops.map(hop => hopRow(hop, this._actions)));
      if (asked !== this._messages) {
        this._unfold();
      }
    });
  }

  private _messages = 0;
  private _isAsking = false;
}

function hopRow(hop: Hop, actions: TraceActions): HTMLElement {
  const receiver = h(
    'button',
    { class: 'ao-link', type: 'button', title: plain(hop.process), click: () => actions.goTo(hop.process) },
    oneLine(hop.receiver, 24)
  );
  return h(
    'li',
    { class: hop.failed ? 'ao-hop ao-failed' : 'ao-hop' },
    h('bdi', {}, oneLine(hop.sender, 24)),
    ' → ',
    receiver,
    ' ',
    h('bdi', { class: 'ao-action' }, oneLine(hop.action, 40) || 'no action'),
    ' ',
    h('bdi', { class: 'ao-data' }, oneLine(hop.data, 60)),
    h('bdi', { class: 'ao-outcome' }, oneLine(hop.outcome, 120))
  );
}
