/** One comm to one kernel: keeps the state up to date, and carries what is asked and answered. */

import type { Kernel, KernelMessage } from '@jupyterlab/services';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Answer, Ask, FromKernel, FromPanel, News, Opening } from './session-comm';
import { TARGET, VERSION } from './session-comm';
import { follows, NOTHING, withNews, type State } from './state';

/** Letters of an inbox that are shown. */
export const LETTERS = 100;

/** After this many pieces of news the kernel is told that they have been shown. */
const SEEN_EVERY = 8;

/** Runs something when the page is next drawn. */
export type Soon = (draw: () => void) => void;

export class Link {
  constructor(
    kernel: Kernel.IKernelConnection,
    looked = '',
    soon: Soon = draw => requestAnimationFrame(draw)
  ) {
    this._looked = looked;
    this._soon = soon;
    this._comm = kernel.createComm(TARGET);
    this._comm.onMsg = message => this._hear(message);
    const opening: Opening = { version: VERSION, process: looked, letters: LETTERS };
    this._comm.open({ ...opening });
  }

  get state(): State {
    return this._state;
  }

  /** Why the kernel has no session, where it has none. */
  get trouble(): string {
    return this._trouble;
  }

  get isClosed(): boolean {
    return this._comm.isDisposed;
  }

  /** Emits when there is something new to draw, at most once for each time that the page is drawn. */
  get changed(): ISignal<Link, void> {
    return this._changed;
  }

  /** Asks for something, and gives what came of it. What goes wrong is told in the answer. */
  ask(what: Ask): Promise<Answer> {
    const number = ++this._asked;
    return new Promise(resolve => {
      this._waiting.set(number, resolve);
      this._say({ ...what, ask: number });
    });
  }

  /** From now on that process's inbox is followed. */
  look(process: string): void {
    if (process !== this._looked) {
      this._looked = process;
      this._state = { ...this._state, inbox: null };
      this._say({ kind: 'look', process, letters: LETTERS });
    }
  }

  /** Something may have been missed, as after the network was away. */
  refresh(): void {
    this._say({ kind: 'whole' });
  }

  close(): void {
    const lost: Answer = { kind: 'answer', ask: 0, ok: false, text: 'the kernel has gone', hops: [] };
    this._waiting.forEach(resolve => resolve(lost));
    this._waiting.clear();
    if (!this._comm.isDisposed) {
      this._comm.close();
    }
    Signal.clearData(this);
  }

  private _say(message: FromPanel): void {
    if (!this._comm.isDisposed) {
      this._comm.send({ ...message });
    }
  }

  private _hear(message: KernelMessage.ICommMsgMsg): void {
    const said = message.content.data as unknown as FromKernel;
    switch (said.kind) {
      case 'news':
        this._take(said);
        break;
      case 'answer':
        this._waiting.get(said.ask)?.(said);
        this._waiting.delete(said.ask);
        break;
      case 'trouble':
        this._trouble = said.text;
        this._draw();
    }
  }

  private _take(news: News): void {
    if (!follows(this._state, news)) {
      this.refresh();
      return;
    }
    this._state = withNews(this._state, news);
    this._draw();
  }

  private _draw(): void {
    if (this._isDrawing) {
      return;
    }
    this._isDrawing = true;
    this._soon(() => {
      this._isDrawing = false;
      this._changed.emit();
      this._tellSeen();
    });
  }

  private _tellSeen(): void {
    if (this._state.number >= this._told + SEEN_EVERY) {
      this._told = this._state.number;
      this._say({ kind: 'seen', number: this._told });
    }
  }

  private readonly _soon: Soon;
  private readonly _comm: Kernel.IComm;
  private readonly _changed = new Signal<Link, void>(this);
  private readonly _waiting = new Map<number, (answer: Answer) => void>();
  private _state = NOTHING;
  private _trouble = '';
  private _looked: string;
  private _asked = 0;
  private _told = 0;
  private _isDrawing = false;
}
