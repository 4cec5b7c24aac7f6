/** What the panel knows of a session: a rule from news to state. */

import type { Inbox, News, ProcessNow, SessionNow, Trace } from './session-comm';

const TRACES = 30;

export interface State {
  readonly number: number;
  readonly session: SessionNow | null;
  readonly processes: ReadonlyMap<string, ProcessNow>;
  readonly traces: ReadonlyMap<string, Trace>;
  readonly inbox: Inbox | null;
}

export const NOTHING: State = {
  number: 0,
  session: null,
  processes: new Map(),
  traces: new Map(),
  inbox: null
};

/** Whether news can be added to the state: nothing between the two is missing. */
export function follows(state: State, news: News): boolean {
  return news.whole || news.number === state.number + 1;
}

/** The state with the news added. */
export function withNews(state: State, news: News): State {
  const before = news.whole ? NOTHING : state;
  return {
    number: news.number,
    session: news.session ?? before.session,
    processes: withEach(before.processes, news.processes, each => each.id),
    traces: latest(withEach(before.traces, news.traces, each => each.root)),
    inbox: news.inbox ?? (news.whole ? null : state.inbox)
  };
}

function withEach<T>(
  known: ReadonlyMap<string, T>,
  fresh: readonly T[],
  keyOf: (each: T) => string
): ReadonlyMap<string, T> {
  if (fresh.length === 0) {
    return known;
  }
  const merged = new Map(known);
  for (const each of fresh) {
    merged.set(keyOf(each), each);
  }
  return merged;
}

function latest(traces: ReadonlyMap<string, Trace>): ReadonlyMap<string, Trace> {
  return traces.size <= TRACES ? traces : new Map([...traces].slice(-TRACES));
}

/** How many messages are scheduled and not evaluated yet, in all processes. */
export function toDo(state: State): number {
  let sum = 0;
  for (const process of state.processes.values()) {
    sum += process.queue;
  }
  return sum;
}

/** The process that cells go to. */
export function currentOf(state: State): ProcessNow | undefined {
  return state.processes.get(state.session?.current ?? '');
}
