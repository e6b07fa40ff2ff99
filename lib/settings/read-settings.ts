import { z } from 'zod';
import { described, expectation, shown } from '../../lambda/contract/checked.ts';
import { closest } from './closest.ts';
import type { Definition } from './definition.ts';
import { problemsAmong } from './problems-among.ts';
import { type CheckedSettings, SETTINGS } from './settings.ts';

/** Some settings cannot be used. The message names every problem, for people: print it without the stack trace. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  /** @param problems One line each. */
  constructor(problems: readonly string[]) {
    super(['The settings cannot be used:', ...problems.map((problem) => `  - ${problem}`)].join('\n'));
  }
}

/** CDK keeps its own keys in the same context: all but these carry a colon, an at sign or a slash. */
const CDK_KEYS: readonly string[] = ['acknowledged-issue-numbers', 'cli-telemetry'];

const DEFINITIONS = Object.entries<Definition<unknown>>(SETTINGS);

// prefault and not default: what the table says of a default is read by the same rules as what people write.
const schema = z
  .strictObject(
    Object.fromEntries(
      DEFINITIONS.map(([key, { schema, default: value }]) => [
        key,
        value === undefined ? schema : schema.prefault(value),
      ]),
    ),
  )
  .transform((settings) => settings as unknown as CheckedSettings)
  .superRefine((settings, context) => {
    for (const { key, problem: message, ...params } of problemsAmong(settings)) {
      context.addIssue({ code: 'custom', path: [key], message, params });
    }
  });

/**
 * Settings out of CDK context (`-c key=value`, `context` in cdk.json or ~/.cdk.json) or out of the props of a construct,
 * with defaults for what is absent. CDK's own keys are passed over.
 *
 * @throws SettingsError that names every problem at once: what was given, what is allowed, and how to mend it.
 */
export function readSettings(context: Readonly<Record<string, unknown>>): CheckedSettings {
  const given = Object.entries(context).filter(([key]) => !/[:@/]/.test(key) && !CDK_KEYS.includes(key));
  const parsed = schema.safeParse(Object.fromEntries(given), { reportInput: true, error: wordsFor });
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  throw new SettingsError([
    ...issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys.map(unknownSetting) : [],
    ),
    ...DEFINITIONS.flatMap(([key, { allowed, example }]) => {
      const problems = issues.filter(({ path }) => path[0] === key);
      if (problems.length === 0) return [];
      const said = problems.map((issue) => (issue.path.length === 1 ? issue.message : described(issue))).join('; ');
      const [shown = `${key}=${example}`] = problems.flatMap((issue) =>
        issue.code === 'custom' ? (issue.params?.['example'] ?? []) : [],
      );
      return `${key}: ${said.replace(/[^?]$/, '$&.')} Allowed: ${allowed}. For example: ${shown}`;
    }),
  ]);
}

function unknownSetting(key: string): string {
  const keys = Object.keys(SETTINGS);
  const meant = closest(key, keys);
  const hint = meant === undefined ? '' : ` Did you mean '${meant}'?`;
  return `'${key}' is not a setting.${hint} Allowed: ${keys.join(', ')}. Remove it from -c, cdk.json, ~/.cdk.json or the props`;
}

/** What is said where a schema has no words of its own. */
function wordsFor(issue: z.core.$ZodRawIssue): string {
  if (issue.path?.length === 1) return `${shown(issue.input)} is not allowed`;
  if (issue.code === 'invalid_value') return expectedOneOf(issue.values.map(String), String(issue.input));
  if (issue.code !== 'unrecognized_keys') return expectation(issue);
  const known = issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape) : [];
  return issue.keys.map((key) => `'${key}' is unknown, ${expectedOneOf(known, key)}`).join('; ');
}

function expectedOneOf(known: readonly string[], given: string): string {
  const meant = closest(given, known);
  return meant === undefined ? `expected one of ${known.join(', ')}` : `did you mean '${meant}'?`;
}
