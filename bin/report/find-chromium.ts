import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** There is no browser. The message says how to get one. */
export class BrowserError extends Error {
  override readonly name = 'BrowserError';
}

/** Chromium: `$CHROMIUM`, or the first on the PATH. @throws BrowserError for none */
export function findChromium({ CHROMIUM: given, PATH: path = '' }: NodeJS.ProcessEnv = process.env): string {
  const names = path.split(delimiter).flatMap((folder) => [join(folder, 'chromium'), join(folder, 'chromium-browser')]);
  const found = (given ? [given] : names).find(executable);
  if (found !== undefined) return found;
  throw new BrowserError(
    given
      ? `CHROMIUM is '${given}', which cannot be run: give the path of Chromium, or leave it out.`
      : 'Chromium is not on the PATH: install it (Debian: apt-get install chromium), or give its path in CHROMIUM.',
  );
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
