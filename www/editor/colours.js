// Colours for YAML (and JSON): a sketch for the eye, line by line, of the lines in sight
// only. What the text means is read elsewhere.

import { RangeSetBuilder } from '@codemirror/state';
import { Decoration, ViewPlugin } from '@codemirror/view';

/** How far back a block of text is looked for that a line may be in. */
const LINES_BACK = 400;
/** Longer lines stay plain. */
const LINE_MAX = 2_000;

const MARKS = Object.fromEntries(
  ['key', 'text', 'number', 'comment', 'mark'].map((kind) => [kind, Decoration.mark({ class: `t-${kind}` })]),
);

const KEY = /(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#'"[\]{},&*!|>-][^#[\]{},]*?|-[^\s#][^#[\]{},]*?)(?=\s*:(?:\s|$))/y;
const TOKEN =
  /(?<comment>(?:^|(?<=\s))#.*$)|(?<text>"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?)|(?<mark>[[\]{},]|[&*!][^\s,[\]{}]*|[|>][-+0-9]*(?=\s*(?:#.*)?$))|(?<number>(?:true|false|null|~|[-+]?\d[\d.]*(?:[eE][-+]?\d+)?%?)(?=\s*(?:$|[,\]}]|\s#)))|(?<plain>[^\s,[\]{}#"'][^,[\]{}#]*|\S)/gy;

/** The pieces of a line that have a colour: `[from, to, kind]`. */
export function pieces(text) {
  if (/^(---|\.\.\.)/.test(text)) return [[0, 3, 'mark'], ...pieces(text.slice(3)).map(([a, b, kind]) => [a + 3, b + 3, kind])];
  const found = [];
  let at = /^\s*/.exec(text)[0].length;
  for (let item = /-(\s+|$)/y; (item.lastIndex = at), item.test(text); at = item.lastIndex) found.push([at, at + 1, 'mark']);
  while (at < text.length) {
    KEY.lastIndex = at;
    const key = KEY.exec(text);
    if (key && key[0]) {
      found.push([at, KEY.lastIndex, 'key']);
      at = text.indexOf(':', KEY.lastIndex) + 1;
      found.push([at - 1, at, 'mark']);
    } else if (/\s/.test(text[at])) {
      at += 1;
    } else {
      TOKEN.lastIndex = at;
      const groups = TOKEN.exec(text)?.groups ?? {};
      const kind = Object.keys(groups).find((name) => groups[name] !== undefined);
      const to = at + (kind ? groups[kind].length : 1);
      if (kind && kind !== 'plain') found.push([at, to, kind]);
      at = to;
    }
  }
  return found;
}

const indentOf = (text) => text.search(/\S/);
const opensText = (text) => /(^|[:\s-])[|>][-+0-9]*\s*(#.*)?$/.test(text) && !/^\s*#/.test(text);

/** Tells of each line, one after the other, whether it is within a block of text. */
function textBlocks() {
  let indent = -1;
  return (text) => {
    const at = indentOf(text);
    if (indent >= 0 && (at < 0 || at > indent)) return true;
    indent = opensText(text) ? Math.max(at, 0) : -1;
    return false;
  };
}

function colour(view) {
  const builder = new RangeSetBuilder();
  const { doc } = view.state;
  for (const { from, to } of view.visibleRanges) {
    const first = doc.lineAt(from).number;
    const last = doc.lineAt(to).number;
    const isText = textBlocks();
    for (let n = Math.max(1, first - LINES_BACK); n <= last; n += 1) {
      const line = doc.line(n);
      const inBlock = isText(line.text);
      if (n < first || line.length > LINE_MAX) continue;
      const found = inBlock ? [[0, line.length, 'text']] : pieces(line.text);
      for (const [a, b, kind] of found) if (b > a) builder.add(line.from + a, line.from + b, MARKS[kind]);
    }
  }
  return builder.finish();
}

export const colours = ViewPlugin.fromClass(
  class {
    constructor(view) {
      this.decorations = colour(view);
    }

    update(update) {
      if (update.docChanged || update.viewportChanged) this.decorations = colour(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
