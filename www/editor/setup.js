// What the editor can do: the parts of CodeMirror that it is put together from.

import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentUnit } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view';
import { colours } from './colours.js';
import { diagnostics } from './diagnostics.js';
import { help } from './help.js';
import { theme } from './theme.js';
import { yaml } from './yaml.js';

/** Longer texts are shown without colours and folds. */
const COLOURED_MAX = 256 * 1024;

const languages = new Compartment();

const languageFor = (length) =>
  length > COLOURED_MAX ? [] : [colours, yaml, codeFolding(), foldGutter({ openText: '⌄', closedText: '›' })];

/** A text that grows too long loses them, and gets them back when it shrinks. */
const fitting = EditorState.transactionExtender.of((tr) => {
  const [before, after] = [tr.startState.doc.length, tr.newDoc.length];
  return before > COLOURED_MAX === after > COLOURED_MAX ? null : { effects: languages.reconfigure(languageFor(after)) };
});

// Ctrl+Enter is Apply, which the page hears itself.
const keys = [
  ...closeBracketsKeymap,
  ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'),
  ...searchKeymap,
  ...historyKeymap,
  ...foldKeymap,
  ...completionKeymap,
  // Escape, then Tab leaves the editor: CodeMirror sees to it.
  indentWithTab,
];

/** All of it; the words are those of the page's own field. */
export function extensions({ length, label, placeholder: hint, keys: said }) {
  return [
    diagnostics(),
    help,
    lineNumbers(),
    languages.of(languageFor(length)),
    fitting,
    theme,
    history(),
    drawSelection(),
    EditorState.allowMultipleSelections.of(true),
    EditorState.tabSize.of(2),
    indentUnit.of('  '),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    search({ top: true }),
    placeholder(hint),
    keymap.of(keys),
    EditorView.contentAttributes.of({
      'aria-label': label,
      'aria-description': said,
      // It has the keyboard anyway; said aloud for checkers.
      tabindex: '0',
      spellcheck: 'false',
      autocorrect: 'off',
      autocapitalize: 'off',
      translate: 'no',
    }),
  ];
}
