/** Text from processes as a person may see it: nothing in it can colour, hide or turn around what stands beside it. */

// Colour codes and other commands to terminals.
const COMMANDS = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-_])/g;
// What is left of controls, and the marks that turn the direction of writing around.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** The text without what cannot be seen. */
export function plain(text: string): string {
  return text.replace(COMMANDS, '').replace(HIDDEN, '');
}

/** The text on one line, cut where it is longer. */
export function oneLine(text: string, width = 80): string {
  const line = plain(text.slice(0, width * 8))
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}

/** The direction that a text is written in, by the first of its letters. Browsers take seconds to find it of a megabyte. */
export function directionOf(text: string): 'ltr' | 'rtl' {
  const first = /\p{L}/u.exec(text.slice(0, 1000))?.[0] ?? '';
  return /[\u0590-\u08ff\ufb1d-\ufefc]/.test(first) ? 'rtl' : 'ltr';
}

/** An id as short as people tell them apart by. */
export function shortId(id: string): string {
  return id.length === 43 ? `${id.slice(0, 6)}…${id.slice(-4)}` : id;
}

/** A count with its noun. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/** A time of the day, of milliseconds. */
export function timeOfDay(timestamp: number): string {
  return new Date(timestamp).toLocaleTimeString('en-GB');
}
