/** The side panel. */

import { ILabShell, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';

import { h, setShown, setText } from './dom';
import { IFollowing, type Following } from './following';
import { aoIcon } from './icons';
import { plain } from './text';
import { SessionView } from './views/session';

export const OPEN_PANEL = 'ao:open-panel';
export const SHOW_PROCESS = 'ao:show-process';
const PANEL = 'ao-panel';

const QUIET = 'No ao kernel here. A notebook with the ao kernel shows its processes, inboxes and traces in this place.';

/** Processes, inboxes and traces of the kernel that is followed. */
export class AoPanel extends Widget {
  constructor(private readonly _following: Following) {
    super({ node: h('section', { 'aria-label': 'ao', tabindex: '-1' }) });
    this.id = PANEL;
    this.addClass('ao-panel');
    this.title.icon = aoIcon;
    this.title.caption = 'ao: processes, inboxes, traces';
    this.node.append(this._quiet, this._session.node);
    this._following.changed.connect(this._show, this);
    this._show();
  }

  /** Shows that process. */
  select(process: string): void {
    this._session.select(process);
  }

  protected override onActivateRequest(): void {
    this._show();
    (this.node.querySelector<HTMLElement>('[role=option][tabindex="0"]') ?? this.node).focus();
  }

  private _show(): void {
    const link = this._following.link;
    const isThere = link !== null && link.state.session !== null;
    setText(this._quiet, plain(link?.trouble ?? '') || QUIET);
    setShown(this._quiet, !isThere);
    setShown(this._session.node, isThere);
    if (isThere && this.isVisible) {
      this._session.show(link);
    }
  }

  protected override onAfterShow(): void {
    this._show();
  }

  protected override onAfterAttach(): void {
    this._ticking = setInterval(() => {
      this._session.tick();
    }, 1000);
  }

  protected override onBeforeDetach(): void {
    clearInterval(this._ticking);
  }

  private _ticking: ReturnType<typeof setInterval> | undefined;
  private readonly _quiet = h('p', { class: 'ao-quiet', role: 'status' });
  private readonly _session = new SessionView(process => this._following.look(process));
}

export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'ao-jupyter:panel',
  description: 'A side panel with the processes, inboxes and traces of an ao kernel.',
  autoStart: true,
  requires: [IFollowing],
  optional: [ICommandPalette, ILabShell],
  activate: (
    app: JupyterFrontEnd,
    following: Following,
    palette: ICommandPalette | null,
    labShell: ILabShell | null
  ): void => {
    const panel = new AoPanel(following);
    app.shell.add(panel, 'right', { rank: 900, type: 'ao' });
    const open = async (): Promise<void> => {
      // The palette gives the focus back to the notebook as soon as a command has begun; the panel takes it after that.
      await new Promise(resolve => setTimeout(resolve));
      // Notebook's shell has its sidebars folded away until they are asked for.
      (labShell === null ? (app.shell as Partial<Expanding>) : {}).expandRight?.(PANEL);
      app.shell.activateById(PANEL);
    };
    app.commands.addCommand(OPEN_PANEL, { label: 'Show the ao Panel', caption: 'Processes, inboxes, traces', icon: aoIcon, execute: open });
    app.commands.addCommand(SHOW_PROCESS, {
      label: 'Show an ao Process in the Panel',
      isVisible: () => false,
      execute: args => {
        panel.select(typeof args['process'] === 'string' ? args['process'] : '');
        return open();
      }
    });
    palette?.addItem({ command: OPEN_PANEL, category: 'ao' });
  }
};

interface Expanding {
  expandRight(id: string): void;
}
