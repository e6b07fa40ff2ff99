import { styleText } from 'node:util';

/** Colours by what they mean. */
const STYLES = {
  title: 'bold',
  quiet: 'dim',
  good: 'green',
  bad: 'red',
  notice: 'yellow',
  running: 'green',
  pending: 'cyan',
  stopping: 'yellow',
  stopped: 'yellow',
  'shutting-down': 'red',
  terminated: 'dim',
} as const;

/** A meaning that has a colour. Any other text stays plain. */
export type Meaning = keyof typeof STYLES;

/** Paints a text by its meaning, or leaves it as it is. */
export type Paint = (meaning: string, text: string) => string;

/** Colours for a stream: on a terminal that shows them, unless NO_COLOR is set (no-color.org). */
export function painterFor(stream: { readonly isTTY?: boolean; hasColors?: () => boolean }): Paint {
  if (!stream.isTTY || !stream.hasColors?.()) return (_, text) => text;
  return (meaning, text) => (meaning in STYLES ? styleText(STYLES[meaning as Meaning], text) : text);
}
