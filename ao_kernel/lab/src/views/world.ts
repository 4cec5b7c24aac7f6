/** What belongs to no process: the time, and the snapshots that the world can be taken back to. */

import { h, Rows, setShown, setText, type Row } from '../dom';
import type { Clock } from '../session-comm';
import { oneLine } from '../text';
import { form } from './forms';

export interface WorldActions {
  snapshot(name: string): Promise<boolean>;
  restore(name: string): Promise<boolean>;
}

export class ClockView {
  private readonly _time = h('time', { class: 'ao-clock-time' });
  private readonly _block = h('span', { class: 'ao-note' });

  readonly node = h('p', { class: 'ao-clock' }, this._time, this._block);

  show(clock: Clock | null): void {
    if (clock !== this._clock) {
      this._clock = clock;
      this._since = Date.now();
    }
    this.tick();
  }

  /** Shows the time as it is by now. */
  tick(): void {
    const clock = this._clock;
    setShown(this.node, clock !== null);
    if (clock !== null) {
      const passed = clock.runs ? Date.now() - this._since : 0;
      setText(this._time, new Date(clock.timestamp + passed).toISOString().replace('T', ' ').slice(0, 19));
      setText(this._block, `block ${clock.height.toLocaleString('en')}${clock.runs ? '' : ', stands still'}`);
    }
  }

  private _clock: Clock | null = null;
  private _since = 0;
}

export class Snapshots {
  constructor(private readonly _actions: WorldActions) {}

  private readonly _list = h('ul', { class: 'ao-list', 'aria-label': 'Snapshots' });

  readonly node = h(
    'div',
    {},
    this._list,
    form([{ name: 'name', label: 'Name', placeholder: 'before', isNeeded: true }], 'Snapshot', values =>
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
  const restore = h('button', { class: 'ao-button', type: 'button', click: () => void actions.restore(name) }, 'Restore');
  restore.setAttribute('aria-label', `Restore ${oneLine(name, 40)}`);
  const node = h('li', { class: 'ao-row ao-snapshot' }, h('bdi', { class: 'ao-name' }, oneLine(name, 40)), restore);
  return { node, update: () => undefined };
}
