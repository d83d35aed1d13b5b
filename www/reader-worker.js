// The reader of manifests in a thread of its own: a long text does not hold up the page. Questions
// and answers are numbered; while one is worked on, the thread tells how far it is.

let loading;

async function load() {
  const { search } = new URL(import.meta.url);
  const module = await import(`./reader.js${search}`);
  await module.default({ module_or_path: new URL(`reader_bg.wasm${search}`, import.meta.url) });
  return module;
}

self.onmessage = async ({ data: { number, what, question } }) => {
  try {
    loading ??= load();
    const module = await loading;
    const bytes = module[what](question, (permille) => self.postMessage({ number, permille }));
    self.postMessage({ number, answer: bytes }, [bytes.buffer]);
  } catch (error) {
    // A load that failed is tried again with the next question.
    loading = undefined;
    self.postMessage({ number, error: String(error?.message ?? error) });
  }
};
