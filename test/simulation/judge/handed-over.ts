import type { Reader } from '../../../lambda/contract/topics.ts';
import { grouped, named, type Violation } from '../../../local/judge/observations.ts';
import { faultsOf } from '../../contract/schema.ts';
import type { History, MessageRecord, SweepRecord } from '../history.ts';
import { deliveryKey, type Evidence, type Recorded, type RecordedOther } from './evidence.ts';
import { regionsOf } from './messages.ts';
import { heldAtTheEnd, heldIn, versionsAround } from './silenced.ts';

/** Why a transition was handed over again. */
export type DuplicateReason = 'killed' | 'answer lost' | 'overlap' | 'could not note';

/** What came of holding the messages against what was recorded. */
export interface HandOver {
  readonly violations: readonly Violation[];
  /** Hand-overs beyond the first, by why they had to be. */
  readonly duplicates: ReadonlyMap<DuplicateReason, number>;
}

const TOPICS: readonly Reader[] = ['Transitions', 'Alerts', 'Chat'];

interface Document {
  readonly id: string;
  readonly sequence: number;
  readonly instance: string;
  readonly from: string;
  readonly to: string;
  readonly cause: string;
  readonly severity: string;
}

/** At least once, in order per instance, with the same id when it is sent again, and twice in the documented window only. */
export function handedOver(evidence: Evidence): HandOver {
  const duplicates = new Map<DuplicateReason, number>();
  return {
    violations: [
      ...notTold(evidence),
      ...recordedTwice(evidence),
      ...documentsThatDiffer(evidence),
      ...outOfOrder(evidence),
      ...needlessDuplicates(evidence, duplicates),
      ...needlessBaselines(evidence),
    ],
    duplicates,
  };
}

function notTold(evidence: Evidence): Violation[] {
  const { recorded, deliveries } = evidence;
  const waiting = heldAtTheEnd(evidence);
  return recorded.flatMap((transition) =>
    transition.owed.flatMap((topic) =>
      deliveries.has(deliveryKey(topic, transition.id)) || (topic !== 'Transitions' && waiting.has(transition.id))
        ? []
        : [{ promise: 'at least once', what: `${named(transition)} was recorded and never handed to ${topic}.` }],
    ),
  );
}

function recordedTwice({ recorded, byId }: Evidence): Violation[] {
  return recorded.flatMap((transition) =>
    byId.get(transition.id) === transition
      ? []
      : [{ promise: 'recognisable', what: `${named(transition)} was recorded again under an id that was taken.` }],
  );
}

/** Holds what machines were told against what is recorded under the same id. */
function documentsThatDiffer({ history, byId, others }: Evidence): Violation[] {
  const violations: Violation[] = [];
  const firsts = new Map([...others].reverse().map(({ id, version }) => [id, version]));
  for (const { topic, body, attributes, at, sweep, covers } of history.messages) {
    // What a baseline is about is no transition.
    for (const id of attributes['kind'] === 'baseline' ? [] : covers) {
      const version = byId.get(id)?.version ?? firsts.get(id);
      if (version === undefined || version.write.at > at) {
        violations.push({
          promise: 'recognisable',
          what: `${sweep.id} told ${topic} of ${id}, which was not recorded.`,
        });
      }
    }
    if (topic !== 'Transitions') continue;
    const message = JSON.parse(body);
    // It has a judge of its own: silences-are-told.ts.
    if (message.kind === 'silence') continue;
    for (const fault of faultsOf(message)) {
      violations.push({ promise: 'as the published schema says', what: `${sweep.id} told machines: ${fault}.` });
    }
    if (message.kind === 'condition') {
      violations.push(...conditionThatDiffers(message, attributes, byId));
      continue;
    }
    const { transitions } = message as { transitions: readonly Document[] };
    for (const document of transitions) {
      const transition = byId.get(document.id);
      if (transition === undefined || !isSame(document, transition)) {
        violations.push({
          promise: 'recognisable',
          what: `${sweep.id} told of ${document.instance} ${document.from} -> ${document.to} under ${document.id}, which is ${transition === undefined ? 'not recorded' : named(transition)}.`,
        });
      }
      for (const name of ['from', 'to', 'cause', 'severity'] as const) {
        if (document[name] === attributes[name]) continue;
        violations.push({
          promise: 'attributes are true of every transition inside',
          what: `${document.id} has ${name} ${document[name]} in a message with ${attributes[name]}.`,
        });
      }
    }
  }
  return violations;
}

/** The document about a condition, as far as it is held against what is recorded. */
interface ConditionDocument {
  readonly id: string;
  readonly incident: string;
  readonly status: string;
  readonly news: string;
  readonly condition: string;
  readonly severity: string;
  readonly instance: { readonly id: string };
}

function* conditionThatDiffers(
  document: ConditionDocument,
  attributes: MessageRecord['attributes'],
  byId: Evidence['byId'],
): Generator<Violation> {
  const recorded = byId.get(document.id);
  const { condition } = recorded ?? {};
  const isSameCondition =
    recorded?.instance.id === document.instance.id &&
    condition?.incident === document.incident &&
    condition.news === document.news &&
    `${condition.type}:${condition.of}` === document.condition;
  if (!isSameCondition) {
    yield { promise: 'recognisable', what: `${document.id} is told as ${document.news} ${document.condition}.` };
  }
  for (const name of ['incident', 'status', 'condition', 'severity'] as const) {
    if (document[name] === attributes[name]) continue;
    yield {
      promise: 'attributes are true of every transition inside',
      what: `${document.id} has ${name} ${document[name]} in a message with ${attributes[name]}.`,
    };
  }
}

