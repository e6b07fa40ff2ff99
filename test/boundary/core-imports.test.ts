import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CORE = join(__dirname, '../../lambda/core');

/** Which of the core's folders each of them may import. CONTRIBUTING.md draws the same. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  known: [],
  compare: ['known'],
  address: ['known'],
  tell: ['known'],
  look: ['known', 'compare'],
  round: ['known', 'compare', 'address', 'tell', 'look'],
};

/** `compare/table.ts imports tell/`, for each import of the core that goes another way. */
function strayImports(): string[] {
  return Object.entries(MAY_IMPORT).flatMap(([folder, allowed]) =>
    readdirSync(join(CORE, folder)).flatMap((file) =>
      [...readFileSync(join(CORE, folder, file), 'utf8').matchAll(/from '\.\.\/(\w+)\//g)]
        .map(([, imported = '']) => imported)
        .filter((imported) => !allowed.includes(imported))
        .map((imported) => `${folder}/${file} imports ${imported}/`),
    ),
  );
}

test('every folder of the core is known here', () => {
  const folders = readdirSync(CORE, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(MAY_IMPORT).sort());
});

test('imports inside the core go one way', () => {
  expect(strayImports()).toEqual([]);
});
