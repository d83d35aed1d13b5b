// What is wrong with the text, marked at its place, with what would mend it. The page has the
// text read (it needs the objects anyway) and tells what was found by an attribute, a line a
// problem: `E 10 14 message`, error or warning, first byte, byte behind the last. The fixes
// are asked for here.

import { forEachDiagnostic, lintGutter, lintKeymap, linter, setDiagnostics, setDiagnosticsEffect } from '@codemirror/lint';
import { StateField } from '@codemirror/state';
import { EditorView, ViewPlugin, keymap, showPanel } from '@codemirror/view';
import { Offsets } from './offsets.js';
import { fixes } from './reader.js';

const LINE = /^([EW]) (\d+) (\d+) (.*)$/gm;

/** Longer texts are not looked through for fixes. */
const MENDED_MAX = 256 * 1024;
/** In milliseconds, longer than the page waits before it has the text read. */
const QUIET = 400;

export function diagnostics() {
  return [
    // No source of its own: it only shows what `setMarks` brings.
    linter(null, { hoverTime: 200 }),
    lintGutter({ hoverTime: 200 }),
    asking,
    panel,
    keymap.of([...lintKeymap.filter(({ key }) => key === 'F8'), { key: 'Mod-.', run: toFixes }]),
    EditorView.contentAttributes.of((view) => ({ 'aria-invalid': String(view.dom.dataset.errors > 0) })),
  ];
}

/** Shows what the page found wrong with the text, and then what would mend it. */
export function setMarks(view, marks) {
  const { doc } = view.state;
  const offsets = new Offsets(doc.toString());
  const at = (byte) => Math.min(offsets.unit(Number(byte)), doc.length);
  const found = [...marks.matchAll(LINE)].map(([, severity, start, end, message]) => ({
    from: at(start),
    to: at(end),
    severity: severity === 'E' ? 'error' : 'warning',
    message,
  }));
  view.dom.dataset.errors = found.filter(({ severity }) => severity === 'error').length;
  view.dispatch(setDiagnostics(view.state, found));
  askForFixes(view);
}

/** Looks for fixes of what is marked, and for hints, once nothing is typed for a moment. */
const asking = ViewPlugin.fromClass(
  class {
    #timer;

    update(update) {
      if (!update.docChanged) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => askForFixes(update.view), QUIET);
    }

    destroy() {
      clearTimeout(this.#timer);
    }
  },
);

async function askForFixes(view) {
  const { doc } = view.state;
  if (doc.length === 0 || doc.length > MENDED_MAX) return;
  const text = doc.toString();
  const ways = await fixes(text);
  // Typed on meanwhile: then it is asked for again.
  if (view.state.doc.eq(doc)) withFixes(view, ways, new Offsets(text));
}

function withFixes(view, ways, offsets) {
  const all = [];
  let had = false;
  forEachDiagnostic(view.state, ({ severity, message, actions }, from, to) => {
    had ||= actions?.length > 0;
    if (severity !== 'info') all.push({ severity, message, from, to, actions: [] });
  });
  if (ways.length === 0 && !had) return;
  for (const { title, start, end, hint, edits } of ways) {
    const [from, to] = [offsets.unit(start), offsets.unit(end)];
    const changes = edits.map((edit) => ({ from: offsets.unit(edit.start), to: offsets.unit(edit.end), insert: edit.text }));
    const action = { name: title, apply: (view) => mend(view, changes) };
    const about = all.filter((diagnostic) => diagnostic.from === from && diagnostic.to === to);
    if (hint) all.push({ from, to, severity: 'info', message: hint, actions: [action] });
    for (const diagnostic of hint ? [] : about) diagnostic.actions.push(action);
  }
  all.sort((a, b) => a.from - b.from);
  view.dispatch(setDiagnostics(view.state, all));
}

function mend(view, changes) {
  // Made for the text as it is; a text that was typed on has lost its actions.
  const { length } = view.state.doc;
  if (changes.some(({ to }) => to > length)) return;
  view.dispatch({ changes, userEvent: 'input.fix', scrollIntoView: true });
  view.focus();
}

/** The fixes for the line of the caret, by title. */
function fixesHere(state) {
  const line = state.doc.lineAt(state.selection.main.head);
  const found = new Map();
  forEachDiagnostic(state, (diagnostic, from, to) => {
    if (from <= line.to && to >= line.from && !(to > from && to === line.from)) {
      for (const action of diagnostic.actions ?? []) found.set(action.name, action);
    }
  });
  return [...found.values()].slice(0, 4);
}

const sameNames = (a, b) => a.length === b.length && a.every((action, i) => action.name === b[i].name);

/** Buttons below the text: for fingers, for the keyboard, for those who hear the page. */
const panel = StateField.define({
  create: () => ({ actions: [], panel: null }),
  update(value, tr) {
    // What was typed on is not what the fixes were made for.
    if (tr.docChanged && !tr.effects.some((effect) => effect.is(setDiagnosticsEffect))) return { actions: [], panel: null };
    if (!tr.selection && !tr.effects.some((effect) => effect.is(setDiagnosticsEffect))) return value;
    const actions = fixesHere(tr.state);
    // The same fixes found once more: a button that has the focus keeps it.
    if (sameNames(actions, value.actions)) return { ...value, actions };
    return { actions, panel: actions.length > 0 ? (view) => ({ dom: buttons(view, actions) }) : null };
  },
  provide: (field) => showPanel.from(field, (value) => value.panel),
});

function buttons(view, actions) {
  const dom = Object.assign(document.createElement('div'), { className: 'fixes', role: 'group', ariaLabel: 'Quick fixes' });
  for (const action of actions) {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: action.name });
    // As it was found last: what it changes may lie elsewhere by now.
    const latest = () => view.state.field(panel).actions.find(({ name }) => name === action.name);
    button.addEventListener('click', () => latest()?.apply(view));
    dom.append(button);
  }
  dom.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') view.focus();
  });
  return dom;
}

function toFixes(view) {
  const first = view.dom.querySelector('.fixes button');
  first?.focus();
  return Boolean(first);
}
