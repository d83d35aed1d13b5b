// Asks the reader of manifests, which works in a thread of its own (reader-worker.js); where there
// can be none, as in a frame of a foreign origin, it works in the page's.

const { search } = new URL(import.meta.url);
const at = (path) => new URL(`${path}${search}`, import.meta.url).href;
// The page's content security policy takes the address of a thread from this policy alone.
const policy = globalThis.trustedTypes?.createPolicy('reader', { createScriptURL: (url) => url });

const open = new Map();
let asked = 0;
let thread;
let module;

/** A question in bytes, to the reader's function of that name; a promise of the answer in bytes. */
export function ask(what, question) {
  thread ??= begin();
  if (!thread) return askHere(what, question);
  return new Promise((resolve, reject) => {
    open.set(++asked, { resolve, reject });
    thread.postMessage({ number: asked, what, question });
  });
}

/** Gives up what is being worked on: every open question fails. */
export function cancel() {
  thread?.terminate();
  fail('cancelled');
}

function begin() {
  try {
    const url = at('reader-worker.js');
    const begun = new Worker(policy?.createScriptURL(url) ?? url, { type: 'module' });
    begun.onmessage = hear;
    begun.onerror = () => fail('its thread did not start');
    return begun;
  } catch {
    return null;
  }
}

function hear({ data: { number, permille, answer, error } }) {
  if (permille !== undefined) {
    document.getElementById('reading')?.setAttribute('value', permille);
    return;
  }
  const { resolve, reject } = open.get(number) ?? {};
  open.delete(number);
  if (answer) resolve?.(answer);
  else reject?.(new Error(error));
}

function fail(why) {
  thread = undefined;
  for (const { reject } of open.values()) reject(new Error(why));
  open.clear();
}

async function askHere(what, question) {
  module ??= load().catch((error) => {
    module = undefined;
    throw error;
  });
  return (await module)[what](question, () => {});
}

async function load() {
  const loaded = await import(at('reader.js'));
  await loaded.default({ module_or_path: at('reader_bg.wasm') });
  return loaded;
}
