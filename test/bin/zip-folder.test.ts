import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { zipFolder } from '../../bin/zip-folder.ts';

const home = mkdtempSync(join(tmpdir(), 'ec2-state-monitor-'));
afterAll(() => rmSync(home, { recursive: true }));

/** A folder with files of these names, each of which holds its name, last changed at a time. */
function folder(name: string, files: readonly string[], changed: number): string {
  const path = join(home, name);
  mkdirSync(path);
  for (const file of files) {
    writeFileSync(join(path, file), file);
    utimesSync(join(path, file), changed, changed);
  }
  return path;
}

test('the same files give the same bytes, whenever they were written', () => {
  const one = zipFolder(folder('one', ['index.mjs', 'chunk.mjs'], 1_700_000_000));
  const other = zipFolder(folder('other', ['chunk.mjs', 'index.mjs'], 1_600_000_000));
  expect(Buffer.from(one).equals(other)).toBe(true);
  expect(Object.entries(unzipSync(one)).map(([name, data]) => [name, Buffer.from(data).toString()])).toEqual([
    ['chunk.mjs', 'chunk.mjs'],
    ['index.mjs', 'index.mjs'],
  ]);
});
