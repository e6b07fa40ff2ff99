import { isDeepStrictEqual } from 'node:util';
import { Duration, Token } from 'aws-cdk-lib';
import { z } from 'zod';
import {
  formatPatterns,
  formatSeverityRules,
  parsePatterns,
  parseSeverityRules,
  type SeverityRule,
  type TransitionPattern,
} from '../lambda/contract/announcing.ts';
import { isTimezone } from '../lambda/contract/environment.ts';
import { NONE } from '../lambda/contract/message.ts';
import { formatMinimums, parseMinimums, placeOf } from '../lambda/contract/minimum-running.ts';
import { STATES } from '../lambda/contract/states.ts';
import { formatTagFilters, parseTagFilters } from '../lambda/contract/watching.ts';
import { type CheckedSettings, SETTINGS } from './settings.ts';
import { subscribers } from './subscribers-schema.ts';

/** A list as people write it: text with commas between, or an array in cdk.json. */
const list = z
  .union([z.string().transform((text) => text.split(',')), z.array(z.string())], {
    error: ({ input }) => `${JSON.stringify(input)} is neither a text nor a list of texts`,
  })
  .transform((entries) => entries.map((entry) => entry.trim()));

/** A {@link list} of which no entry is empty, malformed or repeated. */
function listOf(kind: string, isWellFormed: (entry: string) => boolean) {
  return list.superRefine((entries, context) => {
    for (const [index, entry] of entries.entries()) {
      const problem =
        entry === ''
          ? 'an entry is empty'
          : !isWellFormed(entry)
            ? `'${entry}' is not ${kind}`
            : entries.indexOf(entry) !== index
              ? `'${entry}' is given more than once`
              : undefined;
      if (problem !== undefined) {
        context.addIssue(problem);
      }
    }
  });
}

const REGION_NAME = /^[a-z]{2,}(-[a-z]+)+-\d+$/;

const regions = listOf('the name of a region', (entry) => entry === 'all' || REGION_NAME.test(entry)).transform(
  (entries, context) => {
    if (entries.includes('all')) {
      if (entries.length > 1) {
        context.addIssue("'all' stands alone");
      }
      return 'all' as const;
    }
    if (entries.length === 0) {
      context.addIssue('the list is empty');
    }
    return entries;
  },
);

const every = z.unknown().transform((given, context) => {
  const minutes = given instanceof Duration ? given.toMinutes({ integral: false }) : given;
  const text = typeof minutes === 'number' || typeof minutes === 'string' ? String(minutes).trim() : '';
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 60) {
    return Duration.minutes(Number(text));
  }
  context.addIssue(`${JSON.stringify(minutes)} is not an interval`);
  return z.NEVER;
});

const address = z.email();
const email = listOf('an e-mail address', (entry) => address.safeParse(entry).success);

// In a nested stack the name is known to CloudFormation only.
const namespace = z
  .string({ error: ({ input }) => `${JSON.stringify(input)} is not a text` })
  .refine((name) => Token.isUnresolved(name) || /^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(name), {
    error: ({ input }) => `'${input}' is not the name of a stack`,
  });

/**
 * Text as one of the contract's parsers reads it, or a list of such texts. Props may be parsed already: they are written and
 * read once more, so that what is of a wrong form ends in the same error.
 */
function readBy<T>(parse: (text: string) => T[], format: (parsed: T[]) => string) {
  const read = (given: unknown): T[] => {
    // A number in cdk.json needs no quotation marks.
    if (typeof given === 'string' || typeof given === 'number') return parse(String(given));
    const parsed = parse(written(given, format));
    // A separator within a value would be read as one between two.
    if (isDeepStrictEqual(parsed, [JSON.parse(JSON.stringify(given ?? null))])) return parsed;
    throw new Error(`${JSON.stringify(given)} has no such form, or a separator in a value`);
  };
  return z.unknown().transform((given, context) => {
    try {
      if (Array.isArray(given)) return given.length === 0 ? parse('') : given.flatMap(read);
      if (typeof given === 'string' || typeof given === 'number') return read(given);
      context.addIssue(`${JSON.stringify(given)} is neither a text nor a list of texts`);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error));
    }
    return z.NEVER;
  });
}

function written<T>(given: unknown, format: (parsed: T[]) => string): string {
  try {
    return format([given as T]);
  } catch {
    // It lacks what is to be written: nothing that can be read again as the same.
    return '';
  }
}

/** @throws Error for a state that people are never told of, or that there is not */
function parseAlert(text: string): TransitionPattern[] {
  return parsePatterns(text).map((pattern) => known(pattern, ['running', 'stopped', 'terminated', NONE]));
}

/** @throws Error for a state that there is not */
function parseSeverities(text: string): SeverityRule[] {
  return parseSeverityRules(text).map((rule) => known(rule, [...STATES, NONE]));
}

function known<T extends TransitionPattern>(pattern: T, states: readonly string[]): T {
  const unknown = [pattern.from, pattern.to].find((state) => state !== '*' && !states.includes(state));
  if (unknown !== undefined) throw new Error(`'${unknown}' is none of ${states.join(', ')} and *`);
  return pattern;
}

const truth = z
  .union([z.boolean(), z.enum(['true', 'false'])], {
    error: ({ input }) => `${JSON.stringify(input)} is neither true nor false`,
  })
  .transform((given) => given === true || given === 'true');

