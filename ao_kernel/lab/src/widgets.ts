/** Lets the keys that are pressed in the kernel's widgets reach them: a notebook takes the arrows for itself. */

import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

const SUPPRESS = 'lmSuppressShortcuts';

/** Marks the widget that has just got the focus as one that the notebook's shortcuts leave alone. */
export function leaveKeys(event: FocusEvent): void {
  const widget = event.target instanceof Element ? event.target.closest<HTMLElement>('.ao-widget') : null;
  if (widget !== null) {
    widget.dataset[SUPPRESS] = 'true';
  }
}

export const widgetsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'ao-jupyter:widgets',
  description: "Lets the arrow keys reach the kernel's widgets.",
  autoStart: true,
  activate: (): void => {
    document.addEventListener('focusin', leaveKeys);
  }
};
