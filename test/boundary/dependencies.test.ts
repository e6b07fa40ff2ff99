import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

interface Locked {
  readonly license?: string;
  readonly hasInstallScript?: boolean;
}
const locked: Readonly<Record<string, Locked>> = JSON.parse(read('package-lock.json')).packages;
const { dependencies, devDependencies } = JSON.parse(read('package.json'));
const reviewed = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` \| ([^|]+) \| ([^|]+?) \|/gm)];

it('are each reviewed, with the licence that they have', () => {
  const direct = [...new Set(Object.keys({ ...dependencies, ...devDependencies }))].sort();
  expect(reviewed.map(([, name, , licence]) => [name, licence]).sort()).toEqual(
    direct.map((name) => [name, locked[`node_modules/${name}`]?.license]),
  );
});

it('are pinned; what a consumer of the package installs is not, so that two of it need not be there', () => {
  const loose = (versions: Record<string, string>) =>
    Object.entries(versions).flatMap(([name, version]) => (/^\d+\.\d+\.\d+$/.test(version) ? [] : [name]));
  expect(loose(devDependencies)).toEqual([]);
  expect(loose(dependencies)).toEqual(['zod']);
});

it('and all that they bring may be passed on', () => {
  const allowed =
    /^\(?(MIT|Apache-2\.0|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|BlueOak-1\.0\.0|Python-2\.0|CC-BY-4\.0|CC0-1\.0)\b/;
  const others = Object.entries(locked).filter(
    ([path, { license = 'none' }]) => path.includes('node_modules/') && !allowed.test(license),
  );
  expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
});

it('and none of them needs a script when it is installed, but those that work without theirs', () => {
  const scripts = Object.entries(locked).filter(([, { hasInstallScript }]) => hasInstallScript === true);
  const names = scripts.map(([path]) => path.replace(/^.*node_modules\//, ''));
  expect(new Set(names)).toEqual(new Set(['@swc/core', 'esbuild', '@parcel/watcher']));
});
