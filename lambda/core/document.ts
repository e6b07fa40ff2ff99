import {
  MESSAGE_VERSION,
  type StayDocument,
  type TransitionDocument,
  type TransitionsDocument,
} from '../contract/message.ts';
import { consoleLink } from './console-link.ts';
import type { Instant } from './instance.ts';
import type { Stay, Transition } from './snapshot.ts';

/** A transition as the JSON for machines tells it. */
export function documentOf(transition: Transition, partition: string, region: string): TransitionDocument {
  const { instance, reason, settled, inOldState } = transition;
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
    inOldState: stayOf(inOldState),
    type: instance.type ?? null,
    zone: instance.zone ?? null,
    privateIp: instance.privateIp ?? null,
    launchTime: iso(instance.launchTime),
    ami: instance.ami ?? null,
    autoScalingGroup: instance.autoScalingGroup ?? null,
    group: instance.group ?? null,
    lifecycle: instance.lifecycle ?? null,
    consoleUrl: consoleLink(partition, region, instance.id) ?? null,
    settled:
      settled === undefined
        ? null
        : {
            from: settled.path[0] ?? transition.from,
            path: settled.path,
            cause: settled.cause,
            severity: settled.severity,
            inOldState: stayOf(settled.inFirstState),
          },
  };
}

/** The same without any text that a user or AWS wrote freely: what is left when SNS refuses the whole for good. */
export function bareDocumentOf(document: TransitionDocument): TransitionDocument {
  return { ...document, name: null, reason: null, autoScalingGroup: null, group: null };
}

/** The message for machines, as text. */
export function documentText(document: Omit<TransitionsDocument, 'version'>): string {
  const { transitions, ...head } = document;
  return JSON.stringify({ version: MESSAGE_VERSION, ...head, transitions } satisfies TransitionsDocument);
}

function stayOf(stay: Stay | undefined): StayDocument | null {
  return stay === undefined ? null : { seconds: Math.round(stay.ms / 1000), atLeast: stay.atLeast };
}

function iso(at: Instant): string {
  return new Date(at).toISOString();
}
