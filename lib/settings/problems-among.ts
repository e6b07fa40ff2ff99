import { RegionInfo } from 'aws-cdk-lib/region-info';
import { placeOf } from '../../lambda/contract/minimum-running.ts';
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

const GROUP_METRICS = 'group=team groupMetrics=true';

/** What is wrong with settings that are each right by themselves. */
export function* problemsAmong(settings: CheckedSettings): Generator<Problem> {
  yield* problemsOfGroups(settings);
  yield* problemsOfSubscriptions(settings);
  yield* problemsOfMinimums(settings);
  yield* problemsOfPartitions(settings);
}

function* problemsOfGroups({ group = '', groupMetrics }: CheckedSettings): Generator<Problem> {
  if (!groupMetrics) return;
  const key = 'groupMetrics';
  if (['', 'Account', 'Region', 'State'].includes(group)) {
    yield { key, problem: `there is nothing to count by: group is '${group}'`, example: GROUP_METRICS };
  } else if (!/^(?!:)(?!.*["'\\])[!-~]([ -~]{0,253}[!-~])?$/.test(group)) {
    yield {
      key,
      problem: `'${group}' cannot be the name of a dimension: printable ASCII without quotation marks and backslashes, at most 255 characters`,
      example: GROUP_METRICS,
    };
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

function* problemsOfMinimums({ regions, groupMetrics, minimumRunning }: CheckedSettings): Generator<Problem> {
  const key = 'minimumRunning';
  if (minimumRunning.length > MINIMUMS_AT_MOST) {
    yield { key, problem: `these are ${minimumRunning.length} alarms: at most ${MINIMUMS_AT_MOST}` };
  }
  const place = repeated(minimumRunning.map(placeOf));
  if (place !== undefined) yield { key, problem: `there are two numbers for ${place || 'all regions'}` };
  for (const { region, group } of minimumRunning) {
    if (region !== undefined && regions !== 'all' && !regions.includes(region)) {
      yield { key, problem: `'${region}' is not watched: regions is ${regions.join(',')}` };
    }
    if (group !== undefined && !groupMetrics) {
      const problem = `'${region}/${group}' is not counted without groupMetrics=true`;
      yield { key, problem, example: `${GROUP_METRICS} minimumRunning=us-east-1/web=2` };
    }
  }
}

/** Credentials are good in one partition only. */
function* problemsOfPartitions(settings: CheckedSettings): Generator<Problem> {
  const regions = namedRegions(settings).map(({ key, region }) => ({
    key,
    region,
    partition: RegionInfo.get(region).partition,
  }));
  const [first, ...others] = regions.filter(({ partition }) => partition !== undefined);
  const other = others.find(({ partition }) => partition !== first?.partition);
  if (first === undefined || other === undefined) return;
  const problem = `${first.region} is in ${first.partition} and ${other.region} in ${other.partition}: one monitor watches one partition`;
  yield { key: other.key, problem };
}

/** Those of the named regions that this version of aws-cdk-lib does not list: newer than it, or misspelled. */
export function unlistedRegions(settings: Pick<CheckedSettings, 'regions' | 'minimumRunning'>): readonly string[] {
  const listed = RegionInfo.regions.map(({ name }) => name);
  return [...new Set(namedRegions(settings).map(({ region }) => region))].filter((region) => !listed.includes(region));
}

function namedRegions({ regions, minimumRunning }: Pick<CheckedSettings, 'regions' | 'minimumRunning'>) {
  return [
    ...(regions === 'all' ? [] : regions).map((region) => ({ key: 'regions' as const, region })),
    ...minimumRunning
      .flatMap(({ region = [] }) => region)
      .map((region) => ({ key: 'minimumRunning' as const, region })),
  ];
}

function repeated(entries: readonly string[]): string | undefined {
  return entries.find((entry, index) => entries.indexOf(entry) !== index);
}
