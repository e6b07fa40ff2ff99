import { Duration, Token } from 'aws-cdk-lib';
import { z } from 'zod';
import { REGION_NAME } from '../../lambda/contract/region-name.ts';
import { type Definitions, listOf, text } from './definition.ts';

/** What is swept, and how often. */
export interface SweepSettings {
  /**
   * The regions to watch. `all` means every region that is enabled in the account, looked up once an hour.
   *
   * @default 'all'
   */
  readonly regions?: 'all' | readonly string[];

  /**
   * Time between two sweeps: 1 to 60 whole minutes.
   *
   * @default Duration.minutes(1)
   */
  readonly every?: Duration;

  /**
   * Namespace of the metrics, and name of the stack where it is a stack of its own. Each monitor in one account and region
   * needs its own.
   *
   * @default - the name of the stack
   */
  readonly namespace?: string;

  /**
   * Processor of the function. Not every region has `arm64`, which is cheaper.
   *
   * @default 'arm64'
   */
  readonly architecture?: 'arm64' | 'x86_64';
}

const REGION = new RegExp(`^${REGION_NAME}$`);

const regions = listOf('the name of a region', (entry) => entry === 'all' || REGION.test(entry)).transform(
  (entries, context) => {
    if (entries.length === 0) context.addIssue('the list is empty');
    if (!entries.includes('all')) return entries;
    if (entries.length > 1) context.addIssue("'all' stands alone");
    return 'all' as const;
  },
);

const every = z.unknown().transform((given, context) => {
  const minutes = given instanceof Duration ? given.toMinutes({ integral: false }) : given;
  const digits = typeof minutes === 'number' || typeof minutes === 'string' ? String(minutes).trim() : '';
  if (/^\d+$/.test(digits) && Number(digits) >= 1 && Number(digits) <= 60) return Duration.minutes(Number(digits));
  context.addIssue(`${JSON.stringify(minutes)} is not an interval`);
  return z.NEVER;
});

// In a nested stack the name is known to CloudFormation only.
const namespace = text.refine((name) => Token.isUnresolved(name) || /^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(name), {
  error: ({ input }) => `'${input}' is not the name of a stack`,
});

/** {@link SweepSettings}, by key. */
export const SWEEP_SETTINGS = {
  regions: {
    schema: regions,
    meaning: 'regions to watch; `all` means every enabled region, looked up once an hour',
    allowed: 'all, or region names of one partition separated by commas (in cdk.json also a list)',
    default: 'all',
    example: 'us-east-1,ap-northeast-2',
  },
  every: {
    schema: every,
    meaning: 'minutes between two sweeps',
    allowed: 'a whole number from 1 to 60',
    default: '1',
    example: '5',
  },
  namespace: {
    schema: namespace,
    meaning: 'name of the stack and namespace of its metrics; each monitor in one account and region needs its own',
    allowed: 'a letter, then letters, digits and hyphens, at most 128 characters (a CloudFormation stack name)',
    default: 'Ec2StateMonitor',
    example: 'Ec2StateMonitor-staging',
  },
  architecture: {
    schema: z.enum(['arm64', 'x86_64'], { error: ({ input }) => `'${input}' is not an architecture` }),
    meaning: 'processor of the function; not every region has `arm64`, which is a fifth cheaper',
    allowed: 'arm64 or x86_64',
    default: 'arm64',
    example: 'x86_64',
  },
} as const satisfies Definitions<SweepSettings>;