function isSame(document: Document, { instance, from, to, sequence }: Recorded): boolean {
  return (
    document.instance === instance.id && document.from === from && document.to === to && document.sequence === sequence
  );
}

/** The first hand-overs to each topic, per instance, come in the order in which the transitions were recorded. */
function outOfOrder(evidence: Evidence): Violation[] {
  const { recorded, deliveries, history } = evidence;
  const violations: Violation[] = [];
  const place = new Map(history.messages.map((message, index) => [message, index]));
  for (const topic of TOPICS) {
    const last = new Map<string, { readonly place: number; readonly transition: Recorded }>();
    for (const transition of recorded) {
      const first = deliveries.get(deliveryKey(topic, transition.id))?.[0];
      if (first === undefined) continue;
      // Two conditions of one instance are no matter of one another.
      const about = `${transition.instance.id} ${transition.condition?.incident ?? ''}`;
      const before = last.get(about);
      const at = place.get(first) ?? 0;
      // One message may tell of two: its own order is that of the document, which is the order of recording.
      if (before !== undefined && at < before.place) {
        // What a silence does not select need not wait for what it goes on to hold.
        if (topic !== 'Transitions' && isHeldMeanwhile(before.transition, first, evidence)) continue;
        violations.push({
          promise: 'in order per instance',
          what: `${topic} was told of ${named(transition)} before ${named(before.transition)}.`,
        });
      }
      last.set(about, { place: at, transition });
    }
  }
  return violations;
}

/** Whether something still has to wait when a message is sent. */
function isHeldMeanwhile(transition: Recorded, { sweep, at }: MessageRecord, { history, versions }: Evidence): boolean {
  const around = versionsAround(versions.get(transition.region) ?? [], sweep, at);
  return around.some((version) => heldIn(version, sweep, history).has(transition.id));
}

function needlessDuplicates(
  { deliveries, byId, others, history }: Evidence,
  counts: Map<DuplicateReason, number>,
): Violation[] {
  const violations: Violation[] = [];
  for (const [key, messages] of deliveries) {
    for (const [index, again] of messages.entries()) {
      const before = messages[index - 1];
      if (before === undefined) continue;
      const isAnother = (each: RecordedOther): boolean =>
        each.version.write.at > before.at && each.version.write.at <= again.at;
      // A tag that is set again may say the same: it is told once more.
      if (others.some((each) => each.kind === 'unread-silence' && key.endsWith(` ${each.id}`) && isAnother(each)))
        continue;
      const reason = reasonOf(before, again, history);
      if (reason !== undefined) {
        counts.set(reason, (counts.get(reason) ?? 0) + 1);
        continue;
      }
      const transition = byId.get(key.split(' ')[1] ?? '');
      violations.push({
        promise: 'twice in the documented window only',
        what: `${again.sweep.id} told ${again.topic} of ${transition === undefined ? key : named(transition)} again, though ${before.sweep.id} had told and could note it.`,
      });
    }
  }
  return violations;
}

/** People are told once that a region is watched, but for the same reasons. */
function needlessBaselines({ history, versions }: Evidence): Violation[] {
  const begun = [...versions.values()].flatMap((all) =>
    all.flatMap(({ baselineAt, previous, write }) => (previous?.baselineAt === baselineAt ? [] : [write.at])),
  );
  const violations: Violation[] = [];
  const baselines = history.messages.filter(({ attributes }) => attributes['kind'] === 'baseline');
  const alike = grouped(baselines, ({ topic, attributes }) => `${topic} ${attributes['region']}`);
  for (const [about, told] of alike) {
    for (const [index, again] of told.entries()) {
      const before = told[index - 1];
      if (before === undefined || begun.some((at) => at > before.sweep.startedAt && at <= again.at)) continue;
      const unnoted = before.sweep.calls.some(
        ({ operation, at, result }) => operation === 'PutObject' && at >= before.at && result !== 'ok',
      );
      if (unnoted || reasonOf(before, again, history) !== undefined) continue;
      violations.push({
        promise: 'twice in the documented window only',
        what: `${again.sweep.id} told ${about} again that the monitor began to watch, after ${before.sweep.id} had.`,
      });
    }
  }
  return violations;
}

/** Why the one who told before could not prevent that it is told again. */
export function reasonOf(
  before: MessageRecord,
  again: MessageRecord,
  { sweeps }: History,
  regions: readonly string[] = regionsOf(before),
): DuplicateReason | undefined {
  const { sweep, at } = before;
  // What is told over all regions names them all.
  const scopes = [...regions, regions.join()];
  const calls = sweep.calls.filter(({ scope = '' }) => scopes.includes(scope));
  const lost = calls.some(({ operation, done, result }) => operation === 'Publish' && done && result !== 'ok');
  if (lost) return 'answer lost';
  const isSame = sweep === again.sweep;
  if (!isSame && sweep.end === 'killed') return 'killed';
  if (!isSame && overlap(sweep, again.sweep)) return 'overlap';
  // A sweep tells a scope once. Hints may lead to several looks at it.
  const unnoted = calls.some(
    ({ operation, at: when, result }) => operation === 'PutObject' && when >= at && when <= again.at && result !== 'ok',
  );
  if (!unnoted) return undefined;
  return sweeps.some((other) => other !== sweep && overlap(other, sweep)) ? 'overlap' : 'could not note';
}

/** Whether two sweeps ran at the same time. */
export function overlap(one: SweepRecord, other: SweepRecord): boolean {
  const endOf = ({ endedAt }: SweepRecord): number => endedAt ?? Number.POSITIVE_INFINITY;
  return one.startedAt <= endOf(other) && other.startedAt <= endOf(one);
}
