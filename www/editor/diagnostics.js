// What is wrong with the text, marked at its place. The page has the text read (it needs the
// objects anyway) and tells what was found by an attribute, a line a problem:
// `E 10 14 message`, error or warning, first byte, byte behind the last.

import { lintGutter, lintKeymap, linter, setDiagnostics } from '@codemirror/lint';
import { EditorView, keymap } from '@codemirror/view';
import { Offsets } from './offsets.js';

const LINE = /^([EW]) (\d+) (\d+) (.*)$/gm;

export function diagnostics() {
  return [
    // No source of its own: it only shows what `setMarks` brings.
    linter(null, { hoverTime: 200 }),
    lintGutter({ hoverTime: 200 }),
    keymap.of(lintKeymap.filter(({ key }) => key === 'F8')),
    EditorView.contentAttributes.of((view) => ({ 'aria-invalid': String(view.dom.dataset.errors > 0) })),
  ];
}

/** Shows what the page found wrong with the text. */
export function setMarks(view, marks) {
  const found = parse(marks, view.state.doc);
  view.dom.dataset.errors = found.filter(({ severity }) => severity === 'error').length;
  view.dispatch(setDiagnostics(view.state, found));
}

function parse(marks, doc) {
  if (marks === '') return [];
  const offsets = new Offsets(doc.toString());
  return [...marks.matchAll(LINE)].map(([, severity, start, end, message]) => ({
    from: Math.min(offsets.unit(Number(start)), doc.length),
    to: Math.min(offsets.unit(Number(end)), doc.length),
    severity: severity === 'E' ? 'error' : 'warning',
    message,
  }));
}
