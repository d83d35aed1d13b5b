// Loads the page's wasm and starts it. Trunk would write an inline script for
// this, which the content security policy forbids; see pattern_script in
// Trunk.toml.

const { js, wasm } = document.getElementById('boot').dataset;
const at = (path) => new URL(path, document.baseURI);

// The reader of manifests is a wasm module of its own, loaded when it is first
// asked for, which is behind the first frame. The two must be of one build:
// Trunk puts a digest into the page's file names, and the reader's addresses
// take it over.
const build = js.match(/-([0-9a-f]+)\.js$/)?.[1] ?? '';
let reader;

// What the page's wasm calls: a question in bytes, a promise of the answer in
// bytes; no bytes at all give up every open question. A load that failed is
// tried again with the next question.
globalThis.askManifestReader = async (question) => {
  reader ??= import(at(`reader-client.js?${build}`).href).catch((error) => {
    reader = undefined;
    throw error;
  });
  const { ask, cancel } = await reader;
  return question.length ? ask(question) : cancel();
};

// The editor of manifests stands in for the page's text field once it has come; if it does
// not, the field serves. A load that failed is tried again when the field is next used.
let editor;

function loadEditor() {
  editor ??= import(at(`editor.js?${build}`).href).catch(() => {
    editor = undefined;
  });
}

function loadEditorInTime() {
  const used = ({ target }) => target.closest?.('manifest-editor') && loadEditor();
  for (const kind of ['focusin', 'pointerover']) document.addEventListener(kind, used, { passive: true });
  // Behind the first frame, which is no idle moment for a browser without idle callbacks.
  requestAnimationFrame(() => (globalThis.requestIdleCallback ?? setTimeout)(loadEditor, { timeout: 3_000 }));
}

// A wasm program that trapped, as Rust's panics do here, is not to be trusted with anything more.
function watchForTraps() {
  const look = ({ error, reason }) => {
    if ((error ?? reason) instanceof WebAssembly.RuntimeError) showStopped(error ?? reason);
  };
  addEventListener('error', look);
  addEventListener('unhandledrejection', look);
}

function showStopped(error) {
  if (document.getElementById('stopped')) return;
  const part = (name, text) => Object.assign(document.createElement(name), { textContent: text });
  const dialog = Object.assign(document.createElement('dialog'), { id: 'stopped' });
  const again = Object.assign(part('button', 'Start again'), { className: 'button primary', onclick: () => location.reload() });
  dialog.setAttribute('role', 'alertdialog');
  dialog.setAttribute('aria-labelledby', 'stopped-title');
  dialog.append(
    Object.assign(part('h2', 'The playground has stopped'), { id: 'stopped-title' }),
    part('p', `A mistake in the program, not in what you did. What you made is kept: after the restart the page offers to restore it. (${error.message})`),
    again,
  );
  // The program would go on drawing beneath it.
  dialog.oncancel = (event) => event.preventDefault();
  document.body.append(dialog);
  dialog.showModal();
}

try {
  watchForTraps();
  const page = await import(at(js).href);
  await page.default({ module_or_path: at(wasm) });
  loadEditorInTime();
} catch (error) {
  console.error(error);
  showFailure(error);
}

function showFailure(error) {
  const status = document.getElementById('boot-status');
  // Once the page has mounted, its own error handling speaks.
  if (!status) return;
  status.setAttribute('role', 'alert');
  status.textContent =
    typeof WebAssembly === 'object'
      ? `The playground could not start: ${error?.message ?? error}. Reloading the page may help.`
      : 'The playground needs WebAssembly, which this browser does not have or does not allow.';
}
