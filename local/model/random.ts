// Looked up once: in jest's sandbox access to globals is slow, and every number needs these.
const { floor, imul } = Math;

/**
 * A generator of numbers in [0, 1) that gives the same sequence for the same seed (mulberry32). Not for secrets.
 *
 * @param seed any integer; its low 32 bits count
 */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** `digits` hexadecimal digits drawn from `random`, as in the ids of EC2. */
export function hex(random: () => number, digits: number): string {
  let text = '';
  while (text.length < digits) {
    text += floor(random() * 16).toString(16);
  }
  return text;
}
