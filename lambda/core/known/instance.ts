import type { Instant } from './scope.ts';

/** Why EC2 says that an instance is in its state. An old reason stays after the next start: see `compare/cause.ts`. */
export interface StateReason {
  /** `StateReason.Code`, for instance `Client.UserInitiatedShutdown`. */
  readonly code?: string | undefined;
  /** `StateReason.Message`, or `StateTransitionReason` if there is no message. */
  readonly text?: string | undefined;
  /** The date inside `StateTransitionReason`, if it has one. */
  readonly at?: Instant | undefined;
}

/** What one listing says about one instance: the part that transitions, census and messages need. */
export interface Instance {
  readonly id: string;
  /** `running`, …: any text, since EC2 may invent states. */
  readonly state: string;
  /** Changes at every start, never at a reboot ("Instance", EC2 API Reference). */
  readonly launchTime: Instant;
  readonly reason?: StateReason | undefined;
  /** The answer had no tags. Either there are none, or EC2 left them out of this answer. */
  readonly untagged?: true | undefined;
  /** The Name tag. */
  readonly name?: string | undefined;
  readonly autoScalingGroup?: string | undefined;
  /** Value of the tag by which the user groups. */
  readonly group?: string | undefined;
  /** The tags that silences select by, and the tag that is a silence. Absent: it has none of them. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly type?: string | undefined;
  readonly zone?: string | undefined;
  readonly privateIp?: string | undefined;
  readonly ami?: string | undefined;
  /** `spot`, `scheduled`, `capacity-block`; absent for on-demand. */
  readonly lifecycle?: string | undefined;
  /** The AWS service that manages the instance, such as `eks.amazonaws.com`, or `unknown`; absent if nobody but the user does. */
  readonly operator?: string | undefined;
}

/**
 * The instance as seen now, with the last known tags if the answer had none. A terminated instance loses its tags before it
 * leaves the listing, and any answer may lack them.
 */
export function withLastKnownTags(seen: Instance, last: Instance): Instance {
  if (!seen.untagged || last.untagged) return seen;
  const { untagged: _, ...facts } = seen;
  return { ...facts, name: last.name, autoScalingGroup: last.autoScalingGroup, group: last.group, tags: last.tags };
}

/** Whether two listings say the same about an instance. */
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
    a.operator === b.operator &&
    isSameReason(a.reason, b.reason) &&
    areSameTags(a.tags, b.tags)
  );
}

type Tags = Instance['tags'];

function areSameTags(a: Tags, b: Tags): boolean {
  if (a === undefined || b === undefined) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** Whether EC2 gives the same reason. */
export function isSameReason(a: StateReason | undefined, b: StateReason | undefined): boolean {
  return a?.code === b?.code && a?.text === b?.text && a?.at === b?.at;
}
