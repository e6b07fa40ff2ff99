import { Duration, Token } from 'aws-cdk-lib';
import { z } from 'zod';
import { REGION_NAME } from '../../lambda/contract/region-name.ts';
import { type Definitions, listOf } from './definition.ts';

/** What is swept, and how often. */
export interface SweepSettings {
  /** The regions to watch. `all`, the default, means every enabled region of the account, looked up once an hour. */
  readonly regions?: 'all' | readonly string[];
  /** Time between two sweeps: 1 to 60 whole minutes. Default: one minute. */
  readonly every?: Duration;
  /**
   * Regions whose EC2 events make the function look at once, and not only at the next sweep: `home`, the default, is the region of the
   * monitor; a list adds further regions to it, each with a small stack of its own; `none` turns it off.
   */
  readonly hints?: 'home' | 'none' | readonly string[];
  /**
   * Namespace of the metrics, and name of the stack where it is a stack of its own. Each monitor in one account and region
   * needs its own. Default: the name of the stack.
   */
  readonly namespace?: string;
  /** Processor of the function. Default: `arm64`, which is cheaper; not every region has it. */
  readonly architecture?: 'arm64' | 'x86_64';
}

const region = z.string().regex(new RegExp(`^(all|${REGION_NAME})$`), 'expected the name of a region');

const regions = listOf(region).transform((entries, context) => {
  if (entries.length === 0) context.addIssue('the list is empty');
  if (!entries.includes('all')) return entries;
  if (entries.length > 1) context.addIssue("'all' stands alone");
  return 'all' as const;
});

const hints = listOf(
  z.string().regex(new RegExp(`^(home|none|${REGION_NAME})$`), 'expected home, none or the name of a region'),
).transform((entries, context) => {
  const [first = ''] = entries;
  if (entries.length === 0) context.addIssue('the list is empty');
  if (entries.length === 1 && (first === 'home' || first === 'none')) return first;
  if (entries.includes('none')) context.addIssue("'none' stands alone");
  if (entries.includes('home')) context.addIssue("'home' stands alone: a list of regions adds to it");
  return entries;
});

const every = z
  .preprocess(
    (given) => (given instanceof Duration ? given.toMinutes({ integral: false }) : given),
    z.union([z.number(), z.string().trim().regex(/^\d+$/).transform(Number)]),
  )
  .pipe(z.int().min(1).max(60))
  .transform((minutes) => Duration.minutes(minutes));

// In a nested stack the name is known to CloudFormation only.
const namespace = z.string().refine((name) => Token.isUnresolved(name) || /^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(name));

/** {@link SweepSettings}, by key. */
export const SWEEP_SETTINGS = {
  regions: {
    schema: regions,
    allowed: 'all, or region names of one partition separated by commas (in cdk.json also a list)',
    default: 'all',
    example: 'us-east-1,ap-northeast-2',
  },
  every: { schema: every, allowed: 'a whole number from 1 to 60', default: '1', example: '5' },
  hints: {
    schema: hints,
    allowed:
      'home, none, or names of commercial regions separated by commas (in cdk.json also a list); outside the commercial regions home or none',
    default: 'home',
    example: 'us-east-1,eu-west-1',
  },
  namespace: {
    schema: namespace,
    allowed: 'a letter, then letters, digits and hyphens, at most 128 characters (a CloudFormation stack name)',
    default: 'Ec2StateMonitor',
    example: 'Ec2StateMonitor-staging',
  },
  architecture: {
    schema: z.enum(['arm64', 'x86_64']),
    allowed: 'arm64 or x86_64',
    default: 'arm64',
    example: 'x86_64',
  },
} as const satisfies Definitions<SweepSettings>;
