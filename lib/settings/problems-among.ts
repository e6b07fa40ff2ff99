import { placeOf } from '../../lambda/contract/minimum-running.ts';
import type { CheckedSettings } from './settings.ts';

/** Each is an alarm to be paid for and a line in the dashboard. */
const MINIMUMS_AT_MOST = 50;

/** What is wrong with settings that are right each by itself: every problem, with the key that it belongs to. */
export function* problemsAmong({
  regions,
  chat,
  subscribe,
  email,
  group,
  groupMetrics,
  minimumRunning,
}: CheckedSettings): Generator<readonly [key: keyof CheckedSettings, problem: string]> {
  if (groupMetrics && (group === undefined || ['Account', 'Region', 'State'].includes(group))) {
    yield ['groupMetrics', `there is nothing to count by: group is '${group ?? ''}'`];
  } else if (groupMetrics && !/^(?!:)(?!.*["'\\])[!-~]([ -~]{0,253}[!-~])?$/.test(group ?? '')) {
    yield [
      'groupMetrics',
      `'${group}' cannot be the name of a dimension: printable ASCII without quotation marks and backslashes, at most 255 characters`,
    ];
  }
  const twice = repeated([
    ...email.flatMap((address) => [`Alerts ${address}`, `Health ${address}`]),
    ...subscribe.map(({ topic, endpoint }) => `${topic} ${endpoint}`),
  ]);
  if (twice !== undefined) yield ['subscribe', `${twice} is subscribed more than once`];
  if (!chat && subscribe.some(({ topic }) => topic === 'Chat')) {
    yield ['subscribe', "there is no topic 'Chat' without chat=true"];
  }
  if (minimumRunning.length > MINIMUMS_AT_MOST) {
    yield ['minimumRunning', `these are ${minimumRunning.length} alarms: at most ${MINIMUMS_AT_MOST}`];
  }
  const place = repeated(minimumRunning.map(placeOf));
  if (place !== undefined) yield ['minimumRunning', `there are two numbers for ${place || 'all regions'}`];
  for (const { region, group: value } of minimumRunning) {
    if (region !== undefined && regions !== 'all' && !regions.includes(region)) {
      yield ['minimumRunning', `'${region}' is not watched: regions is ${regions.join(',')}`];
    }
    if (value !== undefined && !groupMetrics) {
      yield ['minimumRunning', `'${region}/${value}' is not counted without groupMetrics=true`];
    }
  }
}

function repeated(entries: readonly string[]): string | undefined {
  return entries.find((entry, index) => entries.indexOf(entry) !== index);
}
