import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { FromKernel, FromPanel, Opening } from '../src/session-comm';
import { fits, FROM_KERNEL, FROM_PANEL, HOP, INBOX, LETTER, OPENING, PROCESS, SESSION, TRACE } from './shapes';

function examples(name: string): unknown {
  const folder = join(import.meta.dirname, '../../../tests/ao_kernel/examples');
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
}

const fromKernel = examples('from-kernel') as FromKernel[];
const fromPanel = examples('from-panel') as FromPanel[];

test('each example of what the kernel says has the form that is read here', () => {
  expect(fromKernel.filter(said => !fits(said, FROM_KERNEL[said.kind]))).toEqual([]);
  expect(new Set(fromKernel.map(said => said.kind))).toEqual(new Set(Object.keys(FROM_KERNEL)));
});

test('each example of what the panel says has the form that is written here', () => {
  expect(fromPanel.filter(said => !fits(said, FROM_PANEL[said.kind]))).toEqual([]);
  expect(new Set(fromPanel.map(said => said.kind))).toEqual(new Set(Object.keys(FROM_PANEL)));
});

test('what the panel opens with has its form', () => {
  expect(fits(examples('opening') as Opening, OPENING)).toBe(true);
});

test('what stands in a piece of news has its form', () => {
  const news = fromKernel.filter(said => said.kind === 'news');
  const inboxes = news.map(each => each.inbox).filter(inbox => inbox !== null);
  const sessions = news.map(each => each.session).filter(session => session !== null);

  expect(news.flatMap(each => each.processes).every(each => fits(each, PROCESS))).toBe(true);
  expect(news.flatMap(each => each.traces).every(each => fits(each, TRACE))).toBe(true);
  expect(sessions.every(each => fits(each, SESSION))).toBe(true);
  expect(inboxes.every(each => fits(each, INBOX))).toBe(true);
  expect(inboxes.flatMap(each => each.letters).every(each => fits(each, LETTER))).toBe(true);
});

test('what stands in an answer has its form', () => {
  const hops = fromKernel.filter(said => said.kind === 'answer').flatMap(answer => answer.hops);

  expect(hops.length).toBeGreaterThan(0);
  expect(hops.every(each => fits(each, HOP))).toBe(true);
});
