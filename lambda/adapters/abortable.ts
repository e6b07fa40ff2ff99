/**
 * Waits for work no longer than the signal allows. The SDK ends a request when its signal fires, but not the reading of an
 * answer that has begun to arrive and then stalls: one slow region would hold up the whole sweep.
 *
 * @throws the signal's reason once it has fired
 */
export async function abortable<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    // Work that fails later is handled by the race, also when the signal had fired before: left alone, it would end the process.
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
