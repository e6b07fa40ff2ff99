import type { TransitionsDocument } from '../../lambda/contract/message.ts';
import type { Verdict } from '../../local/judge/run-verdict.ts';
import type { PublishedMessage } from '../../local/model/topics.ts';
import { type RunSeries, readSeries, type Source } from './series.ts';

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
export interface SentDocument extends TransitionsDocument {
  readonly at: number;
  readonly bytes: number;
}

/** What was played. */
export interface RunSettings {
  readonly instances: number;
  readonly regions: readonly string[];
  readonly sweeps: number;
  readonly seed: number;
}

/** A run of the simulation, once it is over. */
export interface Run extends Source {
  readonly settings: RunSettings;
  readonly events: readonly StoryEvent[];
  /** Of every topic, in the order in which they were published. */
  readonly messages: readonly PublishedMessage[];
  readonly verdict: Verdict;
  /** How many sweeps ended in an error. */
  readonly failures: number;
}

/** Everything that stands on the page. */
export interface ReportData extends Pick<Run, 'settings' | 'events' | 'verdict' | 'failures'> {
  readonly series: RunSeries;
  readonly mails: readonly SentMail[];
  readonly documents: readonly SentDocument[];
}

/** From a run to what stands on its page. Two runs of one seed differ in the durations of sweeps only. */
export function reportOn({ settings, events, messages, verdict, failures, ...source }: Run): ReportData {
  // Regions are swept side by side, and who comes first is chance. Within a region the order stays.
  const ordered = messages.toSorted((one, other) => one.at - other.at || compare(regionOf(one), regionOf(other)));
  return {
    settings,
    series: readSeries(source),
    events: events.toSorted((one, other) => one.at - other.at),
    mails: ordered.flatMap((message) => mailOf(message) ?? []),
    documents: ordered.flatMap((message) => documentOf(message) ?? []),
    verdict,
    failures,
  };
}

/** A message as a mail; `undefined` for one to machines. */
export function mailOf({ at, message, subject, attributes }: PublishedMessage): SentMail | undefined {
  if (subject === null) return undefined;
  return { at, severity: attributes['severity']?.value ?? 'info', subject, body: message.trimEnd() };
}

/** A message as a document; `undefined` for one to people. */
export function documentOf({ at, message, subject }: PublishedMessage): SentDocument | undefined {
  return subject === null ? { ...JSON.parse(message), at, bytes: Buffer.byteLength(message) } : undefined;
}

function regionOf({ attributes }: PublishedMessage): string {
  return attributes['region']?.value ?? '';
}

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
