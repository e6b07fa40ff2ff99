import { type Cause, NONE, type Severity } from '../../contract/message.ts';
import type { Settled } from '../known/announcement.ts';
import type { Instance, StateReason } from '../known/instance.ts';
import type { Instant } from '../known/scope.ts';
import { cloudTrailLink, consoleLink, instancesLink, membersLink } from './console-link.ts';
import type { Group } from './group.ts';
import { accountText, counted, durationText, momentText, plain, timeInStateText, timesInStateText } from './phrases.ts';
import { type Place, runbookPage } from './place.ts';

/** How many instances of a group people are told by name. */
const NAMED_AT_MOST = 20;

/** What happened to one instance. Those of a group share everything that a sentence says about them. */
export interface Happening {
  readonly subject: Instance;
  readonly generation: number;
  readonly settled: Settled;
  readonly severity: Severity;
  /** `stopped`, `has been stopping for 20 min`. */
  readonly what: string;
  /** What the two moments are about: a change that happened between them, or something that began then and goes on. */
  readonly when: 'Happened' | 'Began';
  /** What to do about it, in a sentence or two. */
  readonly advice?: string | undefined;
  /** Heading of the runbook, with hyphens for spaces. */
  readonly page: string;
  readonly reason?: StateReason | undefined;
  readonly after?: Instant | undefined;
  readonly before: Instant;
}

/** An address in the console. */
interface Link {
  readonly name: string;
  readonly address: string;
  /** What to know before following it: a sentence without its full stop. */
  readonly note?: string | undefined;
}

/** What happened, in parts that a mail and a chat card put together each in its own way. Text of others is on one line. */
export interface News {
  readonly severity: Severity;
  /** The Name or the id of one instance; how many there are of several. */
  readonly who: string;
  /** The same in characters that every mail program shows in a subject. */
  readonly whoInAscii: string;
  /** The same with the id beside the Name. */
  readonly whoExactly: string;
  /** `stopped in eu-west-1`. */
  readonly what: string;
  /** `API call`. */
  readonly why: string;
  readonly advice?: string | undefined;
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** Those of a group, at most {@link NAMED_AT_MOST}, in columns. Empty for one instance. */
  readonly named: readonly (readonly string[])[];
  /** How many more there are. */
  readonly more: number;
  /** What to look at next. */
  readonly links: readonly Link[];
  /** Address of the runbook's page about this kind of news. */
  readonly runbook: string;
  /** The same for all news of one instance, of one Auto Scaling group, or of one storm. */
  readonly thread: string;
}

/** Every cause in the words of a sentence. */
const CAUSE_TEXTS: Readonly<Record<Cause, string>> = {
  'api-call': 'API call',
  'auto-scaling': 'Auto Scaling',
  'guest-os': 'shut down from its own operating system',
  hibernation: 'hibernation',
  'spot-interruption': 'spot interruption',
  'scheduled-retirement': 'scheduled retirement of the host',
  capacity: 'not enough capacity in the zone',
  'launch-failure': 'the launch failed',
  'internal-error': 'an internal error of EC2',
  unknown: 'unknown',
};

/** Causes that are a call of the API, which CloudTrail has recorded with its caller. */
const BY_API_CALL: ReadonlySet<Cause> = new Set(['api-call', 'hibernation']);

/**
 * "CloudTrail typically delivers logs within an average of about 5 minutes of an API call. This time is not guaranteed."
 * "Getting and viewing your CloudTrail log files", CloudTrail User Guide.
 */
const CLOUDTRAIL_NOTE = 'CloudTrail shows an API call about 5 minutes after it was made, sometimes later';

/** What people are told of happenings that belong together. */
export function newsOf(group: Group<Happening>, place: Place): News {
  return group.length === 1 ? newsOfOne(group[0], place) : newsOfMany(group, place);
}

