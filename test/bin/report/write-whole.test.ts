import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWhole } from '../../../bin/report/write-whole.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'write-whole-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('replaces what was there, and leaves nothing else', () => {
  writeFileSync(join(folder, 'page.html'), 'old');
  writeWhole(join(folder, 'page.html'), 'new');
  expect(readdirSync(folder)).toEqual(['page.html']);
  expect(readFileSync(join(folder, 'page.html'), 'utf8')).toBe('new');
});

test('leaves nothing half when it cannot', () => {
  mkdirSync(join(folder, 'page.html'));
  expect(() => writeWhole(join(folder, 'page.html'), 'new')).toThrow('EISDIR');
  expect(readdirSync(folder)).toEqual(['page.html']);
});
