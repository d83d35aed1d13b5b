// Rust counts a text in bytes of UTF-8, JavaScript in units of UTF-16.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Both ways of counting a text. Texts of ASCII alone cost nothing. */
export class Offsets {
  #bytes;
  #text;

  constructor(text) {
    const bytes = encoder.encode(text);
    this.#text = text;
    this.#bytes = bytes.length === text.length ? null : bytes;
  }

  /** From bytes to units. */
  unit(byte) {
    if (!this.#bytes) return Math.min(byte, this.#text.length);
    return decoder.decode(this.#bytes.subarray(0, byte)).length;
  }

  /** From units to bytes. */
  byte(unit) {
    return this.#bytes ? encoder.encode(this.#text.slice(0, unit)).length : unit;
  }
}
