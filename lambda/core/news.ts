import { type Cause, NONE, type Severity } from '../contract/message.ts';
import { cloudTrailLink, consoleLink, instancesLink } from './console-link.ts';
import type { Instance, StateReason } from './instance.ts';
import { counted, durationText, plain, spanText, stayText } from './phrases.ts';
import type { Journey, Transition } from './snapshot.ts';

/** How many instances of a group people are told by name. */
const NAMED_AT_MOST = 20;

/** A transition of which people are told: it ended in a settled state, or has been on its way to one for long. */
export type Told = Transition & { readonly settled: Journey };

/** What belongs into one message: at least one, and alike in the settled states they are between, cause and severity. */
export type Group<T> = readonly [T, ...T[]];

/** Where the instances of a message are, and for whom times are written. */
export interface Place {
  readonly account: string;
  readonly partition: string;
  readonly region: string;
  readonly timezone: string;
  /** Key of the tag by which the user groups. */
  readonly groupTag?: string;
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

/** What people are told of transitions that belong together. */
export function newsOf(group: Group<Told>, place: Place): News {
  return group.length === 1 ? newsOfOne(group[0], place) : newsOfMany(group, place);
}

function newsOfOne(told: Told, place: Place): News {
  const { instance, settled, reason } = told;
  const { region, partition, account } = place;
  const from = settled.path[0] ?? told.from;
  const name = instance.name === undefined ? '' : plain(instance.name);
  return {
    severity: told.stuck === undefined ? settled.severity : told.severity,
    who: name === '' ? instance.id : name,
    whoInAscii: isPrintableAscii(name) && name === instance.name ? name : instance.id,
    whoExactly: name === '' ? instance.id : `${name} (${instance.id})`,
    what: `${changeText(told)} in ${region}`,
    why: CAUSE_TEXTS[settled.cause],
    facts: known([
      ['Change', settled.path.map(plain).join(' -> ')],
      ['Reason', reason === undefined ? undefined : plain(reasonText(reason))],
      ['When', spanText(told.after ?? told.before, told.before, place.timezone)],
      [`Was ${from}`, from === NONE || settled.inFirstState === undefined ? undefined : stayText(settled.inFirstState)],
      ['Type', instance.type],
      ['Zone', instance.zone],
      ['Private IP', instance.privateIp],
      ['Group', instance.autoScalingGroup],
      ['Lifecycle', instance.lifecycle],
      [place.groupTag ?? '', place.groupTag === undefined ? undefined : instance.group],
    ]),
    named: [],
    more: 0,
    links: known([
      ['Instance', consoleLink(partition, region, instance.id)],
      ['Who did it', cloudTrailLink(partition, region, instance.id)],
    ]),
    thread: `${account}/${region}/${instance.autoScalingGroup ?? instance.id}`,
  };
}

function newsOfMany(group: Group<Told>, place: Place): News {
  const [first] = group;
  const { account, region, partition } = place;
  const groupName = first.instance.autoScalingGroup;
  const scaled = groupName !== undefined && group.every(({ instance }) => instance.autoScalingGroup === groupName);
  const count = counted(group.length, 'instance');
  const ofGroup = scaled ? `${count} of ${plain(groupName)}` : count;
  return {
    severity: first.stuck === undefined ? first.settled.severity : first.severity,
    who: ofGroup,
    whoInAscii: isPrintableAscii(ofGroup) ? ofGroup : count,
    whoExactly: ofGroup,
    what: `${changeText(first)} in ${region}`,
    why: CAUSE_TEXTS[first.settled.cause],
    facts: known([
      [
        'When',
        spanText(
          group.reduce((least, { after, before }) => Math.min(least, after ?? before), first.before),
          group.reduce((most, { before }) => Math.max(most, before), first.before),
          place.timezone,
        ),
      ],
      [place.groupTag ?? '', place.groupTag === undefined ? undefined : first.instance.group],
    ]),
    named: group.slice(0, NAMED_AT_MOST).map(({ instance }) => rowOf(instance)),
    more: Math.max(0, group.length - NAMED_AT_MOST),
    links: known([['Instances', instancesLink(partition, region)]]),
    thread: `${account}/${region}/${scaled ? groupName : `${first.generation}-${first.to}`}`,
  };
}

function rowOf({ id, name = '', type = '', zone = '' }: Instance): string[] {
  return [id, plain(name), type, zone];
}

/** AWS's text begins with its code more often than not. */
function reasonText({ code = '', text = '' }: StateReason): string {
  return text.startsWith(code) ? text : [code, text].filter((part) => part !== '').join(': ');
}

/** What happened between two settled states, as a verb. */
function changeText({ settled: { path }, to, stuck }: Told): string {
  if (stuck !== undefined) return `has been ${plain(to)} for ${durationText(stuck.ms)}`;
  const [from] = path;
  if (to === 'running') {
    if (from === NONE) return 'launched';
    return from === 'running' && path.includes('stopped') ? 'restarted' : 'started';
  }
  if (to === 'stopped' || to === 'terminated') return to;
  return `became ${plain(to)}`;
}

function known(facts: readonly (readonly [name: string, value: string | undefined])[]): [string, string][] {
  return facts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, plain(value)]]));
}

function isPrintableAscii(text: string): boolean {
  return /^[ -~]+$/.test(text);
}
