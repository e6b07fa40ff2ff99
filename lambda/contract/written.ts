import * as z from 'zod/mini';

/**
 * A schema for a value that people write as text.
 *
 * @param parse throws an Error with a message for people
 */
export function written<T>(
  value: z.ZodMiniType<T>,
  parse: (text: string) => T,
  format: (value: T) => string,
): z.ZodMiniType<T, string> {
  return z.codec(z.string(), value, {
    decode: (text, { issues }) => {
      try {
        return parse(text);
      } catch (error) {
        issues.push({ code: 'custom', input: text, message: error instanceof Error ? error.message : String(error) });
        return z.NEVER;
      }
    },
    encode: (given) => format(given as T),
  }) as unknown as z.ZodMiniType<T, string>;
}
