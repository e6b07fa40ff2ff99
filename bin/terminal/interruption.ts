/**
 * A signal that fires when the program is asked to end (Ctrl-C, SIGTERM), so that it can take away what it made. Asked once
 * more, it ends at once, after its listeners for `exit`.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM']) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(INTERRUPTED);
      controller.abort();
    });
  }
  return controller.signal;
}

/** The exit code of a program that was interrupted, as shells report what Ctrl-C ended. */
export const INTERRUPTED = 130;
