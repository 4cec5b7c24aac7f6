/** Follows the notebook or console that a person works in, and is linked to its kernel if that is ao's. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { ISessionContext } from '@jupyterlab/apputils';
import { IConsoleTracker } from '@jupyterlab/console';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import { Token } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';

import { Link } from './link';

const IMPLEMENTATION = 'ao';
const GONE: ReadonlySet<Kernel.Status> = new Set(['restarting', 'autorestarting', 'dead', 'terminating']);
const THERE: ReadonlySet<Kernel.Status> = new Set(['idle', 'busy']);

export type Context = Pick<
  ISessionContext,
  'session' | 'kernelChanged' | 'statusChanged' | 'connectionStatusChanged'
>;

export type MakeLink = (kernel: Kernel.IKernelConnection, looked: string) => Link;

/** What the panel and the status bar follow. */
export class Following {
  constructor(private readonly _makeLink: MakeLink = (kernel, looked) => new Link(kernel, looked)) {}

  /** The link to the kernel that is followed; null where there is none, or it is another's. */
  get link(): Link | null {
    return this._link;
  }

  /** Emits when there is another link, or something new on the one there is. */
  get changed(): ISignal<Following, void> {
    return this._changed;
  }

  /** The process whose inbox is shown, also by the links to come. */
  look(process: string): void {
    this._looked = process;
    this._link?.look(process);
  }

  /** Follows that notebook or console from now on. */
  follow(context: Context | null): void {
    if (context === this._context) {
      return;
    }
    this._context?.kernelChanged.disconnect(this._renew, this);
    this._context?.statusChanged.disconnect(this._onStatus, this);
    this._context?.connectionStatusChanged.disconnect(this._onConnection, this);
    this._context = context;
    context?.kernelChanged.connect(this._renew, this);
    context?.statusChanged.connect(this._onStatus, this);
    context?.connectionStatusChanged.connect(this._onConnection, this);
    this._renew();
  }

  private _renew(): void {
    this._detach();
    void this._attach();
  }

  private _onStatus(_: unknown, status: Kernel.Status): void {
    if (GONE.has(status) || this._link?.isClosed) {
      this._detach();
    }
    if (THERE.has(status)) {
      void this._attach();
    }
  }

  private _onConnection(_: unknown, status: Kernel.ConnectionStatus): void {
    if (status === 'connected') {
      this._link?.refresh();
    }
  }

  private async _attach(): Promise<void> {
    const kernel = this._context?.session?.kernel ?? null;
    if (kernel === null || kernel === this._kernel || !kernel.handleComms) {
      return;
    }
    this._kernel = kernel;
    if (!(await isOurs(kernel)) || this._kernel !== kernel || kernel.isDisposed) {
      return;
    }
    this._link = this._makeLink(kernel, this._looked);
    this._link.changed.connect(this._emit, this);
    this._emit();
  }

  private _detach(): void {
    this._kernel = null;
    if (this._link !== null) {
      this._link.close();
      this._link = null;
      this._emit();
    }
  }

  private _emit(): void {
    this._changed.emit();
  }

  private readonly _changed = new Signal<Following, void>(this);
  private _context: Context | null = null;
  private _kernel: Kernel.IKernelConnection | null = null;
  private _link: Link | null = null;
  private _looked = '';
}

async function isOurs(kernel: Kernel.IKernelConnection): Promise<boolean> {
  try {
    return (await kernel.info).implementation === IMPLEMENTATION;
  } catch {
    // It ended before it could say what it is.
    return false;
  }
}

export const IFollowing = new Token<Following>(
  'ao-jupyter:IFollowing',
  'The ao kernel of the notebook or console that a person works in.'
);

export const followingPlugin: JupyterFrontEndPlugin<Following> = {
  id: 'ao-jupyter:following',
  description: 'Follows the notebook or console that a person works in.',
  autoStart: true,
  provides: IFollowing,
  optional: [INotebookTracker, IConsoleTracker],
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker | null,
    consoles: IConsoleTracker | null
  ): Following => {
    const following = new Following();
    const focused = (): void => {
      const widget = app.shell.currentWidget;
      const console = widget !== null && consoles?.has(widget) ? consoles.currentWidget : null;
      const place = console ?? notebooks?.currentWidget ?? consoles?.currentWidget;
      following.follow(place?.sessionContext ?? null);
    };
    notebooks?.currentChanged.connect(focused);
    consoles?.currentChanged.connect(focused);
    app.shell.currentChanged?.connect(focused);
    void app.restored.then(focused);
    // A page that goes says so, for the kernel to forget it; should it come back, it looks around again.
    window.addEventListener('pagehide', () => {
      following.follow(null);
    });
    window.addEventListener('pageshow', focused);
    return following;
  }
};
