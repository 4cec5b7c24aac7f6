import { expect, test } from 'vitest';

import { count, directionOf, oneLine, plain, shortId } from '../src/text';

test.each([
  ['\u001b[31mred\u001b[0m', 'red'],
  ['\u001b]8;;http://x\u0007link\u001b]8;;\u0007', 'link'],
  ['a\u0000b\u0008c\u007f', 'abc'],
  ['abc\u202egpj.exe', 'abcgpj.exe'],
  ['\u2066a\u2069\u200f', 'a'],
  ['two\n\tlines', 'two\n\tlines'],
  ['<b>&amp;</b>', '<b>&amp;</b>'],
  ['سلام 👋', 'سلام 👋']
])('%j is seen as %j', (text, seen) => {
  expect(plain(text)).toBe(seen);
});

test('a line is cut, and of a very long text only the beginning is looked at', () => {
  expect(oneLine('a  b\n c')).toBe('a b c');
  expect(oneLine('x'.repeat(1_000_000), 10)).toBe('xxxxxxxxx…');
});

test('an id is shortened, a name is not', () => {
  expect(shortId(`abcdef${'-'.repeat(33)}wxyz`)).toBe('abcdef…wxyz');
  expect(shortId('alice')).toBe('alice');
});

test('a count agrees with its noun', () => {
  expect([count(1, 'error'), count(1200, 'error')]).toEqual(['1 error', '1,200 errors']);
});

test.each([
  ['hello سلام', 'ltr'],
  ['123 سلام hello', 'rtl'],
  ['שלום', 'rtl'],
  ['', 'ltr']
])('%j is written %s', (text, direction) => {
  expect(directionOf(text)).toBe(direction);
});
