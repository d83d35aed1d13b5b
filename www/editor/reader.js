// Asks the reader of manifests (src/api/manifest/service.rs), a wasm module that the page
// loads behind its first frame: a question in bytes as Rust's borsh writes them, an answer
// that is a text of JSON.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Numbers of the questions, by their order in `Request`. */
const COMPLETE = 3;
const HOVER = 4;
const FIXES = 5;
/** Number of the answer that is a text. */
const TEXT = 1;

/** What may stand at a byte: `{start, end, options}` or null. */
export const complete = (text, at) => ask(COMPLETE, text, at);

/** What the field at a byte means: `{start, end, path, type, info}` or null. */
export const hover = (text, at) => ask(HOVER, text, at);

/** What would mend the text: a list of `{title, start, end, hint, edits}`. */
export const fixes = async (text) => (await ask(FIXES, text)) ?? [];

async function ask(number, text, at) {
  const bytes = encoder.encode(text);
  const question = new Uint8Array(5 + bytes.length + (at === undefined ? 0 : 4));
  const numbers = new DataView(question.buffer);
  numbers.setUint8(0, number);
  numbers.setUint32(1, bytes.length, true);
  question.set(bytes, 5);
  if (at !== undefined) numbers.setUint32(5 + bytes.length, at, true);
  try {
    const answer = await globalThis.askManifestReader(question);
    return answer[0] === TEXT ? JSON.parse(decoder.decode(answer.subarray(5))) : null;
  } catch {
    // Help that does not come is no error: what is asked for next asks again.
    return null;
  }
}
