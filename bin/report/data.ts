import type {
  ConditionDocument,
  MemberDocument,
  SilenceDocument,
  TransitionsDocument,
} from '../../lambda/contract/message.ts';
import type { AnnouncementDelay } from '../../local/judge/announcement-delays.ts';
import type { Verdict } from '../../local/judge/run-verdict.ts';
import type { PublishedMessage } from '../../local/model/topics.ts';
import type { LocalOptions } from '../local-options.ts';
import { readSeries, type Source } from './series.ts';

/** Something that really happened, as the audience is told. */
export interface StoryEvent {
  /** ms since epoch. */
  readonly at: number;
  readonly title: string;
}

/** A message that people got. */
export interface SentMail {
  readonly at: number;
  /** `info` where the message has none. */
  readonly severity: string;
  readonly subject: string;
  readonly body: string;
}

/** A message that machines got. */
export type SentDocument = (TransitionsDocument | ConditionDocument | SilenceDocument | MemberDocument) & {
  readonly at: number;
  readonly bytes: number;
};

/** A run of the simulation, once it is over. */
export interface Run extends Source {
  readonly settings: Pick<LocalOptions, 'instances' | 'regions' | 'sweeps' | 'seed'>;
  readonly events: readonly StoryEvent[];
  /** Of every topic, in the order in which they were published. */
  readonly messages: readonly PublishedMessage[];
  readonly verdict: Verdict;
  /** How many hints reached the function, and how often it looked because of them. */
  readonly hints: { readonly received: number; readonly looks: number };
  /** Of every transition. */
  readonly delays: readonly AnnouncementDelay[];
  /** How many invocations ended in an error. */
  readonly failures: number;
}

/** Everything that stands on the page. */
export type ReportData = ReturnType<typeof reportOn>;

/** From a run to what stands on its page. Two runs of one seed differ in ids and in how long the function takes. */
export function reportOn({ settings, events, messages, verdict, hints, delays, failures, ...source }: Run) {
  // Regions are swept side by side, and who comes first is chance. Within a region the order stays.
  const regionOf = ({ attributes }: PublishedMessage) => attributes['region']?.value ?? '';
  const ordered = messages.toSorted(
    (one, other) => one.at - other.at || regionOf(one).localeCompare(regionOf(other), 'en'),
  );
  return {
    settings,
    series: readSeries(source),
    alarms: source.alarms,
    events: events.toSorted((one, other) => one.at - other.at),
    mails: ordered.flatMap((message) => mailOf(message) ?? []),
    documents: ordered.flatMap((message) => documentOf(message) ?? []),
    verdict,
    hints,
    delays: {
      home: { region: source.region, ms: median(delays.filter(({ region }) => region === source.region)) },
      elsewhere: { ms: median(delays.filter(({ region }) => region !== source.region)) },
    },
    failures,
  };
}

/** Half of the delays are at most as long. `undefined`: there are none. */
function median(delays: readonly AnnouncementDelay[]): number | undefined {
  const sorted = delays.map(({ ms }) => ms).sort((one, other) => one - other);
  return sorted[Math.ceil(sorted.length / 2) - 1];
}

/** A message as a mail; `undefined` for one to machines. */
export function mailOf({ at, message, subject, attributes }: PublishedMessage): SentMail | undefined {
  if (subject === null) return undefined;
  const { type, value = 'info' } = attributes['severity'] ?? {};
  // A digest lists those of everything inside; its subject has the highest.
  const severity = type === 'String.Array' ? (/^\[(\w+)\]/.exec(subject)?.[1] ?? 'info') : value;
  return { at, severity, subject, body: message.trimEnd() };
}

/** A message as a document; `undefined` for one to people. */
export function documentOf({ at, message, subject }: PublishedMessage): SentDocument | undefined {
  return subject === null ? { ...JSON.parse(message), at, bytes: Buffer.byteLength(message) } : undefined;
}
