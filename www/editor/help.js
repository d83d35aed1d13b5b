// Completion and hover: Rust knows the fields, this shows them.

import { autocompletion, startCompletion } from '@codemirror/autocomplete';
import { hoverTooltip } from '@codemirror/view';
import { Offsets } from './offsets.js';
import { complete, hover } from './reader.js';

/** Longer texts get no help while one types. */
const HELPED_MAX = 256 * 1024;

async function source(context) {
  const { doc } = context.state;
  if (doc.length > HELPED_MAX) return null;
  const line = doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  // Unasked, only where a word is being written, or where a value begins.
  if (!context.explicit && !/(^|[\s-])[A-Za-z]\w*$|:\s$/.test(before)) return null;
  const text = doc.toString();
  const offsets = new Offsets(text);
  const found = await complete(text, offsets.byte(context.pos));
  if (!found || context.aborted) return null;
  const to = offsets.unit(found.end);
  return {
    from: offsets.unit(found.start),
    to,
    validFor: /^[\w./]*$/,
    options: found.options.map(({ label, detail, info, write, kind }) => ({
      label,
      detail,
      type: kind,
      info: info || undefined,
      boost: info ? 1 : 0,
      apply: (view, _option, from, end) => put(view, write, from, end),
    })),
  };
}

/** Writes an option; a key that has its colon already keeps it and what is behind. */
function put(view, write, from, end) {
  const { doc } = view.state;
  const hasColon = /^\s*:/.test(doc.sliceString(end, doc.lineAt(end).to));
  const insert = hasColon ? write.split(':')[0] : write;
  view.dispatch({
    changes: { from, to: end, insert },
    selection: { anchor: from + insert.length },
    userEvent: 'input.complete',
    scrollIntoView: true,
  });
  // Where there is a choice of values, it is shown at once.
  if (insert.endsWith(': ')) startCompletion(view);
}

const words = hoverTooltip(
  async (view, pos) => {
    const { doc } = view.state;
    if (doc.length > HELPED_MAX) return null;
    const text = doc.toString();
    const offsets = new Offsets(text);
    const found = await hover(text, offsets.byte(pos));
    if (!found) return null;
    return { pos: offsets.unit(found.start), end: offsets.unit(found.end), above: true, create: () => ({ dom: card(found) }) };
  },
  { hoverTime: 350 },
);

function card({ path, type, info }) {
  const part = (name, text) => Object.assign(document.createElement(name), { textContent: text });
  const dom = Object.assign(document.createElement('div'), { className: 'field-card' });
  dom.append(part('code', path), part('span', type));
  if (info) dom.append(part('p', info));
  return dom;
}

export const help = [
  autocompletion({ override: [source], icons: false, activateOnTypingDelay: 120, maxRenderedOptions: 60 }),
  words,
];
