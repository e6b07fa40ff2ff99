// Bundles the function: node build/bundle-function.mjs OUTPUT_DIRECTORY. Plain JavaScript, since synth starts it with whatever
// Node.js there is; a program of its own, since CDK's bundling hook is synchronous and esbuild's plugins are not.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');

/** A variable that holds a schema, on one line or up to a bracket at the beginning of one. */
const SCHEMA = /^(export )?(?:var|const) (\w+\$?) = (\[[^\n]*\]|\[[\s\S]*?^\]);$/gm;

/** A source map of one position: what a bundle takes from this file has no other. esbuild looks for such a comment at the end. */
const UNMAPPED = `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(
  JSON.stringify({ version: 3, sources: ['a package'], mappings: 'AAAA' }),
).toString('base64')}`;

/** Schemas of answers that never reach the SDK's parser: lambda/adapters/ec2-pages.ts reads them. */
const NOT_PARSED = new Set(['ReservationList']);

/**
 * What esbuild cannot know of the SDK: which parts of it this function never uses. Each rule changes nothing where it finds
 * nothing; what that costs, test/build/bundle-function.test.ts says.
 *
 * @type {import('esbuild').Plugin}
 */
const withoutUnused = {
  name: 'without-unused',
  setup({ onLoad, onResolve }) {
    // The schemas of all operations of a service. Computed keys keep them all in the bundle: a key could have side effects.
    onLoad({ filter: /[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, async ({ path }) => {
      const contents = (await readFile(path, 'utf8')).replace(SCHEMA, (_, exported = '', name, value) =>
        // 15: a document, in the numbering of the schemas.
        NOT_PARSED.has(name) ? `var ${name} = 15;` : `${exported}var ${name} = /* @__PURE__ */ (() => ${value})();`,
      );
      return { contents: `${contents}${UNMAPPED}`, loader: 'js' };
    });

    // Where in the SDK an error came from, nobody asks: without those positions, the source map is a third as large.
    onLoad({ filter: /[\\/]node_modules[\\/].*\.m?js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, 'utf8')}${UNMAPPED}`,
      loader: 'js',
    }));

    // Of its package.json the SDK wants the version, for the user agent.
    onLoad({ filter: /[\\/]@aws-sdk[\\/][\w-]+[\\/]package\.json$/ }, async ({ path }) => {
      const { name, version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });

    // Lambda hands credentials over in the environment ("Defined runtime environment variables", Lambda Developer Guide):
    // without SSO, profiles, processes, and the clients of those.
    replace(
      /^@aws-sdk\/credential-provider-node$/,
      "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
    );

    // No operation in use has an event stream; the S3 client only wants something to keep.
    replace(
      /^@smithy\/core\/event-streams$/,
      `export const resolveEventStreamSerdeConfig = (config) => config;
       export const eventStreamSerdeProvider = () => undefined;
       export const EventStreamSerde = undefined;`,
    );

    // Tells browsers from each other.
    replace(/^bowser$/, 'export default undefined;');

    /** @param {RegExp} filter @param {string} contents */
    function replace(filter, contents) {
      const namespace = String(filter);
      onResolve({ filter }, ({ path, importer }) => ({ path, namespace, pluginData: dirname(importer) }));
      onLoad({ filter, namespace }, ({ pluginData: resolveDir }) => ({ contents, loader: 'js', resolveDir }));
    }
  },
};

/**
 * @param {string} outdir
 * @param {{ plain?: boolean }} [options] `plain`: by esbuild alone, for comparison
 * @returns what esbuild tells of it: which files went into which
 */
export async function bundleFunction(outdir, { plain = false } = {}) {
  return build({
    entryPoints: { index: join(ROOT, 'lambda', 'handler.ts') },
    outdir,
    outExtension: { '.js': '.mjs' },
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // What is imported when it is needed is in a file of its own.
    splitting: !plain,
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: true,
    // Positions are enough for a stack trace; the sources would triple what Lambda has to load.
    sourcesContent: false,
    logLevel: 'error',
    metafile: true,
    plugins: plain ? [] : [withoutUnused],
  });
}

if (process.argv[1] === import.meta.filename) {
  const [, , outdir, flag] = process.argv;
  if (outdir === undefined) throw new Error('Say where to: node build/bundle-function.mjs OUTPUT_DIRECTORY [--plain]');
  await bundleFunction(outdir, { plain: flag === '--plain' });
}
