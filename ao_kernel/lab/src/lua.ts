/** Which parts of a cell are ao's own words, and which are commands to the kernel: a rule from text to marks. */

export interface Mark {
  from: number;
  to: number;
  kind: 'global' | 'magic' | 'magic-name';
}

/** The globals that a process of aos has besides Lua's own, as `reference/ao.txt` explains them. */
export const GLOBALS: ReadonlySet<string> = new Set(
  (
    'ao Assign Bell Colors Dump Errors Handlers Inbox Name Owner Prompt Receive Send Spawn Tab Utils Version'
  ).split(' ')
);

// In this order: what a name could stand in, so that it is passed over; then names.
const TOKENS = new RegExp(
  [
    String.raw`--\[(=*)\[[\s\S]*?(?:\]\1\]|$)`,
    String.raw`--[^\n]*`,
    String.raw`\[(=*)\[[\s\S]*?(?:\]\2\]|$)`,
    String.raw`"(?:\\[\s\S]|[^"\\\n])*"?`,
    String.raw`'(?:\\[\s\S]|[^'\\\n])*'?`,
    String.raw`\.\.\.?`,
    String.raw`[.:]\s*[A-Za-z_]\w*`,
    String.raw`([A-Za-z_]\w*)(\s*=(?!=))?`
  ].join('|'),
  'g'
);
const MAGIC = /^([ \t]*)(%%?[A-Za-z][\w-]*)(.*)$/gm;

/** Commands whose text is another language. */
const NOT_LUA: ReadonlySet<string> = new Set(['%%html', '%%markdown', '%%svg', '%%python', '%%bash']);

/** The marks of a cell, in order. */
export function marksOf(source: string): Mark[] {
  const magics = magicsOf(source);
  const isLua = !magics.some(mark => NOT_LUA.has(source.slice(mark.from, mark.to)));
  const globals = isLua ? globalsOf(source, magics) : [];
  return [...magics, ...globals].sort((a, b) => a.from - b.from || b.to - a.to);
}

/** Lines that are commands. Below one with `%%` all is its text. */
function magicsOf(source: string): Mark[] {
  const marks: Mark[] = [];
  for (const found of source.matchAll(MAGIC)) {
    const name = found[2] ?? '';
    const isCell = name.startsWith('%%');
    if (isCell && source.slice(0, found.index).trim() !== '') {
      continue;
    }
    const from = found.index + (found[1] ?? '').length;
    marks.push({ from, to: found.index + found[0].length, kind: 'magic' });
    marks.push({ from, to: from + name.length, kind: 'magic-name' });
    if (isCell) {
      break;
    }
  }
  return marks;
}

function globalsOf(source: string, magics: Mark[]): Mark[] {
  const marks: Mark[] = [];
  for (const found of source.matchAll(TOKENS)) {
    const name = found[3];
    const from = found.index;
    const isInMagic = magics.some(mark => mark.from <= from && from < mark.to);
    // A field of a table that is being made is no global, though `Name = ` may be an assignment to one.
    const isField = found[4] !== undefined && /[{,]\s*$/.test(source.slice(Math.max(0, from - 80), from));
    if (name !== undefined && GLOBALS.has(name) && !isInMagic && !isField) {
      marks.push({ from, to: from + name.length, kind: 'global' });
    }
  }
  return marks;
}
