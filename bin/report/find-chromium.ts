import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { BrowserError } from './devtools.ts';

/** Chromium: `$CHROMIUM`, or the first on the PATH. @throws BrowserError for none: how to install it */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string {
  const given = environment['CHROMIUM'];
  const candidates = given
    ? [given]
    : (environment['PATH'] ?? '')
        .split(delimiter)
        .flatMap((folder) => [join(folder, 'chromium'), join(folder, 'chromium-browser')]);
  const found = candidates.find(executable);
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
