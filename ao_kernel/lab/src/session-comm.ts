/**
 * What the panel and the kernel say to each other, as JSON. `ao_kernel/panel/messages.py` has the same types; the files in
 * `tests/ao_kernel/examples/` hold the two together.
 */

export const TARGET = 'ao.panel';
export const VERSION = 1;

/** Where the units are: `host` is empty where they are in the kernel. */
export interface Place {
  is_shared: boolean;
  host: string;
}

/** The time that the next message would get: a block's height, and milliseconds. It may stand still. */
export interface Clock {
  height: number;
  timestamp: number;
  runs: boolean;
}

/** What belongs to no process. */
export interface SessionNow {
  current: string;
  you: string;
  place: Place;
  clock: Clock | null;
  snapshots: string[];
}

/** A process at a glance. Without an inbox it does not show that. */
export interface ProcessNow {
  id: string;
  name: string;
  owner: string;
  module: string;
  nonce: number;
  queue: number;
  inbox: number | null;
  waiting: number;
  errors: number;
  gas: number;
  handlers: string[];
  crons: string[];
}

/** A message that a person sent, or a clock, and how much came of it. */
export interface Trace {
  root: string;
  process: string;
  time: number;
  sender: string;
  receiver: string;
  action: string;
  messages: number;
  errors: number;
}

/** One message of a trace. */
export interface Hop {
  message: string;
  process: string;
  nonce: number;
  time: number;
  sender: string;
  receiver: string;
  action: string;
  data: string;
  outcome: string;
  failed: boolean;
}

/** A message that no handler took. `sender` is an address, `name` what a person calls it. */
export interface InboxLetter {
  number: number;
  sender: string;
  name: string;
  action: string;
  data: string;
  length: number;
}

/** The last letters of the process that is looked at; `refused` says why there are none to see. */
export interface Inbox {
  process: string;
  letters: InboxLetter[];
  refused: string;
}

/** What has changed since the last piece of news; if `whole`, all there is, and what is not in it is gone. */
export interface News {
  kind: 'news';
  number: number;
  whole: boolean;
  session: SessionNow | null;
  processes: ProcessNow[];
  traces: Trace[];
  inbox: Inbox | null;
}

/** What came of something that was asked. */
export interface Answer {
  kind: 'answer';
  ask: number;
  ok: boolean;
  text: string;
  hops: Hop[];
}

/** The session could not be opened. */
export interface Trouble {
  kind: 'trouble';
  text: string;
}

export type FromKernel = News | Answer | Trouble;

/** What the panel opens its comm with. */
export interface Opening {
  version: number;
  process: string;
  letters: number;
}

/** What can be asked; each is answered once, by the number that it is given on its way. */
export type Ask =
  | { kind: 'spawn'; name: string }
  | { kind: 'use'; process: string }
  | { kind: 'send'; process: string; action: string; data: string }
  | {
      kind: 'reply';
      process: string;
      number: number;
      sender: string;
      action: string;
      data: string;
    }
  | { kind: 'open'; process: string; number: number }
  | { kind: 'unfold'; root: string }
  | { kind: 'snapshot'; name: string }
  | { kind: 'restore'; name: string }
  | { kind: 'rewind'; process: string; nonce: number };

export type FromPanel =
  | (Ask & { ask: number })
  | { kind: 'look'; process: string; letters: number }
  | { kind: 'seen'; number: number }
  | { kind: 'whole' };
