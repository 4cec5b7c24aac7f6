/** What browsers have and jsdom has not, and Lumino looks for when it is loaded. */

Object.assign(globalThis, { DragEvent: class extends MouseEvent {} });
