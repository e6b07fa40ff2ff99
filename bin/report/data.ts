import type { TransitionDocument, TransitionsDocument } from '../../lambda/contract/message.ts';
import type { Verdict } from '../../local/judge/run-verdict.ts';
import type { PublishedMessage } from '../../local/model/topics.ts';
import { readSeries, type Series, type Source } from './series.ts';

/** Something that really happened, as the audience is told. */
export interface Happening {
  /** ms since epoch. */
  readonly at: number;
  readonly title: string;
}

/** A message for people. */
export interface Mail {
  readonly at: number;
  /** `info` where the message has none. */
  readonly severity: string;
  readonly subject: string;
  readonly body: string;
}

/** A message for machines, in short. */
export interface MachineDocument {
  readonly at: number;
  readonly severity: string;
  readonly region: string;
  readonly from: string;
  readonly to: string;
  readonly cause: string;
  /** How many transitions it holds. */
  readonly transitions: number;
  readonly bytes: number;
  /** The first of its transitions, which shows what all look like. */
  readonly first: TransitionDocument | undefined;
}

/** What was played. */
export interface Settings {
  readonly instances: number;
  readonly regions: readonly string[];
  readonly sweeps: number;
  readonly seed: number;
}

/** A run of the simulation, once it is over. */
export interface Run extends Source {
  readonly settings: Settings;
  readonly happenings: readonly Happening[];
  /** Of every topic, in the order in which they were published. */
  readonly messages: readonly PublishedMessage[];
  readonly verdict: Verdict;
  /** How many sweeps ended in an error. */
  readonly failures: number;
}

/** Everything that stands on the page. */
export interface ReportData {
  readonly settings: Settings;
  readonly series: Series;
  readonly happenings: readonly Happening[];
  readonly mails: readonly Mail[];
  readonly documents: readonly MachineDocument[];
  readonly verdict: Verdict;
  readonly failures: number;
}

/** From a run to what stands on its page. Two runs of one seed differ in the durations of sweeps only. */
export function reportOn({ settings, happenings, messages, verdict, failures, ...source }: Run): ReportData {
  // Regions are swept side by side, and who comes first is chance. Within a region the order stays.
  const ordered = messages.toSorted((one, other) => one.at - other.at || compare(regionOf(one), regionOf(other)));
  return {
    settings,
    series: readSeries(source),
    happenings: happenings.toSorted((one, other) => one.at - other.at),
    mails: ordered.flatMap((message) => (message.subject === null ? [] : [mail(message, message.subject)])),
    documents: ordered.flatMap((message) => (message.subject === null ? [document(message)] : [])),
    verdict,
    failures,
  };
}

function mail({ at, message, attributes }: PublishedMessage, subject: string): Mail {
  return { at, severity: attributes['severity']?.value ?? 'info', subject, body: message.trimEnd() };
}

function document({ at, message }: PublishedMessage): MachineDocument {
  const { severity, region, from, to, cause, transitions }: TransitionsDocument = JSON.parse(message);
  return {
    at,
    severity,
    region,
    from,
    to,
    cause,
    transitions: transitions.length,
    bytes: Buffer.byteLength(message),
    first: transitions[0],
  };
}

function regionOf({ attributes }: PublishedMessage): string {
  return attributes['region']?.value ?? '';
}

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
