// The editor of manifests, loaded behind the first frame (../boot.js): CodeMirror in a shadow
// root of <manifest-editor>. The text field that the page has drawn stays inside it, unseen,
// as what the page reads and writes; without this bundle it is the editor.

import { ManifestEditor } from './element.js';

customElements.define('manifest-editor', ManifestEditor);
