import { Duration, Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { z } from 'zod';
import {
  parsePatterns,
  parseSeverityRules,
  type SeverityRule,
  type TransitionPattern,
} from '../lambda/contract/announcing.ts';
import { isTimezone } from '../lambda/contract/environment.ts';
import { NONE, SEVERITIES } from '../lambda/contract/message.ts';
import { STATES } from '../lambda/contract/metrics.ts';
import { formatTagFilters, parseTagFilters, type TagFilter } from '../lambda/contract/watching.ts';
import { type Subscriber, subscribers } from './subscribers.ts';

/** What a deployment can be told, checked and complete. */
export interface Settings {
  /** `all`: every region that is enabled in the account. */
  readonly regions: 'all' | readonly string[];
  /** Time between two sweeps: 1 to 60 whole minutes. */
  readonly every: Duration;
  /** Addresses that are subscribed to alerts and to the monitor's own alarms. */
  readonly email: readonly string[];
  /** Name of the stack and namespace of its metrics in one. */
  readonly namespace: string;
  /** The changes from settled state to settled state that people hear of. */
  readonly alert: readonly TransitionPattern[];
  /** Whether people also hear of what an Auto Scaling group does to its own members. */
  readonly alertAutoScaling: boolean;
  /** Severities instead of those of the table of causes; of several that fit, the last one counts. */
  readonly severity: readonly SeverityRule[];
  /** The time zone in which people read times. */
  readonly timezone: string;
  /** Whether there is a topic of Amazon Q Developer custom notifications. */
  readonly chat: boolean;
  /** Which instances are watched: those that fit all of these. */
  readonly select: readonly TagFilter[];
  /** And none of these. */
  readonly exclude: readonly TagFilter[];
  /** Key of the tag by whose value instances are grouped; empty: none. */
  readonly group: string;
  /** Whether instances are also counted by that tag. */
  readonly groupMetrics: boolean;
  /** Who else hears, beside the addresses of `email`. */
  readonly subscribe: readonly Subscriber[];
}

/** One setting as people read about it, in the README and in errors. */
export interface SettingDefinition {
  readonly meaning: string;
  readonly allowed: string;
  /** As it would be written after `-c key=`, or `none`. */
  readonly default: string;
  /** As it would be written after `-c key=`. */
  readonly example: string;
}

/** Every setting, by its CDK context key. */
export const SETTINGS = {
  regions: {
    meaning: 'the regions to watch; `all` asks EC2 once an hour which ones are enabled',
    allowed: 'all, or names of regions with commas between (in cdk.json also a list)',
    default: 'all',
    example: 'us-east-1,ap-northeast-2',
  },
  every: {
    meaning: 'minutes between two sweeps',
    allowed: 'a whole number of minutes from 1 to 60',
    default: '1',
    example: '5',
  },
  email: {
    meaning: "who gets the alerts and the monitor's own alarms by mail; each has to confirm the subscription",
    allowed: 'addresses with commas between (in cdk.json also a list)',
    default: 'none',
    example: 'ops@example.com',
  },
  namespace: {
    meaning: 'name of the stack and namespace of its metrics: give each deployment in one account and region its own',
    allowed: 'a letter, then letters, digits and hyphens, at most 128 in all (the name of a CloudFormation stack)',
    default: 'Ec2StateMonitor',
    example: 'Ec2StateMonitor-staging',
  },
  alert: {
    meaning:
      'the changes that people hear of, between `running`, `stopped`, `terminated` and `none`; machines hear of all',
    allowed: 'FROM->TO with commas between, each a state or * (in cdk.json also a list)',
    default: '*->*',
    example: 'running->stopped,*->terminated',
  },
  alertAutoScaling: {
    meaning: 'whether people also hear of what an Auto Scaling group does to its own members',
    allowed: 'true or false',
    default: 'false',
    example: 'true',
  },
  severity: {
    meaning: 'severities of your own, by cause and, if you like, by change; of several that fit, the last one counts',
    allowed: `CAUSE=SEVERITY or CAUSE:FROM->TO=SEVERITY with commas between (in cdk.json also a list); the severities are ${SEVERITIES.join(', ')}`,
    default: 'none',
    example: 'spot-interruption=critical,api-call:running->stopped=info',
  },
  timezone: {
    meaning: 'the time zone in which people read times',
    allowed: 'a name of the IANA time zone database',
    default: 'UTC',
    example: 'Asia/Seoul',
  },
  chat: {
    meaning: 'whether there is a topic for Slack and Microsoft Teams, by Amazon Q Developer in chat applications',
    allowed: 'true or false',
    default: 'false',
    example: 'true',
  },
  select: {
    meaning: 'which instances are watched, by their tags; those that fit every filter',
    allowed: 'tag:KEY=VALUE,VALUE with semicolons between filters; * and ? are wildcards in a value',
    default: 'none',
    example: 'tag:env=prod*;tag:team=web,db',
  },
  exclude: {
    meaning: 'which of them are not; those that fit any filter',
    allowed: 'as in `select`',
    default: 'none',
    example: 'tag:env=sandbox',
  },
  group: {
    meaning: 'a tag that groups instances: its value is in every message, as the attribute `group`',
    allowed: 'the key of a tag',
    default: 'none',
    example: 'team',
  },
  groupMetrics: {
    meaning:
      'whether instances are also counted by that tag: six metrics for each of its values in each region, each paid for',
    allowed: 'true or false; true needs a `group` that is not named Account, Region or State',
    default: 'false',
    example: 'true',
  },
  subscribe: {
    meaning: 'who else hears, of which topic, and of which messages only',
    allowed:
      'a list of {"topic", "endpoint", "filter"}, in cdk.json or as JSON: a topic by its name, the ARN of a queue or a function, an https address or a mail address, and optionally values by attribute',
    default: 'none',
    example: '[{"topic":"Alerts","endpoint":"oncall@example.com","filter":{"severity":["critical"]}}]',
  },
} as const satisfies Record<keyof Settings, SettingDefinition>;

/** Some settings cannot be used. The message names every problem, for people: print it without the stack trace. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  /** @param problems One line each. */
  constructor(problems: readonly string[]) {
    super(['The settings cannot be used:', ...problems.map((problem) => `  - ${problem}`)].join('\n'));
  }
}

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

