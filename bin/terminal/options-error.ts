/** An option cannot be used. The message is for people: what was given, what is allowed. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
}
