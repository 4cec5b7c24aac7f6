/** The forms of what is said, as values: `tsc` holds them to the types, tests hold the examples to them. */

import type { Answer, FromKernel, FromPanel, Hop, Inbox, InboxLetter, Opening, ProcessNow, SessionNow, Trace } from '../src/session-comm';

type Told<T> = T extends string
  ? 'string'
  : T extends number
    ? 'number'
    : T extends boolean
      ? 'boolean'
      : T extends unknown[]
        ? 'list'
        : T extends null
          ? 'null'
          : 'object';

/** The kinds of values that each field of a message may hold. */
export type Shape<T> = { [Key in keyof T]-?: Told<T[Key]> };
export type Shapes<Message extends { kind: string }> = {
  [Kind in Message['kind']]: Shape<Extract<Message, { kind: Kind }>>;
};

// What may be absent is one of two kinds.
const ORNULL = 'object' as 'object' | 'null';
const NUMBER_ORNULL = 'number' as 'number' | 'null';

const ask = { kind: 'string', ask: 'number' } as const;

export const FROM_KERNEL: Shapes<FromKernel> = {
  news: { kind: 'string', number: 'number', whole: 'boolean', session: ORNULL, processes: 'list', traces: 'list', inbox: ORNULL },
  answer: { kind: 'string', ask: 'number', ok: 'boolean', text: 'string', hops: 'list' } satisfies Shape<Answer>,
  trouble: { kind: 'string', text: 'string' }
};

export const FROM_PANEL: Shapes<FromPanel> = {
  look: { kind: 'string', process: 'string', letters: 'number' },
  seen: { kind: 'string', number: 'number' },
  whole: { kind: 'string' },
  spawn: { ...ask, name: 'string' },
  use: { ...ask, process: 'string' },
  send: { ...ask, process: 'string', action: 'string', data: 'string' },
  reply: { ...ask, process: 'string', number: 'number', sender: 'string', action: 'string', data: 'string' },
  open: { ...ask, process: 'string', number: 'number' },
  unfold: { ...ask, root: 'string' },
  snapshot: { ...ask, name: 'string' },
  restore: { ...ask, name: 'string' },
  rewind: { ...ask, process: 'string', nonce: 'number' }
};

export const OPENING: Shape<Opening> = { version: 'number', process: 'string', letters: 'number' };

/** What stands in lists and fields of those. */
export const PROCESS: Shape<ProcessNow> = {
  id: 'string',
  name: 'string',
  owner: 'string',
  module: 'string',
  nonce: 'number',
  queue: 'number',
  inbox: NUMBER_ORNULL,
  waiting: 'number',
  errors: 'number',
  gas: 'number',
  handlers: 'list',
  crons: 'list'
};
export const SESSION: Shape<SessionNow> = {
  current: 'string',
  you: 'string',
  place: 'object',
  clock: ORNULL,
  snapshots: 'list'
};
export const TRACE: Shape<Trace> = {
  root: 'string',
  process: 'string',
  time: 'number',
  sender: 'string',
  receiver: 'string',
  action: 'string',
  messages: 'number',
  errors: 'number'
};
export const HOP: Shape<Hop> = {
  message: 'string',
  process: 'string',
  nonce: 'number',
  time: 'number',
  sender: 'string',
  receiver: 'string',
  action: 'string',
  data: 'string',
  outcome: 'string',
  failed: 'boolean'
};
export const INBOX: Shape<Inbox> = { process: 'string', letters: 'list', refused: 'string' };
export const LETTER: Shape<InboxLetter> = {
  number: 'number',
  sender: 'string',
  name: 'string',
  action: 'string',
  data: 'string',
  length: 'number'
};

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;
}

/** Whether a value has exactly a shape's fields, each of its kind; a field that may be absent may be null. */
export function fits(value: unknown, shape: Record<string, string>): boolean {
  const found = value as Record<string, unknown>;
  const names = Object.keys(shape);
  return (
    Object.keys(found).length === names.length &&
    names.every(name => name in found && [shape[name], 'null'].includes(kindOf(found[name])))
  );
}
