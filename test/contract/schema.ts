import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
const [transitions, conditions, silences, members] = ['transitions', 'conditions', 'silences', 'members'].map((name) =>
  ajv.compile(JSON.parse(readFileSync(join(import.meta.dirname, `../../docs/${name}.schema.json`), 'utf8'))),
);

/** What the published schema of its kind has against a message for machines. Empty: it is valid. */
export function faultsOf(document: { readonly kind?: unknown }): string[] {
  const byKind = new Map([
    ['condition', conditions],
    ['silence', silences],
    ['member', members],
  ]);
  const validate = byKind.get(String(document.kind)) ?? transitions;
  return validate?.(document)
    ? []
    : (validate?.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
