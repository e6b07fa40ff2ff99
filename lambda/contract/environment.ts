import * as z from 'zod/mini';
import {
  type Announcing,
  formatPatterns,
  formatSeverityRules,
  parsePatterns,
  parseSeverityRules,
} from './announcing.ts';
import { formatMinimums, type MinimumRunning, parseMinimums } from './minimum-running.ts';
import { formatTagFilters, parseTagFilters, type Watching } from './watching.ts';

/**
 * What the deployed function has to be told: everything that synth time knows and run time does not.
 *
 * The stack writes it with {@link encodeEnvironment}, the function reads it with {@link parseEnvironment}; nothing else
 * reads the environment for these values. ARNs and the account may be CDK tokens when encoded.
 */
export interface MonitorConfig {
  /** Metric namespace, which is the stack's name, so that two deployments do not answer for each other. */
  readonly namespace: string;
  /** The account watched, twelve digits. */
  readonly account: string;
  /** `aws`, `aws-cn`, `aws-us-gov`, …: decides the console's address. */
  readonly partition: string;
  /** `all` asks EC2 for the enabled regions; a list is taken as it is. */
  readonly regions: 'all' | readonly string[];
  /** Minutes between two sweeps. */
  readonly everyMinutes: number;
  /** Name of the bucket that holds the snapshots. */
  readonly bucket: string;
  /** ARN of the topic for machines: every transition as observed. */
  readonly transitionsTopic: string;
  /** ARN of the topic for people. */
  readonly alertsTopic: string;
  /** ARN of the topic for chat. Absent: there is none, whatever {@link Announcing.chat} says. */
  readonly chatTopic?: string;
  /** ARN of the topic for alarms about the monitor itself: only asked how many subscriptions it has. */
  readonly healthTopic: string;
  /** What people are told, and how. */
  readonly announcing: Omit<Announcing, 'chat'>;
  /** Which instances are watched. */
  readonly watching: Watching;
  /** What has an alarm of its own, so that it is counted also where there is none: zero is an answer, silence is not. */
  readonly minimumRunning: readonly MinimumRunning[];
}

/** Text that a parser of the contract reads. What the parser says of a text that it cannot read becomes the problem. */
const parsedBy = (parse: (text: string) => unknown) =>
  z.string().check((payload) => {
    try {
      parse(payload.value);
    } catch (error) {
      payload.issues.push({
        code: 'custom',
        input: payload.value,
        message: error instanceof Error ? error.message : String(error),
      });
    }
  });

const topic = z.string().check(z.regex(/^arn:/, 'expected the ARN of a topic'));

/** Whether the runtime knows a time zone by this name of the IANA database. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    // It throws a RangeError for a name that it does not know, and there is no other way to ask for all of them.
    return false;
  }
}

/** The variables by name, in the form in which Lambda holds them: text. Each entry is a codec, so both ways are one. */
const variables = z.object({
  MONITOR_NAMESPACE: z.string().check(z.minLength(1)),
  MONITOR_ACCOUNT: z.string().check(z.regex(/^\d{12}$/, 'expected twelve digits')),
  MONITOR_PARTITION: z.string().check(z.regex(/^aws[a-z-]*$/, 'expected a partition such as aws or aws-cn')),
  MONITOR_REGIONS: z
    .string()
    .check(z.regex(/^[a-z0-9-]+(,[a-z0-9-]+)*$/, "expected 'all' or names with commas between")),
  MONITOR_EVERY_MINUTES: z.string().check(z.regex(/^[1-9]\d*$/, 'expected a whole number of minutes, at least 1')),
  MONITOR_BUCKET: z.string().check(z.minLength(3)),
  MONITOR_TRANSITIONS_TOPIC: topic,
  MONITOR_ALERTS_TOPIC: topic,
  MONITOR_CHAT_TOPIC: z.optional(topic),
  MONITOR_HEALTH_TOPIC: topic,
  MONITOR_ALERT: parsedBy(parsePatterns),
  MONITOR_ALERT_AUTO_SCALING: z.enum(['true', 'false']),
  MONITOR_SEVERITY: parsedBy(parseSeverityRules),
  MONITOR_TIMEZONE: z.string().check(z.refine(isTimezone, 'expected the name of a time zone')),
  MONITOR_SELECT: parsedBy(parseTagFilters),
  MONITOR_EXCLUDE: parsedBy(parseTagFilters),
  MONITOR_GROUP: z.optional(z.string().check(z.minLength(1))),
  MONITOR_GROUP_METRICS: z.enum(['true', 'false']),
  MONITOR_MINIMUM_RUNNING: parsedBy(parseMinimums),
});

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string>>;

