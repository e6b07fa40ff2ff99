import { printable } from './printable.ts';

/** A line that shows how far something is, and leaves no trace. */
export interface Progress {
  /** Replaces the line. */
  show(text: string): void;
  /** Takes it away. */
  clear(): void;
}

/** Progress on a terminal. Anywhere else there is none: a file would keep every step. */
export function progressOn(
  stream: Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean; readonly columns?: number },
): Progress {
  if (!stream.isTTY) return { show: () => {}, clear: () => {} };
  let shown = false;
  const clear = (): void => {
    if (shown) stream.write('\r\u001b[2K');
    shown = false;
  };
  return {
    clear,
    show(text) {
      clear();
      // A line that wraps could not be taken away again. Some terminals do not tell how wide they are.
      stream.write(printable(text).slice(0, (stream.columns || 80) - 1));
      shown = true;
    },
  };
}
