/** Players for tests: a kernel with its comms, a notebook's session, an application. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import type { Context } from '../src/following';
import { Link } from '../src/link';
import type { FromKernel, FromPanel, News, ProcessNow, SessionNow, Trace } from '../src/session-comm';

export const ALICE = 'a'.repeat(43);
export const BOB = 'b'.repeat(43);

export function aProcess(given: Partial<ProcessNow> = {}): ProcessNow {
  const rest = { nonce: 1, queue: 0, inbox: 0, waiting: 0, errors: 0, gas: 0, handlers: [], crons: [] };
  return { id: ALICE, name: 'alice', owner: 'you', module: 'm'.repeat(43), ...rest, ...given };
}

export function aTrace(given: Partial<Trace> = {}): Trace {
  const rest = { process: ALICE, time: 1, sender: 'you', receiver: 'alice', action: 'Eval', messages: 1, errors: 0 };
  return { root: 'r'.repeat(43), ...rest, ...given };
}

export function aSession(given: Partial<SessionNow> = {}): SessionNow {
  const place = { is_shared: false, host: '' };
  return { current: ALICE, you: 'y'.repeat(43), place, clock: { height: 1, timestamp: 0, runs: false }, snapshots: [], ...given };
}

export function news(given: Partial<News> = {}): News {
  const rest = { session: null, processes: [], traces: [], inbox: null };
  return { kind: 'news', number: 1, whole: false, ...rest, ...given };
}

/** All there is of two processes. */
export function everything(given: Partial<News> = {}): News {
  const processes = [aProcess(), aProcess({ id: BOB, name: 'bob', inbox: 2 })];
  return news({ whole: true, session: aSession(), processes, ...given });
}

export class FakeComm {
  readonly said: FromPanel[] = [];
  opened: unknown = null;
  isDisposed = false;
  onMsg: (message: KernelMessage.ICommMsgMsg) => void = () => undefined;

  constructor(readonly target: string) {}

  open(data: unknown): void {
    this.opened = data;
  }

  send(data: unknown): void {
    this.said.push(data as FromPanel);
  }

  close(): void {
    this.isDisposed = true;
  }

  /** The kernel says something. */
  tell(data: FromKernel): void {
    this.onMsg({ content: { data } } as unknown as KernelMessage.ICommMsgMsg);
  }
}

export class FakeKernel {
  readonly comms: FakeComm[] = [];
  readonly isDisposed = false;
  readonly info: Promise<{ implementation: string }>;

  constructor(
    implementation = 'ao',
    readonly handleComms = true
  ) {
    this.info = Promise.resolve({ implementation });
  }

  createComm(target: string): FakeComm {
    const comm = new FakeComm(target);
    this.comms.push(comm);
    return comm;
  }

  get comm(): FakeComm {
    const comm = this.comms.at(-1);
    if (comm === undefined) {
      throw new Error('no comm was opened');
    }
    return comm;
  }

  get connection(): Kernel.IKernelConnection {
    return this as unknown as Kernel.IKernelConnection;
  }
}

/** Draws at once. */
export function atOnce(draw: () => void): void {
  draw();
}

export function aLink(kernel = new FakeKernel(), looked = ''): Link {
  return new Link(kernel.connection, looked, atOnce);
}

export class FakeContext {
  session: { kernel: FakeKernel } | null;
  readonly kernelChanged = new Signal<this, void>(this);
  readonly statusChanged = new Signal<this, Kernel.Status>(this);
  readonly connectionStatusChanged = new Signal<this, Kernel.ConnectionStatus>(this);

  constructor(kernel: FakeKernel | null) {
    this.session = kernel && { kernel };
  }

  get context(): Context {
    return this as unknown as Context;
  }
}

export interface Command {
  label?: string;
  execute: (args: Record<string, unknown>) => unknown;
}

/** An application that notes what is added to it. */
export class FakeApp {
  readonly added = new Map<string, Command>();
  readonly executed: [string, unknown][] = [];
  readonly widgets: Widget[] = [];
  readonly activated: string[] = [];
  readonly expanded: string[] = [];
  readonly contents: unknown = null;

  readonly commands = {
    addCommand: (id: string, command: Command) => this.added.set(id, command),
    execute: (id: string, args?: unknown) => {
      this.executed.push([id, args]);
      return Promise.resolve();
    }
  };

  readonly shell = {
    currentWidget: null as Widget | null,
    currentChanged: new Signal<object, void>({}),
    add: (widget: Widget) => this.widgets.push(widget),
    activateById: (id: string) => this.activated.push(id),
    expandRight: (id: string) => this.expanded.push(id)
  };

  readonly restored = Promise.resolve();
  readonly serviceManager = { contents: {} };

  get app(): JupyterFrontEnd {
    return this as unknown as JupyterFrontEnd;
  }
}

/** Lets what was promised happen. */
export async function settled(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve));
}
