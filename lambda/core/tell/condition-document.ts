import { type ConditionDocument, type ConditionStatus, MESSAGE_VERSION } from '../../contract/message.ts';
import type { ConditionAnnouncement } from '../known/announcement.ts';
import { conditionName } from '../known/condition.ts';
import { aboutInstance, iso } from './document.ts';
import type { Place } from './place.ts';

/** Whether the condition goes on after this news. */
export function statusOf({ news }: Pick<ConditionAnnouncement, 'news'>): ConditionStatus {
  return news === 'closed' ? 'closed' : 'open';
}

/** How long a condition can have been open at most, in milliseconds. */
export function openAtMost({ began, before }: Pick<ConditionAnnouncement, 'began' | 'before'>): number {
  return Math.max(0, before - (began.after ?? began.before));
}

/** A condition as the JSON for machines tells it. */
export function conditionDocument(
  announcement: Omit<ConditionAnnouncement, 'owed'>,
  place: Pick<Place, 'account' | 'partition' | 'region'>,
): ConditionDocument {
  const { condition, subject, began, why, after, before } = announcement;
  return {
    version: MESSAGE_VERSION,
    kind: 'condition',
    account: place.account,
    region: place.region,
    generation: announcement.generation,
    id: announcement.id,
    incident: announcement.incident,
    status: statusOf(announcement),
    news: announcement.news,
    condition: conditionName(condition),
    type: condition.type,
    of: condition.of,
    severity: announcement.severity,
    group: subject.group ?? null,
    began: { after: isoOrNull(began.after), before: iso(began.before) },
    ended:
      why === undefined
        ? null
        : {
            after: isoOrNull(after),
            before: iso(before),
            why,
            seconds: Math.round(openAtMost(announcement) / 1000),
          },
    event:
      condition.type === 'event'
        ? {
            id: condition.id,
            description: condition.description,
            notBefore: isoOrNull(condition.notBefore),
            notAfter: isoOrNull(condition.notAfter),
            deadline: isoOrNull(condition.deadline),
          }
        : null,
    remediation: condition.type === 'impaired' ? (condition.remediation ?? null) : null,
    instance: { id: subject.id, name: subject.name ?? null, state: subject.state, ...aboutInstance(subject, place) },
  };
}

function isoOrNull(at: number | undefined): string | null {
  return at === undefined ? null : iso(at);
}
