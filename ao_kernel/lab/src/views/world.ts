/** What belongs to no process: the time, and the snapshots that the world can be taken back to. */

import { h, Rows, setShown, setText, type Row } from '../dom';
import type { Clock } from '../session-comm';
import { oneLine } from '../text';
import { form } from './forms';

export interface WorldActions {
  snapshot(name: string): Promise<boolean>;
  rewind(name: string): Promise<boolean>;
}

export class ClockView {
  private readonly _time = h('time', { class: 'ao-clock-time' });
  private readonly _block = h('span', { class: 'ao-note' });

  readonly node = h('p', { class: 'ao-clock' }, this._time, this._block);

  show(clock: Clock | null): void {
    setShown(this.node, clock !== null);
    if (clock !== null) {
      setText(this._time, new Date(clock.timestamp).toISOString().replace('T', ' ').slice(0, 19));
      setText(this._block, `block ${clock.height.toLocaleString('en')}`);
    }
  }
}

export class Snapshots {
  constructor(private readonly _actions: WorldActions) {}

  private readonly _list = h('ul', { class: 'ao-list', 'aria-label': 'Snapshots' });

  readonly node = h(
    'div',
    {},
    this._list,
    form([{ name: 'name', label: 'Name', placeholder: 'before the storm', isNeeded: true }], 'Snapshot', values =>
      this._actions.snapshot(values['name'] ?? '')
    )
  );

  show(names: readonly string[]): void {
    this._rows.show(names);
  }

  private readonly _rows = new Rows<string>(
    this._list,
    name => name,
    name => snapshotRow(name, this._actions)
  );
}

function snapshotRow(name: string, actions: WorldActions): Row<string> {
  const rewind = h('button', { class: 'ao-button', type: 'button', click: () => void actions.rewind(name) }, 'Rewind');
  rewind.setAttribute('aria-label', `Rewind to ${oneLine(name, 40)}`);
  const node = h('li', { class: 'ao-row ao-snapshot' }, h('bdi', { class: 'ao-name' }, oneLine(name, 40)), rewind);
  return { node, update: () => undefined };
}
