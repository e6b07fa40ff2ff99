import type { Account } from '../../../bin/status/account.ts';
import type { SeenRegion, Unseen } from '../../../bin/status/look.ts';
import { troubleOf } from '../../../bin/status/trouble.ts';
import type { ConditionAnnouncement, TransitionAnnouncement } from '../../../lambda/core/known/announcement.ts';
import type { Health } from '../../../lambda/core/known/health.ts';
import type { Instance } from '../../../lambda/core/known/instance.ts';
import type { Known } from '../../../lambda/core/known/snapshot.ts';

/** 12:00:00 of the day on which the tests happen. */
export const NOON = Date.parse('2026-11-22T12:00:00Z');

const HOUR = 3_600_000;

/** An instance that runs since nine o'clock. */
export const WEB: Instance = {
  id: 'i-0aaa',
  state: 'running',
  launchTime: NOON - 3 * HOUR,
  name: 'web-1',
  type: 't3.micro',
  zone: 'eu-west-1a',
  privateIp: '10.0.0.1',
  ami: 'ami-1',
  autoScalingGroup: 'web',
  lifecycle: 'spot',
};

/** An instance that was stopped at half past ten, of which EC2 says little. */
export const BARE: Instance = {
  id: 'i-0bbb',
  state: 'stopped',
  launchTime: NOON - 24 * HOUR,
  reason: { code: 'Client.UserInitiatedShutdown', text: 'User initiated', at: NOON - 1.5 * HOUR },
};

/** What is known of an instance in a baseline. */
export function known(seen: Instance, since?: number): Known {
  return {
    seen,
    sequence: 0,
    since: since === undefined ? { at: NOON, atLeast: true } : { at: since, atLeast: false },
  };
}

/** What EC2 says of an instance of which the system check fails since eleven, and which is to be retired. */
export const AILING: Health = {
  id: WEB.id,
  checks: { system: { status: 'impaired', impairedSince: NOON - HOUR }, instance: { status: 'ok' } },
  events: [
    {
      id: 'instance-event-1',
      code: 'instance-retirement',
      description: 'The instance is running on degraded hardware',
      notBefore: Date.parse('2026-12-03T04:00:00Z'),
    },
  ],
};

/** What EC2 says of these. */
export function healths(...all: readonly Health[]): ReadonlyMap<string, Health> {
  return new Map(all.map((each) => [each.id, each]));
}

/** A region in which these were seen at noon, of whose health EC2 says nothing. */
export function seen(region: string, instances: readonly Known[], more: Partial<SeenRegion> = {}): SeenRegion {
  return {
    status: 'seen',
    region,
    at: NOON,
    isBaseline: true,
    transitions: [],
    conditions: [],
    health: new Map(),
    healthTrouble: undefined,
    snapshot: {
      scope: { account: '', region },
      generation: 1,
      sweepId: '',
      lookedAt: NOON,
      baselineAt: NOON,
      selection: '',
      selectedAt: NOON,
      hadInstances: instances.length > 0,
      instances: new Map(instances.map((each) => [each.seen.id, each])),
      outbox: [],
    },
    ...more,
  };
}

/** A region in which these were seen at noon, and in which nobody may ask for health. */
export function seenWithoutHealth(region: string, instances: readonly Known[]): SeenRegion {
  const refused = Object.assign(new Error('No.'), { name: 'UnauthorizedOperation' });
  const healthTrouble = troubleOf(refused, { action: 'ec2:DescribeInstanceStatus', timeoutSeconds: 20 });
  return seen(region, instances, { health: undefined, healthTrouble });
}

/** A region that did not answer at noon. */
export function notSeen(region: string, error: unknown = new DOMException('', 'TimeoutError')): Unseen {
  const trouble = troubleOf(error, { action: 'ec2:DescribeInstances', timeoutSeconds: 20 });
  return { status: 'not-seen', region, at: NOON, trouble };
}

/** The instance, stopped by somebody within the minute before noon, after three hours. */
export const STOPPED: TransitionAnnouncement = {
  kind: 'transition',
  id: 'abc',
  sequence: 1,
  generation: 2,
  step: 0,
  subject: { ...WEB, state: 'stopping' },
  from: 'running',
  to: 'stopping',
  inferred: false,
  cause: 'api-call',
  severity: 'warning',
  reason: { code: 'Client.UserInitiatedShutdown', text: 'Client.UserInitiatedShutdown: User initiated shutdown' },
  after: NOON - 60_000,
  before: NOON,
  inOldState: { ms: 3 * HOUR, atLeast: false },
  owed: ['Transitions'],
};

/** The system check of the instance fails since eleven, as was believed at noon. */
export const IMPAIRED: ConditionAnnouncement = {
  kind: 'condition',
  id: 'def',
  sequence: 0,
  generation: 2,
  subject: WEB,
  news: 'opened',
  condition: { type: 'impaired', of: 'system' },
  incident: 'def',
  began: { after: NOON - HOUR, before: NOON - HOUR },
  severity: 'critical',
  before: NOON,
  owed: ['Transitions'],
};

/** The instance is to be retired, as was first seen at noon. */
export const RETIRING: ConditionAnnouncement = {
  ...IMPAIRED,
  condition: {
    type: 'event',
    of: 'instance-retirement',
    id: 'instance-event-1',
    description: 'The instance is running on degraded hardware',
    notBefore: Date.parse('2026-12-03T04:00:00Z'),
  },
  began: { before: NOON },
};

/** Two accounts, one of which nobody knows the name. */
export const PROD = { id: '444455556666', name: 'prod' };
export const BARE_ACCOUNT = { id: '777788889999', name: undefined };

/** An account that could not be looked at at noon. */
export function notOpened(account: Account, error?: unknown): Unseen {
  return { ...notSeen('', error), account, region: undefined };
}
