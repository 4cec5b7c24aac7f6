/** Marks ao's words and the kernel's commands in cells of Lua. */

import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { type Extension, RangeSetBuilder } from '@codemirror/state';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { EditorExtensionRegistry, IEditorExtensionRegistry } from '@jupyterlab/codemirror';

import { marksOf } from './lua';

const LUA = 'text/x-lua';

/** A longer text is left to Lua's own colours. */
const LONGEST = 50_000;

const MARKS = {
  global: Decoration.mark({ class: 'ao-global' }),
  magic: Decoration.mark({ class: 'ao-magic' }),
  'magic-name': Decoration.mark({ class: 'ao-magic-name' })
};

/** The marks of a text. */
export function decorationsOf(source: string): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const mark of source.length > LONGEST ? [] : marksOf(source)) {
    builder.add(mark.from, mark.to, MARKS[mark.kind]);
  }
  return builder.finish();
}

/** Keeps the marks of an editor up to date, while its text is Lua. */
export function highlighting(isLua: () => boolean): Extension {
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      private _wasLua: boolean;

      constructor(view: EditorView) {
        this._wasLua = isLua();
        this.decorations = this._of(view);
      }

      update(update: ViewUpdate): void {
        // The language is known only once the kernel has said what it is.
        if (update.docChanged || this._wasLua !== isLua()) {
          this._wasLua = isLua();
          this.decorations = this._of(update.view);
        }
      }

      private _of(view: EditorView): DecorationSet {
        return this._wasLua ? decorationsOf(view.state.doc.toString()) : Decoration.none;
      }
    },
    { decorations: plugin => plugin.decorations }
  );
}

export const editingPlugin: JupyterFrontEndPlugin<void> = {
  id: 'ao-jupyter:editing',
  description: "Marks ao's words and the kernel's commands in cells of Lua.",
  autoStart: true,
  optional: [IEditorExtensionRegistry],
  activate: (_app: JupyterFrontEnd, registry: IEditorExtensionRegistry | null): void => {
    registry?.addExtension({
      name: 'ao-jupyter:highlighting',
      factory: ({ model }) =>
        EditorExtensionRegistry.createImmutableExtension(highlighting(() => model.mimeType === LUA))
    });
  }
};
