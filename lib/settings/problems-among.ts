import { RegionInfo } from 'aws-cdk-lib/region-info';
import { isSelf } from '../../lambda/contract/accounts.ts';
import { MEMBER_ROLE } from '../../lambda/contract/member.ts';
import { placeOf } from '../../lambda/contract/minimum-running.ts';
import { ACCOUNT_SETTINGS } from './account-settings.ts';
import { repeated } from './definition.ts';
import { canForward, FORWARDING } from './forwarding.ts';
import type { CheckedSettings } from './settings.ts';

/** Each is an alarm to be paid for and a line in the dashboard. */
const MINIMUMS_AT_MOST = 50;

/** One thing that is wrong, and the setting that it belongs to. */
interface Problem {
  readonly key: keyof CheckedSettings;
  readonly problem: string;
  /** Instead of the setting's own example: one that shows what is missing. */
  readonly example?: string;
}

/** The settings that count instances in a place, and have an alarm for each. */
const LIMITS = ['minimumRunning', 'maximumImpaired'] as const;

/** The settings that name regions. */
type NamingRegions = Pick<CheckedSettings, 'regions' | (typeof LIMITS)[number]>;

const GROUP_METRICS = 'group=team groupMetrics=true';

/** What is wrong with settings that are each right by themselves. */
export function problemsAmong(settings: CheckedSettings): readonly Problem[] {
  return [
    ...problemsOfGroups(settings),
    ...problemsOfSubscriptions(settings),
    ...problemsOfMinimums(settings),
    ...LIMITS.flatMap((key) => [...problemsOfPlaces(key, settings)]),
    ...problemsOfHints(settings),
    ...problemsOfAccounts(settings),
    ...problemsOfPartitions(settings),
  ];
}

