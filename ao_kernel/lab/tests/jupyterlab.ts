/** Plays the packages of JupyterLab that the plugins import: their tokens, and what little of their code is called. */

import type { Extension } from '@codemirror/state';
import { Token } from '@lumino/coreutils';

export const ICommandPalette = new Token('ICommandPalette');
export const IConsoleTracker = new Token('IConsoleTracker');
export const IEditorExtensionRegistry = new Token('IEditorExtensionRegistry');
export const ILabShell = new Token('ILabShell');
export const ILauncher = new Token('ILauncher');
export const INotebookTracker = new Token('INotebookTracker');
export const IRenderMimeRegistry = new Token('IRenderMimeRegistry');
export const IStatusBar = new Token('IStatusBar');

export class LabIcon {
  constructor(readonly options: { name: string; svgstr: string }) {}
}

export const EditorExtensionRegistry = {
  createImmutableExtension: (extension: Extension) => ({ instance: () => extension })
};

export const PageConfig = { getOption: (name: string) => `/${name}` };
export const URLExt = { join: (...parts: string[]) => parts.join('/') };