/** The function's environment variables for a configuration. The inverse of {@link parseEnvironment}. */
export function encodeEnvironment(config: MonitorConfig): Environment {
  return {
    MONITOR_NAMESPACE: config.namespace,
    MONITOR_ACCOUNT: config.account,
    MONITOR_PARTITION: config.partition,
    MONITOR_REGIONS: config.regions === 'all' ? 'all' : config.regions.join(','),
    MONITOR_EVERY_MINUTES: String(config.everyMinutes),
    MONITOR_BUCKET: config.bucket,
    MONITOR_TRANSITIONS_TOPIC: config.transitionsTopic,
    MONITOR_ALERTS_TOPIC: config.alertsTopic,
    ...(config.chatTopic === undefined ? {} : { MONITOR_CHAT_TOPIC: config.chatTopic }),
    MONITOR_HEALTH_TOPIC: config.healthTopic,
    MONITOR_ALERT: formatPatterns(config.announcing.alert),
    MONITOR_ALERT_AUTO_SCALING: config.announcing.alertAutoScaling ? 'true' : 'false',
    MONITOR_SEVERITY: formatSeverityRules(config.announcing.severity),
    MONITOR_TIMEZONE: config.announcing.timezone,
    MONITOR_SELECT: formatTagFilters(config.watching.select),
    MONITOR_EXCLUDE: formatTagFilters(config.watching.exclude),
    ...(config.watching.group === undefined ? {} : { MONITOR_GROUP: config.watching.group }),
    MONITOR_GROUP_METRICS: config.watching.groupMetrics ? 'true' : 'false',
    MONITOR_MINIMUM_RUNNING: formatMinimums(config.minimumRunning),
  };
}

/**
 * Reads the configuration out of environment variables. Other variables are ignored and never repeated in an error.
 *
 * @throws Error that names every missing or malformed variable at once, with what was given and what is expected.
 */
export function parseEnvironment(environment: Readonly<Record<string, string | undefined>>): MonitorConfig {
  const parsed = variables.safeParse(environment);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      const given = environment[name];
      return given === undefined ? `${name} is missing` : `${name} is '${given}': ${issue.message}`;
    });
    throw new Error(
      `The environment of the function is not usable: ${problems.join('; ')}. ` +
        'The stack sets these variables: npx cdk deploy --revert-drift puts them back.',
    );
  }
  const env = parsed.data;
  return {
    namespace: env.MONITOR_NAMESPACE,
    account: env.MONITOR_ACCOUNT,
    partition: env.MONITOR_PARTITION,
    regions: env.MONITOR_REGIONS === 'all' ? 'all' : env.MONITOR_REGIONS.split(','),
    everyMinutes: Number(env.MONITOR_EVERY_MINUTES),
    bucket: env.MONITOR_BUCKET,
    transitionsTopic: env.MONITOR_TRANSITIONS_TOPIC,
    alertsTopic: env.MONITOR_ALERTS_TOPIC,
    ...(env.MONITOR_CHAT_TOPIC === undefined ? {} : { chatTopic: env.MONITOR_CHAT_TOPIC }),
    healthTopic: env.MONITOR_HEALTH_TOPIC,
    announcing: {
      alert: parsePatterns(env.MONITOR_ALERT),
      alertAutoScaling: env.MONITOR_ALERT_AUTO_SCALING === 'true',
      severity: parseSeverityRules(env.MONITOR_SEVERITY),
      timezone: env.MONITOR_TIMEZONE,
    },
    watching: {
      select: parseTagFilters(env.MONITOR_SELECT),
      exclude: parseTagFilters(env.MONITOR_EXCLUDE),
      ...(env.MONITOR_GROUP === undefined ? {} : { group: env.MONITOR_GROUP }),
      groupMetrics: env.MONITOR_GROUP_METRICS === 'true',
    },
    minimumRunning: parseMinimums(env.MONITOR_MINIMUM_RUNNING),
  };
}
