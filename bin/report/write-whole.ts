import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes a file as a whole or not at all: who reads it meanwhile sees the old one. @throws where it cannot be written */
export function writeWhole(file: string, text: string): void {
  // Beside the file, since a rename is one step within one file system only.
  const half = `${file}.${randomBytes(4).toString('hex')}.half`;
  try {
    writeFileSync(half, text, { flag: 'wx' });
    renameSync(half, file);
  } catch (error) {
    rmSync(half, { force: true });
    throw error;
  }
}
