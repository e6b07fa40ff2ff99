import type { Instance } from './instance.ts';

/** Tags leave a terminated instance before it leaves the listing, and an answer may lack them now and then: the last known stay. */
export function withLastKnownTags(seen: Instance, last: Instance): Instance {
  if (!seen.untagged || last.untagged) return seen;
  const { name, autoScalingGroup, group } = last;
  const { untagged: _, ...facts } = seen;
  return {
    ...facts,
    ...(name === undefined ? {} : { name }),
    ...(autoScalingGroup === undefined ? {} : { autoScalingGroup }),
    ...(group === undefined ? {} : { group }),
  };
}

/** Whether a listing says nothing new of an instance. */
export function isSame(a: Instance, b: Instance): boolean {
  return (
    a.state === b.state &&
    a.launchTime === b.launchTime &&
    a.untagged === b.untagged &&
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
