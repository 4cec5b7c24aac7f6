import { expect, test } from 'vitest';

import { h } from '../src/dom';
import { widgetsPlugin } from '../src/widgets';
import { FakeApp } from './players';

test("the notebook leaves the keys that are pressed in the kernel's widgets alone", () => {
  void widgetsPlugin.activate(new FakeApp().app);
  const [inside, outside] = [h('button'), h('button')];
  const widget = h('div', { class: 'ao-widget' }, inside);
  document.body.replaceChildren(widget, outside);

  outside.focus();
  expect(outside.dataset['lmSuppressShortcuts']).toBeUndefined();
  inside.focus();

  expect(widget.dataset['lmSuppressShortcuts']).toBe('true');
});