const group = z
  .string({ error: ({ input }) => `${JSON.stringify(input)} is not a text` })
  .trim()
  .max(128, { error: 'the key of a tag has at most 128 characters' });

const timezone = z
  .string({ error: ({ input }) => `${JSON.stringify(input)} is not a text` })
  .refine(isTimezone, { error: ({ input }) => `'${input}' is not the name of a time zone` });

/** Of the name of a stack. "CreateStack", CloudFormation API Reference. */
const NAME_AT_MOST = 128;

/** "Lambda quotas": 4 KB for all variables together. What is not a setting takes some 800, and the name of the stack five times. */
const ENVIRONMENT_BYTES = 4_096 - 900;

/** Each is an alarm to be paid for and a line in the dashboard. */
const MINIMUMS_AT_MOST = 50;

/** What is to be told of settings as a whole: each problem with the key that it is put down to. */
function* problemsAmong({
  regions,
  chat,
  subscribe,
  email,
  select,
  exclude,
  group,
  groupMetrics,
  minimumRunning,
  namespace,
  alert,
  severity,
}: CheckedSettings): Generator<readonly [key: keyof typeof SETTINGS, problem: string]> {
  if (groupMetrics && ['', 'Account', 'Region', 'State'].includes(group)) {
    yield ['groupMetrics', `there is nothing to count by: group is '${group}'`];
  } else if (groupMetrics && !/^(?!:)(?!.*["'\\])[!-~]([ -~]{0,253}[!-~])?$/.test(group)) {
    yield [
      'groupMetrics',
      `'${group}' cannot be the name of a dimension: printable ASCII without quotation marks and backslashes, at most 255 characters`,
    ];
  }
  const subscribed = [
    ...email.flatMap((address) => [`Alerts ${address}`, `Health ${address}`]),
    ...subscribe.map(({ topic, endpoint }) => `${topic} ${endpoint}`),
  ];
  const twice = repeated(subscribed);
  if (twice !== undefined) yield ['subscribe', `${twice} is subscribed more than once`];
  if (!chat && subscribe.some(({ topic }) => topic === 'Chat')) {
    yield ['subscribe', "there is no topic 'Chat' without chat=true"];
  }
  const texts = {
    regions: String(regions),
    alert: formatPatterns(alert),
    severity: formatSeverityRules(severity),
    select: formatTagFilters(select),
    exclude: formatTagFilters(exclude),
    minimumRunning: formatMinimums(minimumRunning),
    group,
  };
  const bytes = Buffer.byteLength(Object.values(texts).join(''));
  const room = ENVIRONMENT_BYTES - 5 * (Token.isUnresolved(namespace) ? NAME_AT_MOST : namespace.length);
  if (bytes > room) {
    const [[longest] = ['select']] = Object.entries(texts).sort(([, a], [, b]) => b.length - a.length);
    const all = Object.keys(texts).join(', ');
    yield [
      longest as keyof typeof SETTINGS,
      `${all} are ${bytes} bytes long together, and ${room} fit into the function's environment`,
    ];
  }
  if (minimumRunning.length > MINIMUMS_AT_MOST) {
    yield ['minimumRunning', `these are ${minimumRunning.length} alarms: at most ${MINIMUMS_AT_MOST}`];
  }
  const place = repeated(minimumRunning.map(placeOf));
  if (place !== undefined) yield ['minimumRunning', `there are two numbers for ${place || 'all regions'}`];
  for (const { region, group: value } of minimumRunning) {
    if (region !== undefined && regions !== 'all' && !regions.includes(region)) {
      yield ['minimumRunning', `'${region}' is not watched: regions is ${regions.join(',')}`];
    }
    if (value !== undefined && !groupMetrics) {
      yield ['minimumRunning', `'${region}/${value}' is not counted without groupMetrics=true`];
    }
  }
}

function repeated(entries: readonly string[]): string | undefined {
  return entries.find((entry, index) => entries.indexOf(entry) !== index);
}

// prefault and not default: what the table says of a default is read by the same rules as what people write.
const eachByItself = z.strictObject({
  regions: regions.prefault(SETTINGS.regions.default),
  every: every.prefault(SETTINGS.every.default),
  email: email.default([]),
  namespace: namespace.prefault(SETTINGS.namespace.default),
  alert: readBy(parseAlert, formatPatterns).prefault(SETTINGS.alert.default),
  alertAutoScaling: truth.prefault(SETTINGS.alertAutoScaling.default),
  severity: readBy(parseSeverities, formatSeverityRules).default([]),
  timezone: timezone.prefault(SETTINGS.timezone.default),
  chat: truth.prefault(SETTINGS.chat.default),
  select: readBy(parseTagFilters, formatTagFilters).default([]),
  exclude: readBy(parseTagFilters, formatTagFilters).default([]),
  group: group.default(''),
  groupMetrics: truth.prefault(SETTINGS.groupMetrics.default),
  minimumRunning: readBy(parseMinimums, formatMinimums).default([]),
  subscribe: subscribers.default([]),
});

/** Settings as people write them, in context or as props, to settings that are checked and complete. */
export const schema = eachByItself.superRefine((settings, context) => {
  for (const [key, message] of problemsAmong(settings)) context.addIssue({ code: 'custom', path: [key], message });
});
