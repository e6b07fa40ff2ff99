import type { Instance } from './instance.ts';

/** Tags leave a terminated instance before it leaves the listing, and an answer may lack them now and then: the last known stay. */
export function withLastKnownTags(seen: Instance, last: Instance): Instance {
  if (hasTags(seen) || !hasTags(last)) return seen;
  const { name, autoScalingGroup, group } = last;
  return {
    ...seen,
    ...(name === undefined ? {} : { name }),
    ...(autoScalingGroup === undefined ? {} : { autoScalingGroup }),
    ...(group === undefined ? {} : { group }),
  };
}

function hasTags({ name, autoScalingGroup, group }: Instance): boolean {
  return name !== undefined || autoScalingGroup !== undefined || group !== undefined;
}

/** Whether a listing says nothing new of an instance. */
export function isSame(a: Instance, b: Instance): boolean {
  return (
    a.state === b.state &&
    a.launchTime === b.launchTime &&
    a.name === b.name &&
    a.type === b.type &&
    a.zone === b.zone &&
    a.privateIp === b.privateIp &&
    a.ami === b.ami &&
    a.autoScalingGroup === b.autoScalingGroup &&
    a.group === b.group &&
    a.lifecycle === b.lifecycle &&
    a.reason?.code === b.reason?.code &&
    a.reason?.text === b.reason?.text &&
    a.reason?.at === b.reason?.at
  );
}
