import { type Cause, NONE } from '../../contract/message.ts';
import type { Settled } from '../known/announcement.ts';
import type { StateReason } from '../known/instance.ts';
import type { FactLine } from './news.ts';
import { durationText, plain, timeInStateText, timesInStateText } from './phrases.ts';

/** Every cause in the words of a sentence. */
export const CAUSE_TEXTS: Readonly<Record<Cause, string>> = {
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

/** Whether somebody called the API. */
export function isApiCall({ cause }: Pick<Settled, 'cause'>): boolean {
  return BY_API_CALL.has(cause);
}

/** The way of one instance, and how long it was in the state where it began. */
export function linesOfOne(settled: Settled, reason: StateReason | undefined, moment: FactLine): FactLine[] {
  const { path, inFirstState, stoppedAtMost } = settled;
  const [from] = path;
  return [
    ['Change', path.map(plain).join(' -> ')],
    ['Reason', reason === undefined ? undefined : plain(reasonText(reason))],
    moment,
    [`Was ${from}`, from === NONE ? undefined : inFirstState && timeInStateText(inFirstState)],
    ['Stopped for', atMostText(stoppedAtMost)],
  ];
}

/** How long several instances were in the state where their ways began. */
export function linesOfMany(all: readonly [Settled, ...Settled[]], moment: FactLine): FactLine[] {
  const [from] = all[0].path;
  return [
    moment,
    [`Were ${from}`, from === NONE ? undefined : timesInStateText(all.map(({ inFirstState }) => inFirstState))],
    ['Stopped for', atMostText(longest(all.map(({ stoppedAtMost }) => stoppedAtMost)))],
  ];
}

function atMostText(ms: number | undefined): string | undefined {
  return ms ? `at most ${durationText(ms)}` : undefined;
}

/** The longest of several times. `undefined` if one of them is not known. */
function longest(times: readonly (number | undefined)[]): number | undefined {
  return times.reduce((most, ms) => (most === undefined || ms === undefined ? undefined : Math.max(most, ms)), 0);
}

/** AWS's text begins with its code more often than not. */
function reasonText({ code = '', text = '' }: StateReason): string {
  return text.startsWith(code) ? text : [code, text].filter((part) => part !== '').join(': ');
}
