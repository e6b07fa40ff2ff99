import type { InstanceDocument, StayDocument, TransitionDocument } from '../../contract/message.ts';
import type { TransitionAnnouncement } from '../known/announcement.ts';
import type { TimeInState } from '../known/fact.ts';
import type { Instance } from '../known/instance.ts';
import type { Instant } from '../known/scope.ts';
import { consoleLink } from './console-link.ts';
import type { Place } from './place.ts';

/** A transition as the JSON for machines tells it. */
export function documentOf(
  transition: Omit<TransitionAnnouncement, 'kind' | 'owed'>,
  place: Pick<Place, 'partition' | 'region'>,
): TransitionDocument {
  const { subject: instance, reason, settled, inOldState } = transition;
  return {
    id: transition.id,
    sequence: transition.sequence,
    instance: instance.id,
    name: instance.name ?? null,
    from: transition.from,
    to: transition.to,
    inferred: transition.inferred,
    cause: transition.cause,
    severity: transition.severity,
    reason: reason === undefined ? null : { code: reason.code ?? null, text: reason.text ?? null },
    window: { after: transition.after === undefined ? null : iso(transition.after), before: iso(transition.before) },
    inOldState: timeInStateOf(inOldState),
    ...aboutInstance(instance, place),
    group: instance.group ?? null,
    settled:
      settled === undefined
        ? null
        : {
            from: settled.path[0],
            path: settled.path,
            cause: settled.cause,
            severity: settled.severity,
            inOldState: timeInStateOf(settled.inFirstState),
          },
  };
}

/** What every document about an instance says of it, besides id, name and state. */
export function aboutInstance(
  instance: Instance,
  { partition, region }: Pick<Place, 'partition' | 'region'>,
): Omit<InstanceDocument, 'id' | 'name' | 'state'> {
  return {
    type: instance.type ?? null,
    zone: instance.zone ?? null,
    privateIp: instance.privateIp ?? null,
    launchTime: iso(instance.launchTime),
    ami: instance.ami ?? null,
    autoScalingGroup: instance.autoScalingGroup ?? null,
    lifecycle: instance.lifecycle ?? null,
    operator: instance.operator ?? null,
    consoleUrl: consoleLink(partition, region, instance.id) ?? null,
  };
}

function timeInStateOf(time: TimeInState | undefined): StayDocument | null {
  return time === undefined ? null : { seconds: Math.round(time.ms / 1000), atLeast: time.atLeast };
}

/** A moment as ISO 8601 in UTC. */
export function iso(at: Instant): string {
  return new Date(at).toISOString();
}
