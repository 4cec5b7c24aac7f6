/** The card of a cell's result: what it set off, on unfolding, with links into the panel. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Widget } from '@lumino/widgets';

import { h } from './dom';
import { SHOW_PROCESS } from './panel';
import { oneLine } from './text';

export const MIME_TYPE = 'application/vnd.ao.result+json';

// Before HTML, which is the same for those who have no such card.
const RANK = 40;
const ROWS = 200;

interface Party {
  id: string;
  name: string;
}

export interface ResultMessage {
  process: string;
  from: Party;
  to: Party;
  action: string;
  data: string;
  outcome: string;
  error: string;
}

export interface Result {
  headline: string;
  messages: ResultMessage[];
  spawned: Party[];
  more: number;
}

/** Goes to a process in the panel, by its id or its name. */
export type GoTo = (process: string) => void;

/** Who is no process: the person, and nobody. */
const NO_PROCESS: ReadonlySet<string> = new Set(['', 'you', 'nobody']);

/** What a bundle holds. A notebook may come from anywhere, so that nothing of its form is taken for granted. */
export function resultOf(json: unknown): Result {
  const found = record(json);
  return {
    headline: text(found['headline']),
    messages: list(found['messages']).slice(0, ROWS).map(messageOf),
    spawned: list(found['spawned']).slice(0, ROWS).map(partyOf),
    more: Math.max(0, list(found['messages']).length - ROWS) + Number(found['more'] ?? 0)
  };
}

function messageOf(json: unknown): ResultMessage {
  const found = record(json);
  return {
    process: text(found['process']),
    from: partyOf(found['from']),
    to: partyOf(found['to']),
    action: text(found['action']),
    data: text(found['data']),
    outcome: text(found['outcome']),
    error: text(found['error'])
  };
}

function partyOf(json: unknown): Party {
  const found = record(json);
  return { id: text(found['id']), name: text(found['name']) };
}

function record(json: unknown): Record<string, unknown> {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
}

function list(json: unknown): unknown[] {
  return Array.isArray(json) ? json : [];
}

function text(json: unknown): string {
  return typeof json === 'string' ? json : '';
}

const HEADINGS = ['from', 'to', 'action', 'data', 'outcome'];

/** The card. */
export function cardOf(result: Result, goTo: GoTo): HTMLElement {
  const headline = oneLine(result.headline, 200) || 'set off: nothing';
  // What a cell set off is always told: it is one line, unless something went wrong.
  const failed = result.messages.some(message => message.error !== '');
  const details = h('details', { open: failed }, h('summary', {}, headline));
  if (result.messages.length > 0) {
    const head = h('tr', {}, ...HEADINGS.map(heading => h('th', { scope: 'col' }, heading)));
    const rows = result.messages.map(message => rowOf(message, goTo));
    const table = h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows));
    details.append(h('div', { class: 'ao-result-wide' }, table));
  }
  if (result.spawned.length > 0) {
    const spawned = result.spawned.flatMap(party => [' ', link(party, goTo)]);
    details.append(h('p', { class: 'ao-note' }, 'spawned', ...spawned));
  }
  if (result.more > 0) {
    details.append(h('p', { class: 'ao-note' }, `and ${result.more.toLocaleString('en')} more`));
  }
  return details;
}

function rowOf(message: ResultMessage, goTo: GoTo): HTMLElement {
  return h(
    'tr',
    { class: message.error !== '' ? 'ao-failed' : '' },
    h('td', {}, link(message.from, goTo)),
    h('td', {}, link({ ...message.to, id: message.process || message.to.id }, goTo)),
    h('td', {}, h('bdi', {}, oneLine(message.action, 80))),
    h('td', { class: 'ao-data' }, h('bdi', {}, oneLine(message.data, 120))),
    h('td', {}, h('bdi', {}, oneLine(message.error || message.outcome, 160)))
  );
}

function link(party: Party, goTo: GoTo): HTMLElement {
  const name = oneLine(party.name, 40) || oneLine(party.id, 12);
  const process = party.id || party.name;
  if (NO_PROCESS.has(process)) {
    return h('bdi', {}, name);
  }
  const attributes = { class: 'ao-link', type: 'button', title: `show ${oneLine(process, 60)} in the ao panel` };
  return h('button', { ...attributes, click: () => goTo(process) }, h('bdi', {}, name));
}

export class ResultCard extends Widget implements IRenderMime.IRenderer {
  constructor(private readonly _goTo: GoTo) {
    super();
    this.addClass('ao-result');
    // Enter on a link is for the link, and not for the notebook around it.
    this.node.dataset['lmSuppressShortcuts'] = 'true';
  }

  renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.node.replaceChildren(cardOf(resultOf(model.data[MIME_TYPE]), this._goTo));
    return Promise.resolve();
  }
}

export const rendererPlugin: JupyterFrontEndPlugin<void> = {
  id: 'ao-jupyter:renderer',
  description: 'Shows what a cell set off as a card.',
  autoStart: true,
  optional: [IRenderMimeRegistry],
  activate: (app: JupyterFrontEnd, registry: IRenderMimeRegistry | null): void => {
    const goTo = (process: string): void => void app.commands.execute(SHOW_PROCESS, { process });
    registry?.addFactory(
      { safe: true, mimeTypes: [MIME_TYPE], createRenderer: () => new ResultCard(goTo) },
      RANK
    );
  }
};
