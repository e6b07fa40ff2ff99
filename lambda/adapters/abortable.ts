/**
 * Waits for work no longer than the signal allows.
 *
 * The SDK ends a request when its signal fires, but not the reading of an answer that has begun to arrive and then
 * stalls: without this one slow region would hold up the whole sweep.
 *
 * @throws the signal's reason once it has fired
 */
export async function abortable<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
