import type { Severity } from '../../contract/message.ts';
import type { Instance } from '../known/instance.ts';
import { cloudTrailLink, consoleLink, instancesLink, membersLink } from './console-link.ts';
import type { Group } from './group.ts';
import { accountText, counted, plain } from './phrases.ts';
import { type Place, runbookPage } from './place.ts';

/** How many instances of a group people are told by name. */
const NAMED_AT_MOST = 20;

/** A line of a mail: what is known, under a name. `undefined` leaves it out. */
export type FactLine = readonly [name: string, value: string | undefined];

/** What happened to one instance. Those of a group share everything that a sentence says about them. */
export interface Happening {
  readonly subject: Instance;
  readonly generation: number;
  readonly severity: Severity;
  /** It is good news: something is over. */
  readonly isOver?: boolean;
  /** `stopped`, `fails its system status check`. */
  readonly what: string;
  /** The same of several instances. Absent: the same words. */
  readonly whatOfMany?: string;
  /** `API call`. Absent: nothing is said of a cause. */
  readonly why?: string | undefined;
  /** Somebody called the API, so CloudTrail knows who. */
  readonly isApiCall?: boolean;
  /** What to do about it, in a sentence or two. */
  readonly advice?: string | undefined;
  /** Heading of the runbook, with hyphens for spaces. */
  readonly page: string;
  /** What is told of this one instance, besides what it is. */
  readonly facts: readonly FactLine[];
  /** Chat shows what has the same thread together. Absent: the instance, its Auto Scaling group, or the storm. */
  readonly thread?: string;
  /** Tells the storms of one look apart: the state in which they end. */
  readonly storm: string;
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
  /** Something is over. */
  readonly isOver: boolean;
  /** The Name or the id of one instance; how many there are of several. */
  readonly who: string;
  /** The same in characters that every mail program shows in a subject. */
  readonly whoInAscii: string;
  /** The same with the id beside the Name. */
  readonly whoExactly: string;
  /** `stopped in eu-west-1`. */
  readonly what: string;
  /** `API call`. Absent: nothing is said of a cause. */
  readonly why?: string | undefined;
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

/**
 * "CloudTrail typically delivers logs within an average of about 5 minutes of an API call. This time is not guaranteed."
 * "Getting and viewing your CloudTrail log files", CloudTrail User Guide.
 */
const CLOUDTRAIL_NOTE = 'CloudTrail shows an API call about 5 minutes after it was made, sometimes later';

/**
 * What people are told of happenings that belong together.
 *
 * @param ofAll what is told of several instances together
 */
export function newsOf(group: Group<Happening>, ofAll: readonly FactLine[], place: Place): News {
  return group.length === 1 ? newsOfOne(group[0], place) : newsOfMany(group, ofAll, place);
}

function newsOfOne(happening: Happening, place: Place): News {
  const { subject, severity, isOver = false, what, why, isApiCall, advice, page, facts } = happening;
  const { region, partition, account, groupTag } = place;
  const name = subject.name === undefined ? '' : plain(subject.name);
  return {
    severity,
    isOver,
    who: name === '' ? subject.id : name,
    whoInAscii: isPrintableAscii(name) && name === subject.name ? name : subject.id,
    whoExactly: name === '' ? subject.id : `${name} (${subject.id})`,
    what: `${what} in ${region}`,
    why,
    advice,
    facts: known([
      ...facts,
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
      ...(isApiCall ? linkTo('Who did it', cloudTrailLink(partition, region, subject.id), CLOUDTRAIL_NOTE) : []),
    ],
    runbook: runbookPage(place, page),
    thread: happening.thread ?? `${account}/${region}/${subject.autoScalingGroup ?? subject.id}`,
  };
}

function newsOfMany(group: Group<Happening>, ofAll: readonly FactLine[], place: Place): News {
  const [first] = group;
  const { account, region, groupTag } = place;
  const { autoScalingGroup, operator } = first.subject;
  const scaled =
    autoScalingGroup !== undefined && group.every(({ subject }) => subject.autoScalingGroup === autoScalingGroup);
  // Two events of one code can be about one instance.
  const subjects = [...new Map(group.map(({ subject }) => [subject.id, subject])).values()];
  const count = counted(subjects.length, 'instance');
  const who = scaled ? `${count} of ${plain(autoScalingGroup)}` : count;
  const named = subjects.slice(0, NAMED_AT_MOST);
  return {
    severity: first.severity,
    isOver: first.isOver ?? false,
    who,
    whoInAscii: isPrintableAscii(who) ? who : count,
    whoExactly: who,
    what: `${(subjects.length > 1 ? first.whatOfMany : undefined) ?? first.what} in ${region}`,
    why: first.why,
    advice: first.advice,
    facts: known([
      ...ofAll,
      ['Account', accountText(place)],
      ['Managed by', group.every(({ subject }) => subject.operator === operator) ? operator : undefined],
      [groupTag ?? '', groupTag === undefined ? undefined : first.subject.group],
    ]),
    named: named.map(rowOf),
    more: subjects.length - named.length,
    links: linkToAll(named, subjects.length, scaled ? autoScalingGroup : undefined, place),
    runbook: runbookPage(place, first.page),
    thread: first.thread ?? `${account}/${region}/${scaled ? autoScalingGroup : `${first.generation}-${first.storm}`}`,
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

function rowOf({ id, name = '', type = '', zone = '' }: Instance): string[] {
  return [id, plain(name), type, zone];
}

function known(facts: readonly FactLine[]): [string, string][] {
  return facts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, plain(value)]]));
}

function isPrintableAscii(text: string): boolean {
  return /^[ -~]+$/.test(text);
}
