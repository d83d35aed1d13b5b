// How the editor looks: the page's own colours, which reach into the shadow root and follow
// its theme.

import { EditorView } from '@codemirror/view';

const card = {
  border: '1px solid var(--line)',
  borderRadius: '8px',
  background: 'var(--raised)',
  color: 'var(--ink)',
  boxShadow: '0 6px 24px var(--shadow-far)',
  fontFamily: 'var(--ui)',
  fontSize: '12.5px',
  lineHeight: '1.45',
};

const control = {
  font: 'inherit',
  minHeight: '26px',
  margin: '0',
  padding: '1px 8px',
  border: '1px solid var(--line-strong)',
  borderRadius: '6px',
  background: 'var(--panel)',
  color: 'var(--ink)',
};

const underline = (color) => ({
  backgroundImage: 'none',
  paddingBottom: '0',
  textDecoration: `underline wavy ${color} 1px`,
  textUnderlineOffset: '3px',
  textDecorationSkipInk: 'none',
});

const beside = (color) => ({ borderLeft: `3px solid ${color}`, padding: '4px 10px', margin: '4px 0' });

export const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--panel)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { font: 'inherit', lineHeight: 'inherit', overscrollBehavior: 'contain' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 24px 0 6px' },
  '.t-key': { color: 'var(--w0)' },
  '.t-text': { color: 'var(--w2)' },
  '.t-number': { color: 'var(--w3)' },
  '.t-comment': { color: 'var(--mute)', fontStyle: 'italic' },
  '.t-mark': { color: 'var(--mute)' },
  '.cm-placeholder': { color: 'var(--mute)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in oklab, var(--accent) 26%, transparent)',
  },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'color-mix(in oklab, var(--accent) 7%, transparent)' },
  '.cm-gutters': { border: '0', backgroundColor: 'var(--panel)', color: 'var(--mute)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '28px', padding: '0 2px 0 4px' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLineGutter': { color: 'var(--ink)' },
  '.cm-foldGutter .cm-gutterElement': { width: '14px', marginRight: '4px', textAlign: 'center', cursor: 'pointer' },
  '.cm-foldPlaceholder': { border: '0', background: 'var(--soft)', color: 'var(--mute)', padding: '0 6px' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-soft)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--accent-soft)' },
  '.cm-searchMatch': { backgroundColor: 'var(--warn-soft)', outline: '1px solid var(--warn)' },
  '.cm-searchMatch-selected': { backgroundColor: 'color-mix(in oklab, var(--accent) 30%, transparent)' },

  '.cm-lintRange-error': underline('var(--bad)'),
  '.cm-lintRange-warning': underline('var(--warn)'),
  '.cm-lintRange-info': underline('var(--accent)'),
  '.cm-lintRange-active': { backgroundColor: 'var(--bad-soft)' },
  '.cm-lintPoint:after': { borderBottomColor: 'var(--bad)' },
  '.cm-gutter-lint': { width: '12px' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '6px 2px' },
  '.cm-lint-marker': { boxSizing: 'border-box', width: '8px', height: '8px', borderRadius: '50%', content: 'none' },
  '.cm-lint-marker-error': { content: 'none', backgroundColor: 'var(--bad)' },
  '.cm-lint-marker-warning': { content: 'none', backgroundColor: 'var(--warn)', borderRadius: '1px' },
  '.cm-lint-marker-info': { content: 'none', border: '2px solid var(--accent)' },

  '.cm-tooltip': { ...card, zIndex: '50' },
  '.cm-tooltip-lint, .cm-tooltip-hover': { maxWidth: 'min(420px, 92vw)', overflow: 'hidden' },
  '.cm-diagnostic': { borderLeft: '0', overflowWrap: 'anywhere' },
  '.cm-diagnostic-error': beside('var(--bad)'),
  '.cm-diagnostic-warning': beside('var(--warn)'),
  '.cm-diagnostic-info': beside('var(--accent)'),
  '.cm-diagnosticAction': { ...control, display: 'block', margin: '6px 0 2px', cursor: 'pointer', textAlign: 'left' },
  '.cm-diagnosticAction:hover': { background: 'var(--soft)' },
  '.cm-diagnosticAction u': { textDecoration: 'none' },

  '.fixes': { display: 'flex', flexWrap: 'wrap', gap: '6px', padding: '6px 10px' },
  '.fixes button': { ...control, cursor: 'pointer', textAlign: 'left', overflowWrap: 'anywhere' },
  '.fixes button::before': { content: '"Fix: "', color: 'var(--mute)' },
  '.fixes button:hover': { background: 'var(--soft)' },
  '@media (pointer: coarse)': { '.fixes button, .cm-diagnosticAction': { minHeight: '44px' } },
  '.field-card': { display: 'grid', gap: '2px', padding: '8px 10px' },
  '.field-card code': { fontFamily: 'var(--mono)', overflowWrap: 'anywhere' },
  '.field-card span': { color: 'var(--mute)' },
  '.field-card p': { margin: '4px 0 0' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { maxHeight: '14em', minWidth: '220px', maxWidth: 'min(420px, 92vw)', fontFamily: 'var(--mono)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { display: 'flex', gap: '12px', padding: '2px 8px', lineHeight: '20px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--accent-soft)', color: 'var(--ink)' },
  '.cm-completionLabel': { flex: 'none' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700', color: 'var(--accent)' },
  '.cm-completionDetail': { marginLeft: 'auto', fontStyle: 'normal', fontFamily: 'var(--ui)', color: 'var(--mute)', overflow: 'hidden', textOverflow: 'ellipsis' },
  '.cm-tooltip.cm-completionInfo': { maxWidth: 'min(300px, 92vw)', padding: '8px 10px' },

  '.cm-panels': { backgroundColor: 'var(--panel)', color: 'var(--ink)', fontFamily: 'var(--ui)', zIndex: '20' },
  '.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
  '.cm-panel.cm-search': { display: 'flex', flexWrap: 'wrap', gap: '4px 6px', alignItems: 'center', padding: '6px 32px 6px 8px' },
  '.cm-panel.cm-search br': { flexBasis: '100%', content: '""' },
  '.cm-panel.cm-search label': { fontSize: '12px', margin: '0' },
  '.cm-panel.cm-search [name=close]': { color: 'var(--mute)', fontSize: '20px', minWidth: '28px', minHeight: '28px' },
  '.cm-textfield': { ...control, flex: '1 1 120px', fontFamily: 'var(--mono)' },
  '.cm-button': { ...control, backgroundImage: 'none', cursor: 'pointer' },
  '.cm-button:active': { backgroundImage: 'none', background: 'var(--soft)' },
  ':is(.cm-button, .cm-textfield, button):focus-visible': { outline: '2px solid var(--accent)', outlineOffset: '1px' },
});
