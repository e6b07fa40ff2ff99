import { RegionInfo } from 'aws-cdk-lib/region-info';
import { type CheckedSettings, SETTINGS, type SettingDefinition } from './settings.ts';
import { schema } from './settings-schema.ts';

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

/**
 * Settings out of CDK context (`-c key=value`, `context` in cdk.json or ~/.cdk.json) or out of the props of a construct,
 * with defaults for what is absent. CDK's own keys are passed over.
 *
 * @throws SettingsError that names every problem at once: what was given, what is allowed, and how to mend it.
 */
export function readSettings(context: Readonly<Record<string, unknown>>): CheckedSettings {
  const given = Object.entries(context).filter(([key]) => !/[:@/]/.test(key) && !CDK_KEYS.includes(key));
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (parsed.success) {
    return parsed.data;
  }
  throw new SettingsError([
    ...parsed.error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys.map(unknownKey) : [])),
    ...Object.entries<SettingDefinition>(SETTINGS).flatMap(([key, { allowed, example }]) => {
      const problems = parsed.error.issues.filter(({ path }) => path[0] === key).map(({ message }) => message);
      return problems.length === 0
        ? []
        : `${key}: ${problems.join('; ')}. Allowed: ${allowed}. For example: ${key}=${example}`;
    }),
  ]);
}

function unknownKey(key: string): string {
  const keys = Object.keys(SETTINGS);
  const meant = keys.find((known) => known.startsWith(key.toLowerCase()) || key.toLowerCase().startsWith(known));
  const hint = meant === undefined ? '' : ` Did you mean '${meant}'?`;
  return `'${key}' is not a setting.${hint} Allowed: ${keys.join(', ')}. Remove it from -c, cdk.json or ~/.cdk.json`;
}

/** Those of the named regions that this version of aws-cdk-lib does not list: newer than it, or misspelled. */
export function unlistedRegions({
  regions,
  minimumRunning,
}: Pick<CheckedSettings, 'regions' | 'minimumRunning'>): readonly string[] {
  const listed = RegionInfo.regions.map(({ name }) => name);
  const named = [...(regions === 'all' ? [] : regions), ...minimumRunning.flatMap(({ region }) => region ?? [])];
  return [...new Set(named)].filter((region) => !listed.includes(region));
}
