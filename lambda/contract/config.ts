import * as z from 'zod/mini';
import { memberAccounts } from './accounts.ts';
import { announcing } from './announcing.ts';
import { checked } from './checked.ts';
import { writtenMaximum } from './maximum-impaired.ts';
import { writtenMinimum } from './minimum-running.ts';
import { watching } from './watching.ts';

const topicArn = z.string().check(z.regex(/^arn:/, 'expected the ARN of a topic'));

const regionName = z.string().check(z.regex(/^[a-z0-9-]+$/, 'expected the name of a region'));
const REGIONS_EXPECTED = 'expected "all" or a list of regions';

/** Everything that the deployed function has to be told: what synth time knows and run time does not. */
const monitorConfig = z.object({
  /** Of the metrics. */
  namespace: z.string().check(z.minLength(1, 'expected a name')),
  /** The account of the monitor itself, which it always watches: twelve digits. */
  account: z.string().check(z.regex(/^\d{12}$/, 'expected twelve digits')),
  /** The accounts watched besides that one. Absent: none. */
  members: z.optional(memberAccounts),
  /** `aws`, `aws-cn`, `aws-us-gov`, …: decides the console's address. */
  partition: z.string().check(z.regex(/^aws[a-z-]*$/, 'expected a partition such as aws or aws-cn')),
  /** `all` asks EC2 for the enabled regions; a list is taken as it is. */
  regions: z.union(
    [z.literal('all'), z.readonly(z.array(regionName).check(z.minLength(1, REGIONS_EXPECTED)))],
    REGIONS_EXPECTED,
  ),
  /** Holds the snapshots. */
  bucket: z.string().check(z.minLength(3, 'expected the name of a bucket')),
  /** ARNs by name. `Chat` is absent where it is not turned on. */
  topics: z.object({
    Transitions: topicArn,
    Alerts: topicArn,
    Chat: z.optional(topicArn),
    Health: topicArn,
  }),
  announcing,
  /** Address of the runbook, to which `#` and the heading of a page are added. */
  runbook: z.string().check(z.regex(/^https:/, 'expected an https address')),
  watching,
  /** Places that are counted even when nothing runs there: their alarms need a zero, not silence. */
  minimumRunning: z.readonly(z.array(writtenMinimum)),
  /** Places of which impaired instances are counted even when nothing runs there, for the same reason. */
  maximumImpaired: z.readonly(z.array(writtenMaximum)),
});

/** What {@link encodeConfig} hands to the function. */
export type MonitorConfig = z.infer<typeof monitorConfig>;

/** The one environment variable that carries the configuration. */
const VARIABLE = 'MONITOR_CONFIG';

/** The function's environment variables for a configuration. Fields that are not part of it are left out. */
export function encodeConfig(config: MonitorConfig): Readonly<Record<typeof VARIABLE, string>> {
  const { shape } = monitorConfig;
  // Not encoded as a whole: ARNs, bucket and account may be CDK tokens, which no schema would take.
  const document = {
    ...Object.fromEntries(Object.entries(config).filter(([field]) => field in shape)),
    ...(config.members === undefined ? {} : { members: z.encode(memberAccounts, config.members) }),
    announcing: z.encode(announcing, config.announcing),
    watching: z.encode(watching, config.watching),
    minimumRunning: z.encode(shape.minimumRunning, config.minimumRunning),
    maximumImpaired: z.encode(shape.maximumImpaired, config.maximumImpaired),
  };
  return { [VARIABLE]: JSON.stringify(document) };
}

/**
 * Reads the configuration out of environment variables. Other variables are never repeated in an error.
 *
 * @throws Error that names everything that is missing or malformed, with what was given and what is expected
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): MonitorConfig {
  const given = environment[VARIABLE];
  try {
    if (given === undefined) throw new Error('it is missing');
    return checked(monitorConfig, JSON.parse(given));
  } catch (error) {
    throw new Error(
      `The function cannot use its configuration, ${VARIABLE}: ${error instanceof Error ? error.message : error}. ` +
        'The stack sets this variable: npx cdk deploy --revert-drift puts it back.',
    );
  }
}