function* problemsOfGroups({ group = '', groupMetrics }: CheckedSettings): Generator<Problem> {
  if (!groupMetrics) return;
  const inGroups = { key: 'groupMetrics', example: GROUP_METRICS } as const;
  if (['', 'Account', 'Region', 'State'].includes(group)) {
    yield { ...inGroups, problem: `there is nothing to count by: group is '${group}'` };
  } else if (!/^(?!:)(?!.*["'\\])[!-~]([ -~]{0,253}[!-~])?$/.test(group)) {
    const allowed = 'printable ASCII without quotation marks and backslashes, at most 255 characters';
    yield { ...inGroups, problem: `'${group}' cannot be the name of a dimension: ${allowed}` };
  }
}

function* problemsOfSubscriptions({ email, subscribe, chat }: CheckedSettings): Generator<Problem> {
  const key = 'subscribe';
  const twice = repeated([
    ...email.flatMap((address) => [`Alerts ${address}`, `Health ${address}`]),
    ...subscribe.map(({ topic, endpoint }) => `${topic} ${endpoint}`),
  ]);
  if (twice !== undefined) yield { key, problem: `${twice} is subscribed more than once` };
  if (!chat && subscribe.some(({ topic }) => topic === 'Chat')) {
    const example = 'chat=true subscribe=[{"topic":"Chat","endpoint":"https://example.com/hook"}]';
    yield { key, problem: "there is no topic 'Chat' without chat=true", example };
  }
}

function* problemsOfMinimums({ groupMetrics, minimumRunning }: CheckedSettings): Generator<Problem> {
  const key = 'minimumRunning';
  const count = minimumRunning.length;
  if (count > MINIMUMS_AT_MOST) yield { key, problem: `these are ${count} alarms: at most ${MINIMUMS_AT_MOST}` };
  for (const { region, group } of minimumRunning) {
    if (group !== undefined && !groupMetrics) {
      const problem = `'${region}/${group}' is not counted without groupMetrics=true`;
      yield { key, problem, example: `${GROUP_METRICS} minimumRunning=us-east-1/web=2` };
    }
  }
}

function* problemsOfPlaces(key: (typeof LIMITS)[number], settings: CheckedSettings): Generator<Problem> {
  const { regions, [key]: limits } = settings;
  const place = repeated(limits.map(placeOf));
  if (place !== undefined) yield { key, problem: `there are two numbers for ${place || 'all regions'}` };
  for (const { region } of limits) {
    if (region !== undefined && regions !== 'all' && !regions.includes(region)) {
      yield { key, problem: `'${region}' is not watched: regions is ${regions.join(',')}` };
    }
  }
}

function* problemsOfHints({ regions, hints }: CheckedSettings): Generator<Problem> {
  const key = 'hints';
  if (typeof hints === 'string') return;
  for (const region of hints) {
    if (!canForward(region))
      yield { key, problem: `'${region}' is none of them. ${FORWARDING}`, example: 'hints=home' };
    if (regions !== 'all' && !regions.includes(region)) {
      yield { key, problem: `'${region}' is not watched: regions is ${regions.join(',')}` };
    }
  }
}

function* problemsOfAccounts(settings: CheckedSettings): Generator<Problem> {
  const { accounts, memberRole, externalId, accountMetrics, shards, organizationId } = settings;
  const { memberStackSet, memberStackSetCallAs } = settings;
  const used = {
    memberRole: memberRole !== MEMBER_ROLE,
    externalId: externalId !== undefined,
    accountMetrics,
    shards: shards !== 'auto',
    organizationId: organizationId !== undefined,
    memberStackSet: memberStackSet.length > 0,
  };
  if (isSelf(accounts)) {
    for (const key of Object.keys(used).filter((each): each is keyof typeof used => used[each as keyof typeof used])) {
      const example = `accounts=organization ${key}=${ACCOUNT_SETTINGS[key].example}`;
      yield { key, problem: 'it is about other accounts, and none is watched: accounts is self', example };
    }
  } else if (used.memberStackSet && !used.organizationId && !used.externalId) {
    const example = 'memberStackSet=r-ab12 organizationId=o-a1b2c3d4e5';
    yield { key: 'memberStackSet', problem: 'the role would trust this account without a condition', example };
  }
  if (memberStackSetCallAs !== 'SELF' && !used.memberStackSet) {
    const example = 'memberStackSet=r-ab12 memberStackSetCallAs=DELEGATED_ADMIN';
    yield { key: 'memberStackSetCallAs', problem: 'there is no StackSet without memberStackSet', example };
  }
}

/** Credentials are good in one partition only. */
function* problemsOfPartitions(settings: CheckedSettings): Generator<Problem> {
  const partitionOf = (region: string) => RegionInfo.get(region).partition;
  const [first = '', ...others] = namedRegions(settings).filter((region) => partitionOf(region) !== undefined);
  const other = others.find((region) => partitionOf(region) !== partitionOf(first));
  if (other === undefined) return;
  const where = `${first} is in ${partitionOf(first)} and ${other} in ${partitionOf(other)}`;
  const names = (key: (typeof LIMITS)[number]) => settings[key].some(({ region }) => region === other);
  const key = settings.regions.includes(other) ? 'regions' : (LIMITS.find(names) ?? 'regions');
  yield { key, problem: `${where}: one monitor watches one partition` };
}

/** Those of the named regions that this version of aws-cdk-lib does not list: newer than it, or misspelled. */
export function unlistedRegions(settings: NamingRegions & Pick<CheckedSettings, 'hints'>): readonly string[] {
  const listed = RegionInfo.regions.map(({ name }) => name);
  const hinted = typeof settings.hints === 'string' ? [] : settings.hints;
  return [...new Set([...namedRegions(settings), ...hinted])].filter((region) => !listed.includes(region));
}

function namedRegions({ regions, minimumRunning, maximumImpaired }: NamingRegions): readonly string[] {
  const limited = [...minimumRunning, ...maximumImpaired].flatMap(({ region }) => region ?? []);
  return [...new Set([...(regions === 'all' ? [] : regions), ...limited])];
}
