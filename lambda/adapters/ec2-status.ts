import type { InstanceStatus, InstanceStatusEvent } from '@aws-sdk/client-ec2';
import type { CheckStatus, Health, ScheduledEvent } from '../core/known/health.ts';
import { pagedOperation } from './ec2-pages.ts';
import { date, list, stream, structure, text } from './xml-grammar.ts';

/**
 * What is read of the answers: what {@link decodeHealth} needs. Checks are read by the end of their names, so that one that AWS
 * adds is read too. "DescribeInstanceStatus", EC2 API Reference.
 */
export const DESCRIBE_INSTANCE_STATUS = pagedOperation(
  'DescribeInstanceStatus',
  'InstanceStatuses',
  'InstanceStatuses',
  {
    instanceStatusSet: stream('InstanceStatuses', {
      instanceId: text('InstanceId'),
      eventsSet: list('Events', {
        instanceEventId: text('InstanceEventId'),
        code: text('Code'),
        description: text('Description'),
        notBefore: date('NotBefore'),
        notAfter: date('NotAfter'),
        notBeforeDeadline: date('NotBeforeDeadline'),
      }),
      '*Status': structure('', {
        status: text('Status'),
        impairedSince: date('ImpairedSince'),
        remediation: text('Remediation'),
        details: list('Details', { status: text('Status'), impairedSince: date('ImpairedSince') }),
      }),
    }),
  },
);

/** What any check may say: each says some of it. */
interface Check {
  readonly Status?: string | undefined;
  readonly ImpairedSince?: Date | undefined;
  readonly Remediation?: string | undefined;
  readonly Details?:
    | readonly { readonly Status?: string | undefined; readonly ImpairedSince?: Date | undefined }[]
    | undefined;
}

/** How the names of checks end. */
const STATUS = 'Status';

/**
 * What EC2 says of the health of an instance, reduced to what the core keeps.
 *
 * @throws Error when the id is missing: such an answer is not complete
 */
export function decodeHealth(answer: InstanceStatus): Health {
  const { InstanceId: id, Events = [] } = answer;
  if (id === undefined) {
    throw new Error('EC2 described the health of an instance without InstanceId: the answer is not complete.');
  }
  const checks: Record<string, CheckStatus> = {};
  for (const key in answer) {
    if (!key.endsWith(STATUS)) continue;
    const check = decodeCheck(answer[key as 'SystemStatus'] as Check);
    if (check !== undefined) checks[checkName(key)] = check;
  }
  return { id, checks, events: Events.length === 0 ? NO_EVENTS : eachOnce(Events.map(decodeEvent)) };
}

function decodeCheck({ Status: status, ImpairedSince, Remediation, Details }: Check): CheckStatus | undefined {
  if (!status) return undefined;
  if (status !== 'impaired') return plain(status);
  const check: { -readonly [K in keyof CheckStatus]: CheckStatus[K] } = { status };
  const failed = Details?.filter((detail) => detail.Status !== 'passed').flatMap(
    (detail) => detail.ImpairedSince ?? [],
  );
  const dates = ImpairedSince ? [ImpairedSince] : (failed ?? []);
  if (dates.length > 0) check.impairedSince = Math.min(...dates.map((each) => each.getTime()));
  if (Remediation) check.remediation = Remediation;
  return check;
}

const plainChecks = new Map<string, CheckStatus>();

/** A check of which nothing else is said. Nearly all are one of a few, and share an object: that saves memory. */
function plain(status: string): CheckStatus {
  let check = plainChecks.get(status);
  if (check === undefined) {
    check = { status };
    plainChecks.set(status, check);
  }
  return check;
}

const checkNames = new Map<string, string>();

/** `AttachedEbsStatus` is `attached-ebs`. */
function checkName(key: string): string {
  let name = checkNames.get(key);
  if (name === undefined) {
    name = key
      .slice(0, -STATUS.length)
      .replace(/(?<=[a-z\d])(?=[A-Z])/g, '-')
      .toLowerCase();
    checkNames.set(key, name);
  }
  return name;
}

/**
 * How the description of an event begins when it is over. "InstanceStatusEvent", EC2 API Reference, has the first; "Scheduled
 * events for your instances", EC2 User Guide, shows the second in instance metadata.
 */
const OVER = /^\[(?:(Completed)|Cancell?ed)\]\s*/;

const NO_EVENTS: readonly ScheduledEvent[] = [];

/** The first of each id counts. */
function eachOnce(events: readonly ScheduledEvent[]): readonly ScheduledEvent[] {
  return events.filter(({ id }, index) => events.findIndex((other) => other.id === id) === index);
}

function decodeEvent(answer: InstanceStatusEvent): ScheduledEvent {
  const { InstanceEventId, Code, Description = '', NotBefore, NotAfter, NotBeforeDeadline } = answer;
  const code = Code || 'unknown';
  const over = OVER.exec(Description);
  return {
    id: InstanceEventId || [code, NotBefore?.toISOString()].filter(Boolean).join(' '),
    code,
    description: Description.slice(over?.[0].length ?? 0),
    notBefore: NotBefore?.getTime(),
    notAfter: NotAfter?.getTime(),
    deadline: NotBeforeDeadline?.getTime(),
    over: over === null ? undefined : over[1] === undefined ? 'canceled' : 'completed',
  };
}
