// <manifest-editor>: stands for the text field in it, in both directions. What the page does
// to the field (its value, the focus, the selection) happens to CodeMirror; what is typed
// into CodeMirror becomes the field's value and an `input` event.

import { EditorView } from '@codemirror/view';
import { Annotation, EditorState } from '@codemirror/state';
import { setMarks } from './diagnostics.js';
import { extensions } from './setup.js';

/** Marks a change that came from the page and need not be told to it. */
const fromPage = Annotation.define();

const VALUE = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value');

export class ManifestEditor extends HTMLElement {
  static observedAttributes = ['marks'];
  #view;
  #field;

  connectedCallback() {
    // A custom element that the page makes now has no field yet.
    queueMicrotask(() => {
      if (this.isConnected && !this.#view) this.#start();
    });
  }

  disconnectedCallback() {
    this.#view?.destroy();
    this.#view = undefined;
  }

  attributeChangedCallback() {
    // The page sets what is wrong before the text that it is about.
    queueMicrotask(() => {
      if (this.#view) setMarks(this.#view, this.getAttribute('marks') ?? '');
    });
  }

  #start() {
    const field = this.querySelector('textarea');
    if (!field) return;
    this.#field = field;
    const hadFocus = document.activeElement === field;
    const [anchor, head] = [field.selectionStart, field.selectionEnd];
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    this.#view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: field.value,
        selection: hadFocus ? { anchor, head } : undefined,
        extensions: [
          extensions({
            length: field.value.length,
            label: field.getAttribute('aria-label'),
            placeholder: field.placeholder,
            keys: this.querySelector('#manifest-keys')?.textContent ?? '',
          }),
          EditorView.updateListener.of((update) => this.#told(update)),
        ],
      }),
    });
    this.#standIn();
    if (hadFocus) this.#view.focus();
    this.attributeChangedCallback();
  }

  /** From CodeMirror to the page. */
  #told(update) {
    if (!update.docChanged || update.transactions.some((tr) => tr.annotation(fromPage))) return;
    VALUE.set.call(this.#field, update.state.doc.toString());
    this.#field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }

  /** From the page to CodeMirror. */
  #standIn() {
    const view = () => this.#view;
    Object.defineProperty(this.#field, 'value', {
      configurable: true,
      get: () => VALUE.get.call(this.#field),
      set: (text) => {
        VALUE.set.call(this.#field, text);
        this.#show(text);
      },
    });
    this.#field.focus = () => view()?.focus();
    this.#field.setSelectionRange = (anchor, head) => {
      const most = view().state.doc.length;
      const selection = { anchor: Math.min(anchor, most), head: Math.min(head, most) };
      view().dispatch({ selection, effects: EditorView.scrollIntoView(selection.head, { y: 'center' }) });
    };
  }

  #show(text) {
    const { doc } = this.#view?.state ?? {};
    if (!doc || (doc.length === text.length && doc.toString() === text)) return;
    this.#view.dispatch({
      changes: { from: 0, to: doc.length, insert: text },
      selection: { anchor: 0 },
      scrollIntoView: true,
      annotations: fromPage.of(true),
    });
  }
}
