// What the editor knows of YAML: where blocks fold, how a new line is indented, what a
// comment looks like. By indentation alone, so that it holds for texts that are not yet right.

import { foldService, indentService } from '@codemirror/language';
import { EditorState } from '@codemirror/state';

const INDENT = 2;
/** A key without a value behind it, or with the mark of a block of text. */
const OPENS = /:(\s+[|>][-+0-9]*)?\s*(#.*)?$/;
const ITEM = /^(\s*)((?:- +)+)/;

const indentOf = (text) => text.search(/\S/);

/** What is indented further than its first line, and the list items of a key beside it. */
const folds = foldService.of((state, from) => {
  const first = state.doc.lineAt(from);
  const indent = indentOf(first.text);
  if (indent < 0 || /^\s*#|^---/.test(first.text)) return null;
  const takesItems = /:\s*(#.*)?$/.test(first.text) && !first.text.trimStart().startsWith('- ');
  let end = first.to;
  for (let n = first.number + 1; n <= state.doc.lines; n += 1) {
    const line = state.doc.line(n);
    const at = indentOf(line.text);
    if (at < 0) continue;
    const isItem = takesItems && at === indent && /^\s*-(\s|$)/.test(line.text);
    if (at <= indent && !isItem) break;
    end = line.to;
  }
  return end > first.to ? { from: first.to, to: end } : null;
});

/** Only for new lines: what is typed already stays where it is. */
const indents = indentService.of((context, at) => {
  if (context.simulatedBreak == null) return undefined;
  const line = context.state.doc.lineAt(at);
  const before = line.text.slice(0, at - line.from);
  const item = ITEM.exec(before);
  const indent = Math.max(indentOf(before), 0) + (item ? item[2].length : 0);
  return OPENS.test(before) ? indent + INDENT : indent;
});

const data = [{ commentTokens: { line: '#' }, closeBrackets: { brackets: ['(', '[', '{', "'", '"'] } }];

export const yaml = [folds, indents, EditorState.languageData.of(() => data)];
