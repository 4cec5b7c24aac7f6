import { expect, test } from 'vitest';

import { h, Rows, setShown, setText } from '../src/dom';

test('what is put into an element is text, whatever it holds', () => {
  const element = h('p', { title: '"><script>' }, '<img src=x onerror=alert(1)>');

  expect(element.children.length).toBe(0);
  expect(element.textContent).toBe('<img src=x onerror=alert(1)>');
  expect(element.title).toBe('"><script>');
});

test('text that is there already is not touched', () => {
  const element = h('p', {}, 'same');
  const before = element.firstChild;

  setText(element, 'same');

  expect(element.firstChild).toBe(before);
});

test('an element is shown or hidden', () => {
  const element = h('p');
  setShown(element, false);
  expect(element.hidden).toBe(true);
});

function aList(): [HTMLElement, Rows<string>] {
  const list = h('ul');
  const make = (value: string) => ({ node: h('li', { tabindex: '0' }, value), update: () => undefined });
  return [list, new Rows<string>(list, value => value, make)];
}

test('rows follow their values in order', () => {
  const [list, rows] = aList();

  rows.show(['a', 'b', 'c']);
  rows.show(['c', 'd', 'a']);

  expect([...list.children].map(child => child.textContent)).toEqual(['c', 'd', 'a']);
});

test('a row that stays keeps the focus when those above it go or come', () => {
  const [list, rows] = aList();
  document.body.append(list);
  rows.show(['a', 'b', 'c']);
  rows.get('b')?.node.focus();

  rows.show(['new', 'b', 'c']);

  expect(document.activeElement).toBe(rows.get('b')?.node);
});
