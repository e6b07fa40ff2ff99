import type { Violation } from '../../../local/judge/observations.ts';
import type { MessageRecord } from '../history.ts';
import type { Evidence, RecordedOther, StoredOther, StoredSilence, Version } from './evidence.ts';
import { reasonOf } from './handed-over.ts';
import { regionsOf } from './messages.ts';
import { type Silenced, silencedFor } from './silenced.ts';

const PROMISE = 'machines are told of silences';

/** What machines are told of a silence. */
interface Document {
  readonly id: string;
  readonly news: string;
  readonly regions: readonly string[];
  readonly silence: { readonly id: string; readonly until: string; readonly select: string };
}

/** A message about a silence. */
interface Told {
  readonly message: MessageRecord;
  readonly document: Document;
}

/** Machines are told of each silence that began, changed or ended, by each region that notices: under the same id everywhere. */
export function silencesAreTold(evidence: Evidence): Violation[] {
  const { history, versions } = evidence;
  const told = history.messages.flatMap((message): Told[] =>
    message.attributes['kind'] === 'silence' ? [{ message, document: JSON.parse(message.body) as Document }] : [],
  );
  const all = [...versions.values()].flat();
  return [
    ...all.flatMap((version) => [...problemsOf(version, told, evidence)]),
    ...told.flatMap((each) => whatDiffers(each, evidence)),
    ...severalIds(told),
    ...needless(told, evidence),
  ].map((what) => ({ promise: PROMISE, what }));
}

function* problemsOf(version: Version, told: readonly Told[], { history }: Evidence): Generator<string> {
  const { previous, write, lookedAt, silences = [], others } = version;
  const { sweep, region } = write;
  const left = new Set(others.map(({ id }) => id));
  for (const { kind, id } of previous?.others ?? []) {
    if (kind !== 'silence' || left.has(id)) continue;
    const isTold = told.some(
      ({ message, document }) => document.id === id && document.regions.includes(region) && message.at <= write.at,
    );
    if (!isTold) yield `${sweep.id} forgets ${id} of ${region}, of which machines were not told.`;
  }
  if (previous?.lookedAt === lookedAt) return;
  const silenced = silencedFor(sweep, history);
  if (silenced?.isKnown === true) {
    const names = (list: readonly { readonly id: string; readonly until: number }[]): string =>
      list
        .map(({ id, until }) => `${id} until ${new Date(until).toISOString()}`)
        .sort()
        .join(', ') || 'none';
    const expected = names(silencesAbout(region, silenced, history.account));
    if (expected !== names(silences))
      yield `${sweep.id} knew ${names(silences)} in ${region}, and there is ${expected}.`;
  }
  for (const [news, { id }] of newsBetween(previous?.silences ?? [], silences)) {
    const isRecorded = others.some((each) => each.kind === 'silence' && each.news === news && each.silence?.id === id);
    if (!isRecorded) yield `${sweep.id} did not record in ${region} that ${id} ${news}.`;
  }
}

function silencesAbout(region: string, { silences }: Silenced, account: string): Silenced['silences'] {
  const is = (values: readonly string[], value: string): boolean =>
    values.some((each) => each === '*' || each === value);
  return silences.filter(({ select }) =>
    select.every(({ by, values }) => (by === 'region' ? is(values, region) : by !== 'account' || is(values, account))),
  );
}

function newsBetween(before: readonly StoredSilence[], now: readonly StoredSilence[]): [news: string, StoredSilence][] {
  const last = new Map(before.map((each) => [each.id, each]));
  const goOn = new Set(now.map(({ id }) => id));
  return [
    ...now.flatMap((each): [string, StoredSilence][] => {
      const old = last.get(each.id);
      if (old === undefined) return [['began', each]];
      return old.until === each.until && old.select === each.select ? [] : [['changed', each]];
    }),
    ...before.flatMap((each): [string, StoredSilence][] => (goOn.has(each.id) ? [] : [['ended', each]])),
  ];
}

/** Holds a message against what the regions recorded that it names. */
function whatDiffers({ message, document }: Told, { others }: Evidence): string[] {
  const { sweep, topic, at } = message;
  const isSame = ({ kind, id, news, silence }: StoredOther): boolean =>
    kind === 'silence' &&
    id === document.id &&
    news === document.news &&
    silence?.id === document.silence.id &&
    new Date(silence.until).toISOString() === document.silence.until &&
    silence.select === document.silence.select;
  const isRecorded = (region: string): boolean =>
    others.some((each) => each.version.write.region === region && each.version.write.at <= at && isSame(each));
  const wrong = document.regions.filter((region) => !isRecorded(region));
  return [
    ...(topic === 'Transitions' ? [] : [`${sweep.id} told ${topic} of ${document.silence.id}.`]),
    ...wrong.map((region) => `${sweep.id} told of ${document.id}, which is not recorded in ${region}.`),
  ];
}

/** One id for the same news everywhere, and for no other. */
function severalIds(told: readonly Told[]): string[] {
  const ids = new Map<string, string>();
  const texts = new Map<string, string>();
  return told.flatMap(({ message, document: { id, news, silence } }) => {
    const text = `${silence.id} ${news} ${silence.until} ${silence.select}`;
    const isOther = (ids.get(text) ?? id) !== id || (texts.get(id) ?? text) !== text;
    ids.set(text, id);
    texts.set(id, text);
    return isOther ? [`${message.sweep.id} told ${text} under ${id}, which is another id.`] : [];
  });
}

/** Each region that noticed is told of once, but for the reasons for which anything is told again. */
function needless(told: readonly Told[], { others, history }: Evidence): string[] {
  const last = new Map<string, MessageRecord>();
  return told.flatMap(({ message, document: { id, regions } }) =>
    regions.flatMap((region) => {
      const key = `${region} ${id}`;
      const before = last.get(key);
      last.set(key, message);
      if (before === undefined || isNewSince(before.at, message.at, region, id, others)) return [];
      const isExplained = reasonOf(before, message, history, [region, ...regionsOf(before)]) !== undefined;
      return isExplained
        ? []
        : [`${message.sweep.id} told of ${id} in ${region} again, though ${before.sweep.id} could note it.`];
    }),
  );
}

/** A silence that is taken for gone while S3 says so begins again. */
function isNewSince(
  after: number,
  before: number,
  region: string,
  id: string,
  others: readonly RecordedOther[],
): boolean {
  return others.some(
    ({ id: of, version: { write } }) => of === id && write.region === region && write.at > after && write.at <= before,
  );
}
