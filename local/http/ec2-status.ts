import type { CheckRecord, EventRecord } from '../model/health.ts';
import type { InstanceStatus } from '../model/listing.ts';
import { stateXml } from './ec2-instance.ts';
import type { Xml } from './xml.ts';

/** Checks that say in `details` what others say themselves. "InstanceStatusSummary", EC2 API Reference. */
const DETAILED = ['system', 'instance', 'attached-ebs'];

/** What a detail says where the summary says this; it says the same otherwise. "InstanceStatusDetails", EC2 API Reference. */
const DETAIL_STATUS: Readonly<Record<string, string>> = { ok: 'passed', impaired: 'failed' };

/** The health of one instance with all elements that EC2 sends. A decoder must skip those that it does not read. */
export function statusXml({ instance, health }: InstanceStatus): Xml {
  const { instanceId, region, zone, state, operator } = instance;
  const checks = Object.entries(health.checks).map(
    ([name, check]) => [elementOf(name), checkXml(name, check)] as const,
  );
  return {
    instanceId,
    availabilityZone: zone,
    availabilityZoneId: zoneId(region, zone),
    eventsSet: health.events.length === 0 ? null : { item: health.events.map(eventXml) },
    instanceState: stateXml(state),
    ...Object.fromEntries(checks),
    operator: { managed: operator !== null, principal: operator },
  };
}

function eventXml({ eventId, code, description, notBefore, notAfter, deadline }: EventRecord): Xml {
  return {
    instanceEventId: eventId,
    code,
    description,
    notBefore: timeXml(notBefore),
    notAfter: timeXml(notAfter),
    notBeforeDeadline: timeXml(deadline),
  };
}

function checkXml(check: string, { status, impairedSince, remediation }: CheckRecord): Xml {
  const since = timeXml(impairedSince);
  if (!DETAILED.includes(check)) {
    return { status, impairedSince: since, remediation };
  }
  const detail = { name: 'reachability', status: DETAIL_STATUS[status] ?? status, impairedSince: since };
  return { status, details: status === 'not-applicable' ? null : { item: [detail] } };
}

function timeXml(ms: number | null): Xml {
  return ms === null ? null : new Date(ms).toISOString();
}

/** `attached-ebs` is `attachedEbsStatus`. */
function elementOf(check: string): string {
  return `${check.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}Status`;
}

const DIRECTIONS: Readonly<Record<string, string>> = {
  northeast: 'ne',
  northwest: 'nw',
  southeast: 'se',
  southwest: 'sw',
};

/** `eu-west-1a` could be `euw1-az1`. In AWS the order of the zones differs from account to account. */
function zoneId(region: string, zone: string): string {
  const [area = '', ...rest] = region.split('-');
  const short = rest.map((part) => DIRECTIONS[part] ?? part.charAt(0)).join('');
  return `${area}${short}-az${zone.charCodeAt(zone.length - 1) - 96}`;
}
