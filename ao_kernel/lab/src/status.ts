/** The status bar's item: where cells go, and whether something is going on there. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import { h, setText } from './dom';
import { IFollowing, type Following } from './following';
import { OPEN_PANEL } from './panel';
import { currentOf, toDo, type State } from './state';
import { oneLine } from './text';

/** What the item says: the process that cells go to, its nonce, where the units are, what is still to be evaluated. */
export function statusOf(state: State): string {
  const process = currentOf(state);
  const place = state.session?.place;
  const units = place?.is_shared ? oneLine(place.host, 40) || 'elsewhere' : 'local';
  const open = toDo(state);
  const parts = [
    process === undefined ? 'ao' : `${oneLine(process.name, 24)} nonce ${process.nonce}`,
    units,
    open > 0 ? `${open.toLocaleString('en')} to evaluate` : ''
  ];
  return parts.filter(part => part !== '').join(' · ');
}

export class AoStatus extends Widget {
  constructor(
    private readonly _following: Following,
    open: () => void
  ) {
    super();
    this._button.addEventListener('click', open);
    this.node.append(this._button);
    this._following.changed.connect(this._show, this);
    this._show();
  }

  /** Whether there is an ao kernel to tell of. */
  get isActive(): boolean {
    return (this._following.link?.state.session ?? null) !== null;
  }

  readonly activeChanged = new Signal<AoStatus, void>(this);

  private _show(): void {
    const state = this._following.link?.state;
    if (this.isActive !== this._wasActive) {
      this._wasActive = this.isActive;
      this.activeChanged.emit();
    }
    if (state !== undefined) {
      setText(this._text, statusOf(state));
      this._button.classList.toggle('ao-working', toDo(state) > 0);
    }
  }

  private _wasActive = false;
  private readonly _text = h('span', {});
  private readonly _button = h(
    'button',
    { class: 'ao-status', type: 'button', title: 'ao: show processes, inboxes and traces' },
    h('span', { class: 'ao-dot', 'aria-hidden': 'true' }),
    this._text
  );
}

export const statusPlugin: JupyterFrontEndPlugin<void> = {
  id: 'ao-jupyter:status',
  description: 'Tells in the status bar where cells go.',
  autoStart: true,
  requires: [IFollowing],
  optional: [IStatusBar],
  activate: (app: JupyterFrontEnd, following: Following, bar: IStatusBar | null): void => {
    if (bar === null) {
      return;
    }
    const item = new AoStatus(following, () => void app.commands.execute(OPEN_PANEL));
    bar.registerStatusItem('ao-jupyter:status', {
      item,
      align: 'left',
      rank: 100,
      isActive: () => item.isActive,
      activeStateChanged: item.activeChanged
    });
  }
};
