import { type Cause, NONE, type Severity } from '../../contract/message.ts';
import type { Settled } from '../known/announcement.ts';
import type { Instance, StateReason } from '../known/instance.ts';
import type { Instant } from '../known/scope.ts';
import { cloudTrailLink, consoleLink, instancesLink } from './console-link.ts';
import type { Group } from './group.ts';
import { counted, plain, spanText, timeInStateText } from './phrases.ts';
import type { Place } from './place.ts';

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
  readonly reason?: StateReason | undefined;
  readonly after?: Instant | undefined;
  readonly before: Instant;
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
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** Those of a group, at most {@link NAMED_AT_MOST}, in columns. Empty for one instance. */
  readonly named: readonly (readonly string[])[];
  /** How many more there are. */
  readonly more: number;
  /** What to look at next. */
  readonly links: readonly (readonly [name: string, address: string])[];
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

/** What people are told of happenings that belong together. */
export function newsOf(group: Group<Happening>, place: Place): News {
  return group.length === 1 ? newsOfOne(group[0], place) : newsOfMany(group, place);
}

function newsOfOne({ subject, settled, reason, severity, what, after, before }: Happening, place: Place): News {
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
    facts: known([
      ['Change', settled.path.map(plain).join(' -> ')],
      ['Reason', reason === undefined ? undefined : plain(reasonText(reason))],
      ['When', spanText(after ?? before, before, timezone)],
      [`Was ${from}`, from === NONE ? undefined : settled.inFirstState && timeInStateText(settled.inFirstState)],
      ['Type', subject.type],
      ['Zone', subject.zone],
      ['Private IP', subject.privateIp],
      ['Group', subject.autoScalingGroup],
      ['Lifecycle', subject.lifecycle],
      [groupTag ?? '', groupTag === undefined ? undefined : subject.group],
    ]),
    named: [],
    more: 0,
    links: known([
      ['Instance', consoleLink(partition, region, subject.id)],
      ['Who did it', cloudTrailLink(partition, region, subject.id)],
    ]),
    thread: `${account}/${region}/${subject.autoScalingGroup ?? subject.id}`,
  };
}

function newsOfMany(group: Group<Happening>, place: Place): News {
  const [first] = group;
  const { account, region, partition, timezone, groupTag } = place;
  const { autoScalingGroup } = first.subject;
  const scaled =
    autoScalingGroup !== undefined && group.every(({ subject }) => subject.autoScalingGroup === autoScalingGroup);
  const count = counted(group.length, 'instance');
  const who = scaled ? `${count} of ${plain(autoScalingGroup)}` : count;
  const earliest = group.reduce((least, { after, before }) => Math.min(least, after ?? before), first.before);
  const latest = group.reduce((most, { before }) => Math.max(most, before), first.before);
  return {
    severity: first.severity,
    who,
    whoInAscii: isPrintableAscii(who) ? who : count,
    whoExactly: who,
    what: `${first.what} in ${region}`,
    why: CAUSE_TEXTS[first.settled.cause],
    facts: known([
      ['When', spanText(earliest, latest, timezone)],
      [groupTag ?? '', groupTag === undefined ? undefined : first.subject.group],
    ]),
    named: group.slice(0, NAMED_AT_MOST).map(({ subject }) => rowOf(subject)),
    more: Math.max(0, group.length - NAMED_AT_MOST),
    links: known([['Instances', instancesLink(partition, region)]]),
    thread: `${account}/${region}/${scaled ? autoScalingGroup : `${first.generation}-${first.settled.path.at(-1)}`}`,
  };
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
