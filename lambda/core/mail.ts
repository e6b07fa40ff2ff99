import { type Cause, NONE, SUBJECT_LIMIT } from '../contract/message.ts';
import { consoleLink } from './console-link.ts';
import type { Instance, Instant, StateReason } from './instance.ts';
import type { Journey, Stay, Transition } from './snapshot.ts';

/** How many instances of a group a mail names. */
export const NAMED_AT_MOST = 20;

/** A text for people, with its subject. */
export interface Mail {
  /** One line of printable ASCII, at most 99 characters. */
  readonly subject: string;
  readonly body: string;
}

/** A transition that ended in a settled state. */
export type Settled = Transition & { readonly settled: Journey };

/** Where the instances of a mail are. */
export interface Place {
  readonly partition: string;
  readonly region: string;
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

/** What people are told of transitions that share the settled states they are between, cause and severity. At least one. */
export function mailOf(group: readonly [Settled, ...Settled[]], place: Place): Mail {
  return group.length === 1 ? mailOfOne(group[0], place) : mailOfMany(group, place);
}

/** What people are told when the monitor begins to watch. */
export function mailOfBaseline(scopes: readonly { readonly region: string; readonly instances: number }[]): Mail {
  const total = scopes.reduce((sum, { instances }) => sum + instances, 0);
  const where = scopes.length === 1 ? `in ${scopes[0]?.region}` : `in ${scopes.length} regions`;
  const headline = `Watching ${counted(total, 'instance')} ${where}`;
  return {
    subject: subject(`[info] ${headline}`),
    body: lines(
      `${headline}. From now on you hear of every change of state.`,
      '',
      ...aligned([...scopes].sort(byRegion).map(({ region, instances }) => [region, String(instances)])),
    ),
  };
}

function mailOfOne(transition: Settled, { partition, region }: Place): Mail {
  const { instance, settled, reason } = transition;
  const from = settled.path[0] ?? transition.from;
  const what = changeText(settled.path);
  const link = consoleLink(partition, region, instance.id);
  const named = instance.name === undefined ? instance.id : `${plain(instance.name)} (${instance.id})`;
  return {
    subject: subjectOf(settled, instance, `${what} in ${region}`),
    body: lines(
      `${named} ${what} in ${region}. Cause: ${CAUSE_TEXTS[settled.cause]}.`,
      '',
      ...aligned([
        ['Change', settled.path.join(' -> ')],
        ['Reason', reason === undefined ? undefined : plain(reasonText(reason))],
        ['When', windowText(transition)],
        [`Was ${from}`, from === NONE ? undefined : stayText(settled.inFirstState)],
        ['Type', instance.type],
        ['Zone', instance.zone],
        ['Private IP', instance.privateIp],
        ['Group', instance.autoScalingGroup === undefined ? undefined : plain(instance.autoScalingGroup)],
        ['Lifecycle', instance.lifecycle],
      ]),
      ...(link === undefined ? [] : ['', link]),
    ),
  };
}

function mailOfMany(group: readonly [Settled, ...Settled[]], { region }: Place): Mail {
  const [first] = group;
  const what = `${counted(group.length, 'instance')} ${changeText(first.settled.path)} in ${region}`;
  const more = group.length - NAMED_AT_MOST;
  return {
    subject: subject(`[${first.settled.severity}] ${what}`),
    body: lines(
      `${what}. Cause: ${CAUSE_TEXTS[first.settled.cause]}.`,
      '',
      `When  ${windowText({
        after: Math.min(...group.map(({ after, before }) => after ?? before)),
        before: Math.max(...group.map(({ before }) => before)),
      })}`,
      '',
      ...group
        .slice(0, NAMED_AT_MOST)
        .map(({ instance }) =>
          [instance.id, instance.name === undefined ? undefined : plain(instance.name), instance.type, instance.zone]
            .filter((part) => part !== undefined)
            .join('  '),
        ),
      ...(more > 0 ? [`and ${more} more: the topic for machines and the function's log name them all.`] : []),
    ),
  };
}

/** AWS's text begins with its code more often than not. */
function reasonText({ code = '', text = '' }: StateReason): string {
  return text.startsWith(code) ? text : [code, text].filter((part) => part !== '').join(': ');
}

/** What happened between two settled states, as a verb. */
function changeText(path: readonly string[]): string {
  const from = path[0];
  const to = path.at(-1);
  if (to === 'running') {
    if (from === NONE) return 'launched';
    return from === 'running' && path.includes('stopped') ? 'restarted' : 'started';
  }
  if (to === 'stopped' || to === 'terminated') return to;
  return `became ${plain(String(to))}`;
}

function windowText({ after, before }: { readonly after?: Instant; readonly before: Instant }): string {
  return after === undefined || after === before ? utc(before) : `between ${utc(after)} and ${utc(before)}`;
}

function utc(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function stayText(stay: Stay | undefined): string | undefined {
  return stay === undefined ? undefined : `${stay.atLeast ? 'at least ' : ''}${durationText(stay.ms)}`;
}

/** A duration as people say it, in its two largest units: `3 h 12 min`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const units: readonly (readonly [string, number])[] = [
    ['d', Math.floor(seconds / 86_400)],
    ['h', Math.floor(seconds / 3600) % 24],
    ['min', Math.floor(seconds / 60) % 60],
    ['s', seconds % 60],
  ];
  const first = units.findIndex(([, count]) => count > 0);
  if (first < 0) return '0 s';
  return units
    .slice(first, first + 2)
    .filter(([, count]) => count > 0)
    .map(([unit, count]) => `${count} ${unit}`)
    .join(' ');
}

/** The Name where it fits and is ASCII, the id otherwise. An id is never cut. */
function subjectOf({ severity }: Journey, instance: Instance, what: string): string {
  const { name } = instance;
  const withName = `[${severity}] ${name} ${what}`;
  const fits = name !== undefined && /^[ -~]*[!-~][ -~]*$/.test(name) && withName.length <= SUBJECT_LIMIT;
  return fits ? withName : subject(`[${severity}] ${instance.id} ${what}`);
}

/** A line that SNS takes as a subject: an id stands near its beginning, so that the limit never cuts one. */
function subject(text: string): string {
  return text.replaceAll(/[^ -~]/g, '?').slice(0, SUBJECT_LIMIT);
}

/** Text that someone else wrote, on one line: no control characters, no line breaks, no half characters. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** A list of facts with their names in a column of their own. Facts that are not known are left out. */
function aligned(facts: readonly (readonly [name: string, value: string | undefined])[]): string[] {
  const known = facts.filter((fact): fact is readonly [string, string] => fact[1] !== undefined && fact[1] !== '');
  const width = Math.max(0, ...known.map(([name]) => name.length));
  return known.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function byRegion(a: { readonly region: string }, b: { readonly region: string }): number {
  return a.region < b.region ? -1 : 1;
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
