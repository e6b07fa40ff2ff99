import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import conditions from '../../docs/conditions.schema.json';
import members from '../../docs/members.schema.json';
import silences from '../../docs/silences.schema.json';
import transitions from '../../docs/transitions.schema.json';
import { DOCS } from '../../lib/published-docs.ts';
import { bugs, homepage, repository } from '../../package.json';

const ROOT = join(import.meta.dirname, '../..');
const ADDRESS = homepage.replace('#readme', '');
const WORKFLOWS = join(ROOT, '.github/workflows');

/** All files of the checkout, without what is installed or made. */
function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return [path];
    return /^(\.git|\.venv|node_modules|dist|cdk\.out|coverage)$/.test(entry.name) ? [] : filesIn(path);
  });
}

describe("the repository's address", () => {
  it('is the same in all fields of package.json', () => {
    expect([repository.url, bugs.url, homepage]).toEqual([
      `git+${ADDRESS}.git`,
      `${ADDRESS}/issues`,
      `${ADDRESS}#readme`,
    ]);
  });

  it('is nowhere else, except in the ids of the schemas and in documents that tests compare with the code', () => {
    const path = new URL(ADDRESS).pathname;
    const copies = filesIn('').filter((file) => readFileSync(join(ROOT, file), 'utf8').includes(path));
    expect(copies.sort()).toEqual([
      'docs/conditions.schema.json',
      'docs/members.schema.json',
      'docs/messages.md',
      'docs/settings.md',
      'docs/silences.schema.json',
      'docs/transitions.schema.json',
      'package.json',
    ]);
    expect(transitions.$id).toBe(`${DOCS}/transitions.schema.json`);
    expect(conditions.$id).toBe(`${DOCS}/conditions.schema.json`);
    expect(members.$id).toBe(`${DOCS}/members.schema.json`);
    expect(silences.$id).toBe(`${DOCS}/silences.schema.json`);
  });
});

it('workflows pin each action to a commit, the same in all of them', () => {
  const uses = readdirSync(WORKFLOWS).flatMap((file) => [
    ...readFileSync(join(WORKFLOWS, file), 'utf8').matchAll(/uses: (\S+?)@(.+)/g),
  ]);
  const versions = new Map<string, Set<string>>();
  for (const [, action = '', version = ''] of uses) {
    versions.set(action, (versions.get(action) ?? new Set()).add(version));
  }
  expect(versions.size).toBeGreaterThan(1);
  expect([...versions.values()].flatMap((set) => [...set])).toHaveLength(versions.size);
  for (const [, , version] of uses) expect(version).toMatch(/^[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});
