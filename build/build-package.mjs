// Builds what `npm pack` packs, into dist/: see docs/decisions/0013-the-package.md. The declarations come from tsc.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleFunction } from './bundle-function.mjs';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');

/**
 * The licences of what is in a bundle: they ask to go where it goes.
 *
 * @param {string[]} files relative to the root
 */
function licencesOf(files) {
  const folders = files.flatMap((file) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  /** @type {Map<string, string[]>} */
  const packagesByText = new Map();
  for (const folder of [...new Set(folders)].sort()) {
    const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(ROOT, folder)).find((name) => /^licen[cs]e/i.test(name));
    const text = file === undefined ? license : readFileSync(join(ROOT, folder, file), 'utf8').trim();
    packagesByText.set(text, [...(packagesByText.get(text) ?? []), `${name} ${version}`]);
  }
  return [...packagesByText].map(([text, packages]) => `${packages.join('\n')}\n\n${text}\n`).join('\n\n');
}

rmSync(DIST, { recursive: true, force: true });
await build({
  entryPoints: [join(ROOT, 'lib', 'index.ts')],
  outfile: join(DIST, 'index.js'),
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  define: { 'import.meta.dirname': '__dirname' },
  logLevel: 'error',
});
const { metafile } = await bundleFunction(join(DIST, 'function'));
writeFileSync(join(DIST, 'THIRD-PARTY-LICENSES'), licencesOf(Object.keys(metafile.inputs)));
// The sources are ES modules, and the package is not.
writeFileSync(join(DIST, 'package.json'), '{ "type": "commonjs" }\n');
