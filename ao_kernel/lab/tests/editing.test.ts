import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { expect, test } from 'vitest';

import { decorationsOf, editingPlugin, highlighting } from '../src/editing';
import { GLOBALS, marksOf } from '../src/lua';
import { FakeApp } from './players';

function marked(source: string): string[] {
  return marksOf(source).map(mark => `${mark.kind}: ${source.slice(mark.from, mark.to)}`);
}

test.each([
  ['Send({ Target = ao.id })', ['global: Send', 'global: ao']],
  ['Handlers.add("Inbox", f)', ['global: Handlers']],
  ['x.Send() y:Receive()', []],
  ['"a"..Name', ['global: Name']],
  ['-- Send\nInbox[1]', ['global: Inbox']],
  ['--[[ Send\nSend ]] Owner', ['global: Owner']],
  ['[==[ Send ]] ]==] Owner', ['global: Owner']],
  ["'Send' \"it's Send\"", []],
  ['{ Name = 1, Owner = 2 }', []],
  ['Name = "x"', ['global: Name']],
  ['Sender Sends _Send', []]
])('in %j ao\'s words are marked', (source, marks) => {
  expect(marked(source)).toEqual(marks);
});

test('commands are marked, with the name of each', () => {
  expect(marked('%use alice\nreturn Inbox')).toEqual(['magic: %use alice', 'magic-name: %use', 'global: Inbox']);
});

test('below a command for a whole cell there is Lua, unless it is for another language', () => {
  expect(marked('%%on bob\nSend({})\n%use x')).toEqual(['magic: %%on bob', 'magic-name: %%on', 'global: Send']);
  expect(marked('%%html\n<b>Send</b>')).toEqual(['magic: %%html', 'magic-name: %%html']);
});

test('a remainder is no command', () => {
  expect(marked('x = 7\n  % 2')).toEqual([]);
});

test('the globals are those that the reference explains', () => {
  const reference = readFileSync(join(import.meta.dirname, '../../language/reference/ao.txt'), 'utf8');
  const explained = reference.matchAll(/^([A-Za-z]\w*)(?=[.(:[]|$| )/gm);
  const names = new Set([...explained].map(found => found[1] ?? ''));

  expect([...GLOBALS].filter(name => !names.has(name))).toEqual([]);
});

test('a very long text is left alone', () => {
  expect(decorationsOf('Send() '.repeat(20_000)).size).toBe(0);
});

test('an editor is marked while its language is Lua', () => {
  let mimeType = 'text/plain';
  const extensions = [highlighting(() => mimeType === 'text/x-lua')];
  const view = new EditorView({ state: EditorState.create({ doc: 'Send({})', extensions }) });
  expect(view.dom.querySelector('.ao-global')).toBeNull();

  mimeType = 'text/x-lua';
  view.dispatch({});
  expect(view.dom.querySelector('.ao-global')?.textContent).toBe('Send');

  view.dispatch({ changes: { from: 0, to: 8, insert: '%ps' } });
  expect(view.dom.querySelector('.ao-magic-name')?.textContent).toBe('%ps');
});

test('the plugin adds the marks to every editor', () => {
  const names: string[] = [];
  const registry = {
    addExtension: (extension: { name: string; factory: (options: object) => { instance: () => unknown } }) => {
      names.push(extension.name);
      expect(extension.factory({ model: { mimeType: 'text/x-lua' } }).instance()).toBeDefined();
    }
  };

  void editingPlugin.activate(new FakeApp().app, registry);
  void editingPlugin.activate(new FakeApp().app, null);

  expect(names).toEqual(['ao-jupyter:highlighting']);
});
