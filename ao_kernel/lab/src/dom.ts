/** Elements without markup: what is put into them is text, whatever it holds. */

type Listener = (event: never) => void;
export type Attributes = Record<string, string | boolean | Listener | undefined>;
export type Child = Node | string;

/** A new element. A function is what happens on that event; a text child is text. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    set(element, name, value);
  }
  element.append(...children);
  return element;
}

function set(element: HTMLElement, name: string, value: Attributes[string]): void {
  if (typeof value === 'function') {
    element.addEventListener(name, value as EventListener);
  } else if (value === true) {
    element.setAttribute(name, '');
  } else if (typeof value === 'string') {
    element.setAttribute(name, value);
  }
}

/** Makes the element's text that, without touching the page where it is that already. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Shows or hides an element. */
export function setShown(element: HTMLElement, isShown: boolean): void {
  if (element.hidden === isShown) {
    element.hidden = !isShown;
  }
}

/** One line of a list: its element, and how it is made to show another value. */
export interface Row<T> {
  readonly node: HTMLElement;
  update(value: T): void;
}

/** The lines of a list, kept by key: a line that stays keeps its focus, and whether it is unfolded. */
export class Rows<T> {
  constructor(
    private readonly _list: HTMLElement,
    private readonly _keyOf: (value: T) => string,
    private readonly _make: (value: T) => Row<T>
  ) {}

  get(key: string): Row<T> | undefined {
    return this._rows.get(key);
  }

  show(values: readonly T[]): void {
    const wanted = new Set(values.map(this._keyOf));
    for (const [key, row] of this._rows) {
      if (!wanted.has(key)) {
        row.node.remove();
        this._rows.delete(key);
      }
    }
    values.forEach((value, place) => this._place(value, place));
  }

  private _place(value: T, place: number): void {
    const key = this._keyOf(value);
    const row = this._rows.get(key) ?? this._make(value);
    this._rows.set(key, row);
    row.update(value);
    const there = this._list.children[place] ?? null;
    // A line is moved only if it must be: moving takes the focus away.
    if (there !== row.node) {
      this._list.insertBefore(row.node, there);
    }
  }

  private readonly _rows = new Map<string, Row<T>>();
}
