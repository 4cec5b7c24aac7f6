/** The extension: one plugin a file. */

import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { editingPlugin } from './editing';
import { followingPlugin } from './following';
import { panelPlugin } from './panel';
import { rendererPlugin } from './renderer';
import { statusPlugin } from './status';
import { tutorialPlugin } from './tutorial';
import { widgetsPlugin } from './widgets';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  followingPlugin,
  panelPlugin,
  statusPlugin,
  rendererPlugin,
  editingPlugin,
  tutorialPlugin,
  widgetsPlugin
];

export default plugins;
