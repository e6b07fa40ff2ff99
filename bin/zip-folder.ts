import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';

/** Packs the files of a folder, without its folders. The same names and contents give the same bytes. */
export function zipFolder(folder: string): Uint8Array {
  const files = readdirSync(folder).sort();
  // Made on Unix and readable by everybody, as Lambda needs it. The times of a zip file begin in 1980.
  const options = { os: 3, attrs: 0o100644 << 16, mtime: new Date(1980, 0, 1), level: 9 } as const;
  return zipSync(Object.fromEntries(files.map((file) => [file, [readFileSync(join(folder, file)), options]])));
}
