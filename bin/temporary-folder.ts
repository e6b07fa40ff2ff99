import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes an empty folder that is removed when the process exits, however it does, unless a signal that nobody handles kills it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ec2-state-monitor-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
