import type { HealthRecord } from './health.ts';
import type { InstanceRecord } from './instance.ts';
import type { InstanceQuery, QueryRules } from './instance-query.ts';
import { matchesWildcards } from './wildcards.ts';

/** The query of an answer about health. */
export interface StatusQuery extends InstanceQuery {
  /** Also those that are not running. */
  readonly includeAllInstances?: boolean | undefined;
}

/** The checks that can be filtered by. EC2 has no filter for `performance`. */
const CHECK_FILTERS: Readonly<Record<string, string>> = {
  'system-status.status': 'system',
  'instance-status.status': 'instance',
  'attached-ebs-status.status': 'attached-ebs',
  'application-status.status': 'application',
};

const FILTERS = ['availability-zone', 'event.code', 'instance-state-name', ...Object.keys(CHECK_FILTERS)];

/** What a {@link StatusQuery} may ask for. "DescribeInstanceStatus", EC2 API Reference. */
export const STATUS_RULES: QueryRules = {
  maxInstanceIds: 100,
  isFilter: (name) => FILTERS.includes(name),
  filters: FILTERS.join(', '),
};

/** Whether the instance, as shown, is in the answer. */
export function selectsStatus(
  { filters = [], instanceIds = [], includeAllInstances = false }: StatusQuery,
  instance: InstanceRecord,
  health: HealthRecord,
): boolean {
  if (!includeAllInstances && instance.state !== 'running') {
    return false;
  }
  if (instanceIds.length > 0 && !instanceIds.includes(instance.instanceId)) {
    return false;
  }
  return filters.every(({ name, values }) =>
    filtered(instance, health, name).some((actual) => values.some((value) => matchesWildcards(value, actual))),
  );
}

function filtered({ zone, state }: InstanceRecord, { checks, events }: HealthRecord, filter: string): string[] {
  if (filter === 'availability-zone') return [zone];
  if (filter === 'instance-state-name') return [state];
  if (filter === 'event.code') return events.map(({ code }) => code);
  const check = checks[CHECK_FILTERS[filter] ?? ''];
  return check === undefined ? [] : [check.status];
}
