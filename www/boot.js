// Loads the wasm and starts it. Trunk would write an inline script for this,
// which the content security policy forbids; see pattern_script in Trunk.toml.

const { js, wasm } = document.getElementById('boot').dataset;

try {
  const page = await import(new URL(js, document.baseURI).href);
  await page.default({ module_or_path: new URL(wasm, document.baseURI) });
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
