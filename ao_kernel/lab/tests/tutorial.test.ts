import { expect, test, vi } from 'vitest';

import { copyTutorial, NEW_NOTEBOOK, START_TUTORIAL, tutorialPlugin } from '../src/tutorial';
import { FakeApp } from './players';

const SHIPPED: Record<string, unknown> = { 'index.json': ['00.ipynb', '01.ipynb'], '00.ipynb': { n: 0 }, '01.ipynb': { n: 1 } };

class Folder {
  readonly saved: string[] = [];

  constructor(private readonly _there: string[]) {}

  get(): Promise<never> {
    return Promise.resolve({ content: this._there.map(name => ({ name })) } as never);
  }

  save(path: string): Promise<never> {
    this.saved.push(path);
    return Promise.resolve({} as never);
  }
}

function read(name: string): Promise<unknown> {
  return Promise.resolve(SHIPPED[name]);
}

test('the notebooks are put into a folder of the person, and the first is opened', async () => {
  const folder = new Folder([]);

  const path = await copyTutorial(folder, read);

  expect(path).toBe('ao-tutorial/00.ipynb');
  expect(folder.saved).toEqual(['ao-tutorial', 'ao-tutorial/00.ipynb', 'ao-tutorial/01.ipynb']);
});

test('what a person has written there is left alone', async () => {
  const folder = new Folder(['00.ipynb']);

  await copyTutorial(folder, read);

  expect(folder.saved).toEqual(['ao-tutorial', 'ao-tutorial/01.ipynb']);
});

function activated(): [FakeApp, string[]] {
  const fake = new FakeApp();
  const offered: string[] = [];
  const add = (item: { command: string }): number => offered.push(item.command);
  void tutorialPlugin.activate(fake.app, { addItem: add }, { add });
  return [fake, offered];
}

test('the tutorial is offered in the palette and in the launcher, a new notebook in the palette', () => {
  const [, offered] = activated();

  expect(offered).toEqual([START_TUTORIAL, NEW_NOTEBOOK, START_TUTORIAL]);
});

test('the command reads what comes with the extension', async () => {
  const [fake] = activated();
  Object.assign(fake.serviceManager, { contents: new Folder([]) });
  const asked: string[] = [];
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url);
    return Promise.resolve({ ok: true, json: () => read(url.split('/').at(-1) ?? '') });
  });

  await fake.added.get(START_TUTORIAL)?.execute({});

  expect(asked[0]).toBe('/fullLabextensionsUrl/ao-jupyter/static/notebooks/index.json');
  expect(fake.executed).toEqual([['docmanager:open', { path: 'ao-tutorial/00.ipynb' }]]);
});

test('what is missing is named', async () => {
  const [fake] = activated();
  vi.stubGlobal('fetch', () => Promise.resolve({ ok: false, status: 404 }));

  await expect(fake.added.get(START_TUTORIAL)?.execute({})).rejects.toThrow("the tutorial's index.json is not there (404)");
});

test('a new notebook has the ao kernel', async () => {
  const [fake] = activated();

  await fake.added.get(NEW_NOTEBOOK)?.execute({});

  expect(fake.executed).toEqual([['notebook:create-new', { kernelName: 'ao' }]]);
});