function newsOfOne(happening: Happening, place: Place): News {
  const { subject, settled, reason, severity, what, when, advice, page, after, before } = happening;
  const { region, partition, account, timezone, groupTag } = place;
  const [from] = settled.path;
  const name = subject.name === undefined ? '' : plain(subject.name);
  return {
    severity,
    who: name === '' ? subject.id : name,
    whoInAscii: isPrintableAscii(name) && name === subject.name ? name : subject.id,
    whoExactly: name === '' ? subject.id : `${name} (${subject.id})`,
    what: `${what} in ${region}`,
    why: CAUSE_TEXTS[settled.cause],
    advice,
    facts: known([
      ['Change', settled.path.map(plain).join(' -> ')],
      ['Reason', reason === undefined ? undefined : plain(reasonText(reason))],
      [when, momentText(after, before, timezone)],
      [`Was ${from}`, from === NONE ? undefined : settled.inFirstState && timeInStateText(settled.inFirstState)],
      ['Stopped for', atMostText(settled.stoppedAtMost)],
      ['Account', accountText(place)],
      ['Type', subject.type],
      ['Zone', subject.zone],
      ['Private IP', subject.privateIp],
      ['Group', subject.autoScalingGroup],
      ['Lifecycle', subject.lifecycle],
      ['Managed by', subject.operator],
      [groupTag ?? '', groupTag === undefined ? undefined : subject.group],
    ]),
    named: [],
    more: 0,
    links: [
      ...linkTo('Instance', consoleLink(partition, region, subject.id)),
      ...(BY_API_CALL.has(settled.cause)
        ? linkTo('Who did it', cloudTrailLink(partition, region, subject.id), CLOUDTRAIL_NOTE)
        : []),
    ],
    runbook: runbookPage(place, page),
    thread: `${account}/${region}/${subject.autoScalingGroup ?? subject.id}`,
  };
}

function newsOfMany(group: Group<Happening>, place: Place): News {
  const [first] = group;
  const { account, region, timezone, groupTag } = place;
  const [from] = first.settled.path;
  const { autoScalingGroup, operator } = first.subject;
  const scaled =
    autoScalingGroup !== undefined && group.every(({ subject }) => subject.autoScalingGroup === autoScalingGroup);
  const count = counted(group.length, 'instance');
  const who = scaled ? `${count} of ${plain(autoScalingGroup)}` : count;
  const settled = group.map((happening) => happening.settled);
  const named = group.slice(0, NAMED_AT_MOST).map(({ subject }) => subject);
  // If one of them may have happened at any time, so may all.
  const earliest = group.reduce<Instant | undefined>(
    (least, { after }) => (least === undefined || after === undefined ? undefined : Math.min(least, after)),
    first.after,
  );
  const latest = group.reduce((most, { before }) => Math.max(most, before), first.before);
  return {
    severity: first.severity,
    who,
    whoInAscii: isPrintableAscii(who) ? who : count,
    whoExactly: who,
    what: `${first.what} in ${region}`,
    why: CAUSE_TEXTS[first.settled.cause],
    advice: first.advice,
    facts: known([
      [first.when, momentText(earliest, latest, timezone)],
      [`Were ${from}`, from === NONE ? undefined : timesInStateText(settled.map(({ inFirstState }) => inFirstState))],
      ['Stopped for', atMostText(longest(settled.map(({ stoppedAtMost }) => stoppedAtMost)))],
      ['Account', accountText(place)],
      ['Managed by', group.every(({ subject }) => subject.operator === operator) ? operator : undefined],
      [groupTag ?? '', groupTag === undefined ? undefined : first.subject.group],
    ]),
    named: named.map(rowOf),
    more: group.length - named.length,
    links: linkToAll(named, group.length, scaled ? autoScalingGroup : undefined, place),
    runbook: runbookPage(place, first.page),
    thread: `${account}/${region}/${scaled ? autoScalingGroup : `${first.generation}-${first.settled.path.at(-1)}`}`,
  };
}

/** A list of all ids would make an address that no mail program takes, so many instances are shown by their group, or in part. */
function linkToAll(
  named: readonly Instance[],
  count: number,
  autoScalingGroup: string | undefined,
  { partition, region }: Place,
): Link[] {
  if (count > named.length && autoScalingGroup !== undefined) {
    return linkTo('Group', membersLink(partition, region, autoScalingGroup));
  }
  const ids = named.map(({ id }) => id);
  return linkTo(count > ids.length ? `First ${ids.length}` : 'Instances', instancesLink(partition, region, ids));
}

function linkTo(name: string, address: string | undefined, note?: string): Link[] {
  return address === undefined ? [] : [{ name, address, note }];
}

function atMostText(ms: number | undefined): string | undefined {
  return ms ? `at most ${durationText(ms)}` : undefined;
}

/** The longest of several times. `undefined` if one of them is not known. */
function longest(times: readonly (number | undefined)[]): number | undefined {
  return times.reduce((most, ms) => (most === undefined || ms === undefined ? undefined : Math.max(most, ms)), 0);
}

function rowOf({ id, name = '', type = '', zone = '' }: Instance): string[] {
  return [id, plain(name), type, zone];
}

/** AWS's text begins with its code more often than not. */
function reasonText({ code = '', text = '' }: StateReason): string {
  return text.startsWith(code) ? text : [code, text].filter((part) => part !== '').join(': ');
}

function known(facts: readonly (readonly [name: string, value: string | undefined])[]): [string, string][] {
  return facts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, plain(value)]]));
}

function isPrintableAscii(text: string): boolean {
  return /^[ -~]+$/.test(text);
}
