/** Opens the notebooks that teach ao: in the person's own folder, since what is learned there is theirs to change. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { PageConfig, URLExt } from '@jupyterlab/coreutils';
import { ILauncher } from '@jupyterlab/launcher';
import type { Contents } from '@jupyterlab/services';

import { aoIcon } from './icons';

export const START_TUTORIAL = 'ao:start-tutorial';
export const NEW_NOTEBOOK = 'ao:new-notebook';
export const FOLDER = 'ao-tutorial';

/** Reads a JSON file that comes with the extension. */
export type Read = (name: string) => Promise<unknown>;

type Folder = Pick<Contents.IManager, 'get' | 'save'>;

/** Puts the notebooks that are not there yet into the person's folder; gives the path of the first. */
export async function copyTutorial(contents: Folder, read: Read): Promise<string> {
  const names = (await read('index.json')) as string[];
  await contents.save(FOLDER, { type: 'directory' });
  const folder = await contents.get(FOLDER, { content: true });
  const there = new Set((folder.content as Contents.IModel[]).map(each => each.name));
  for (const name of names.filter(each => !there.has(each))) {
    const content = await read(name);
    await contents.save(`${FOLDER}/${name}`, { type: 'notebook', format: 'json', content });
  }
  return `${FOLDER}/${names[0] ?? ''}`;
}

async function readShipped(name: string): Promise<unknown> {
  const base = PageConfig.getOption('fullLabextensionsUrl');
  const answer = await fetch(URLExt.join(base, 'ao-jupyter', 'static', 'notebooks', name));
  if (!answer.ok) {
    throw new Error(`the tutorial's ${name} is not there (${answer.status}): is ao-jupyter installed completely?`);
  }
  return answer.json();
}

export const tutorialPlugin: JupyterFrontEndPlugin<void> = {
  id: 'ao-jupyter:tutorial',
  description: 'Opens the notebooks that teach ao, and new ones.',
  autoStart: true,
  optional: [ICommandPalette, ILauncher],
  activate: (app: JupyterFrontEnd, palette: ICommandPalette | null, launcher: ILauncher | null): void => {
    const { commands, serviceManager } = app;
    commands.addCommand(START_TUTORIAL, {
      label: 'Start ao Tutorial',
      caption: 'Notebooks that teach ao, from the first process on',
      icon: aoIcon,
      execute: async () => {
        const path = await copyTutorial(serviceManager.contents, readShipped);
        await commands.execute('docmanager:open', { path });
      }
    });
    commands.addCommand(NEW_NOTEBOOK, {
      label: 'New ao Notebook',
      caption: 'A notebook whose cells are messages to ao processes',
      icon: aoIcon,
      execute: () => commands.execute('notebook:create-new', { kernelName: 'ao' })
    });
    for (const command of [START_TUTORIAL, NEW_NOTEBOOK]) {
      palette?.addItem({ command, category: 'ao' });
    }
    launcher?.add({ command: START_TUTORIAL, category: 'Other', rank: 100 });
  }
};
