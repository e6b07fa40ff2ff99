/** Bytes that are looked at in one step. */
export const WORD = 4;

const ONES = 0x01010101;
const HIGHS = 0x80808080;
const LESSES = 0x3c3c3c3c;
/** Clears the one bit in which `<` and `>` differ. */
const WITHOUT_DIRECTION = 0xfdfdfdfd;
const EXCLAMATIONS = 0x21212121;

/** Bytes, to be looked at by the word. */
export function wordsOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * The first `<` from there on. There has to be one, with a word's worth of bytes from it on.
 *
 * Four bytes in a few operations: "Determine if a word has a zero byte", Bit Twiddling Hacks by Sean Eron Anderson.
 */
export function findLess(words: DataView, from: number): number {
  for (let p = from; ; p += WORD) {
    const x = words.getInt32(p, true) ^ LESSES;
    const found = (x - ONES) & ~x & HIGHS;
    if (found !== 0) return p + firstOf(found);
  }
}

/** The first byte from there on that ends the name of a tag: `<`, `>`, or white space. As for {@link findLess}, there has to be one. */
export function findEndOfName(words: DataView, from: number): number {
  for (let p = from; ; p += WORD) {
    const word = words.getInt32(p, true);
    const x = (word & WITHOUT_DIRECTION) ^ LESSES;
    const found = (((x - ONES) & ~x) | ((word - EXCLAMATIONS) & ~word)) & HIGHS;
    if (found !== 0) return p + firstOf(found);
  }
}

/** Whether `length` bytes are the same here and there. */
export function isSame(words: DataView, at: number, others: DataView, otherAt: number, length: number): boolean {
  let k = 0;
  for (; k + WORD <= length; k += WORD) {
    if (words.getInt32(at + k, true) !== others.getInt32(otherAt + k, true)) return false;
  }
  for (; k < length; k += 1) {
    if (words.getUint8(at + k) !== others.getUint8(otherAt + k)) return false;
  }
  return true;
}

/** Copies `length` bytes, and up to three behind them. */
export function copy(from: DataView, at: number, to: DataView, toAt: number, length: number): void {
  for (let k = 0; k < length; k += WORD) to.setInt32(toAt + k, from.getInt32(at + k, true), true);
}

/** Which byte of a word has the lowest of the high bits that are set. */
function firstOf(found: number): number {
  return 3 - (Math.clz32(found & -found) >> 3);
}