/** Text, or a list of texts that stand for it with a separator between, as one of the contract's parsers reads it. */
function readBy<T>(parse: (text: string) => T, separator = ',') {
  return z
    .union([z.string(), z.array(z.string())], {
      error: ({ input }) => `${JSON.stringify(input)} is neither a text nor a list of texts`,
    })
    .transform((given, context) => {
      try {
        return parse(typeof given === 'string' ? given : given.join(separator));
      } catch (error) {
        context.addIssue(error instanceof Error ? error.message : String(error));
        return z.NEVER;
      }
    });
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

// prefault and not default: what the table says of a default is read by the same rules as what people write.
const schema = z
  .strictObject({
    regions: regions.prefault(SETTINGS.regions.default),
    every: every.prefault(SETTINGS.every.default),
    email: email.default([]),
    namespace: namespace.prefault(SETTINGS.namespace.default),
    alert: readBy(parseAlert).prefault(SETTINGS.alert.default),
    alertAutoScaling: truth.prefault(SETTINGS.alertAutoScaling.default),
    severity: readBy(parseSeverities).default([]),
    timezone: timezone.prefault(SETTINGS.timezone.default),
    chat: truth.prefault(SETTINGS.chat.default),
    select: readBy(parseTagFilters, ';').default([]),
    exclude: readBy(parseTagFilters, ';').default([]),
    group: group.default(''),
    groupMetrics: truth.prefault(SETTINGS.groupMetrics.default),
    subscribe: subscribers.default([]),
  })
  .superRefine(({ chat, subscribe, email: addresses, select, exclude, group: tag, groupMetrics }, context) => {
    if (groupMetrics && !/^(?!:)[!-~]([ -~]{0,253}[!-~])?$/.test(tag)) {
      context.addIssue({
        code: 'custom',
        path: ['groupMetrics'],
        message: `'${tag}' cannot be the name of a dimension: printable ASCII, at most 255 characters`,
      });
    }
    const places = [
      ...addresses.flatMap((address) => [`Alerts ${address}`, `Health ${address}`]),
      ...subscribe.map(({ topic, endpoint }) => `${topic} ${endpoint}`),
    ];
    const twice = places.find((place, index) => places.indexOf(place) !== index);
    if (twice !== undefined) {
      context.addIssue({ code: 'custom', path: ['subscribe'], message: `${twice} is subscribed more than once` });
    }
    // "Lambda quotas": 4 KB for all variables together; a quarter of it is kept for the others.
    const bytes = Buffer.byteLength(formatTagFilters(select) + formatTagFilters(exclude));
    if (bytes > 3072) {
      context.addIssue({
        code: 'custom',
        path: ['select'],
        message: `select and exclude are ${bytes} bytes long together, and 3072 fit into the function's environment`,
      });
    }
    if (groupMetrics && ['', 'Account', 'Region', 'State'].includes(tag)) {
      context.addIssue({
        code: 'custom',
        path: ['groupMetrics'],
        message: `there is nothing to count by: group is '${tag}'`,
      });
    }
    if (!chat && subscribe.some(({ topic }) => topic === 'Chat')) {
      context.addIssue({ code: 'custom', path: ['subscribe'], message: "there is no topic 'Chat' without chat=true" });
    }
  });

/** CDK keeps its own keys in the same context: all but these carry a colon, an at sign or a slash. */
const CDK_KEYS: readonly string[] = ['acknowledged-issue-numbers', 'cli-telemetry'];

/**
 * Settings out of CDK context (`-c key=value`, `context` in cdk.json or ~/.cdk.json) or out of the props of a construct,
 * with defaults for what is absent. CDK's own keys are passed over.
 *
 * @throws SettingsError that names every problem at once: what was given, what is allowed, and how to mend it.
 */
export function readSettings(context: Readonly<Record<string, unknown>>): Settings {
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

/** Those of the regions that this version of aws-cdk-lib does not list: newer than it, or misspelled. */
export function unlistedRegions({ regions }: Pick<Settings, 'regions'>): readonly string[] {
  const listed = RegionInfo.regions.map(({ name }) => name);
  return regions === 'all' ? [] : regions.filter((region) => !listed.includes(region));
}
