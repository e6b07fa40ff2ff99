import { setMaxListeners } from 'node:events';

/**
 * Fires after so many milliseconds, or as soon as another signal does.
 *
 * `AbortSignal.any([AbortSignal.timeout(ms), also])` is not the same: Node.js 20 collects a timeout that nothing else refers to, and
 * it never fires. It keeps no process alive.
 */
export function deadlineAfter(ms: number, also: AbortSignal): AbortSignal {
  const controller = new AbortController();
  // Many calls listen to one of these, and Node.js takes more than ten listeners for a leak.
  setMaxListeners(0, also, controller.signal);
  const end = (reason: unknown): void => {
    clearTimeout(timer);
    controller.abort(reason);
  };
  const timer = setTimeout(() => end(new DOMException('The time is up.', 'TimeoutError')), Math.ceil(ms));
  timer.unref();
  if (also.aborted) end(also.reason);
  else also.addEventListener('abort', () => end(also.reason), { once: true, signal: controller.signal });
  return controller.signal;
}
