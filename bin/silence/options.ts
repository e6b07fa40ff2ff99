import { checked } from '../../lambda/contract/checked.ts';
import { parseSelectors, SELECTOR_FORM, type Selector, words } from '../../lambda/contract/silence.ts';
import type { Instant } from '../../lambda/core/known/scope.ts';
import { OptionsError, type Program, readOptions, type Values } from '../terminal/options.ts';
import { spanOf } from './span.ts';

/** The stack of a deployment whose setting `namespace` was left as it is. */
export const DEFAULT_STACK = 'Ec2StateMonitor';

/** `npm run silence`, as a command line. */
export const SILENCE = {
  command: 'npm run silence',
  purpose:
    'makes a silence, lists silences, or ends one. People are not told of what it selects until it ends; then one message tells all of it.',
  options: {
    select: {
      kind: 'texts',
      placeholder: 'NAME=VALUE,…',
      meaning: 'what to silence, such as tag:env=staging; may be given several times: all have to match',
    },
    for: { kind: 'text', placeholder: 'TIME', meaning: 'for how long: 30m, 2h or 3d; at most a week' },
    until: { kind: 'text', placeholder: 'TIME', meaning: 'until when, such as 2026-11-26T04:00:00Z, instead of --for' },
    from: { kind: 'text', placeholder: 'TIME', meaning: 'since when; now by default' },
    why: { kind: 'text', meaning: 'the reason, for people, such as "kernel patches"' },
    incident: {
      kind: 'text',
      placeholder: 'ID',
      meaning: 'acknowledges an incident: silences it until it closes, at most for a week',
    },
    list: { kind: 'flag', meaning: 'shows the silences that go on, and those ahead' },
    json: { kind: 'flag', meaning: 'with --list: one JSON document instead of the table' },
    end: { kind: 'text', placeholder: 'ID', meaning: 'ends a silence now' },
    stack: {
      kind: 'text',
      placeholder: 'NAME',
      meaning: `the stack of the monitor, in the region that is configured; ${DEFAULT_STACK} by default`,
    },
    bucket: { kind: 'text', placeholder: 'NAME', meaning: "the monitor's bucket, instead of --stack" },
    yes: { kind: 'flag', meaning: 'does not ask before a silence is made' },
    timeout: {
      kind: 'number',
      placeholder: 'SECONDS',
      range: [1, 600],
      default: 20,
      meaning: 'how long AWS may take for each answer',
    },
  },
  notes: `Silences are ${SELECTOR_FORM}. In a value, * and ? are wildcards. kind and severity say what is silenced of the instances, severity up to which.

It shows whom the silence covers now, and asks. It takes effect with the next sweep. docs/silences.md says what a silence does and who may make one.

  npm run silence -- --select tag:env=staging --for 2h --why "kernel patches"

Credentials and region come from where every AWS tool takes them: AWS_PROFILE, AWS_REGION, environment, SSO, the role of this machine. The output SilencePolicy of the stack names a policy with all that they need. Times need an offset from UTC, such as Z or +09:00; a day alone is its beginning in UTC. Those that are shown are UTC.

Exit codes: 0 when it is done, 1 when it could not be done or the answer was no, 2 for wrong options.`,
} as const satisfies Program;

/** Where the silences are. */
export type Where = { readonly stack: string } | { readonly bucket: string };

/** What every action needs. */
interface Common {
  readonly where: Where;
  /** Seconds, for each answer of AWS. */
  readonly timeout: number;
}

/** A silence to be made. */
export interface MakeOptions extends Common {
  readonly action: 'make';
  readonly select: readonly Selector[];
  readonly from: Instant;
  readonly until: Instant;
  readonly why: string;
  /** Whether nobody is asked. */
  readonly yes: boolean;
}

/** What to do. */
export type SilenceOptions =
  | MakeOptions
  | (Common & { readonly action: 'list'; readonly json: boolean })
  | (Common & { readonly action: 'end'; readonly id: string });

type Given = Values<(typeof SILENCE)['options']>;

/** What goes with an action, besides where the silences are. */
const GOES_WITH: Readonly<Record<string, readonly string[]>> = {
  '--list': ['list', 'json'],
  '--end': ['end'],
  '--incident': ['incident', 'for', 'until', 'from', 'why', 'yes'],
  '--select': ['select', 'for', 'until', 'from', 'why', 'yes'],
};

/** Reads the command line. @throws OptionsError for the first option that cannot be used */
export function readSilenceOptions(args: readonly string[], now: Instant): SilenceOptions | 'help' {
  const given = readOptions(SILENCE, args);
  if (given === 'help') return given;
  const action = actionOf(given);
  const { stack = DEFAULT_STACK, bucket, timeout, json, end, yes, incident } = given;
  if (given.stack !== undefined && bucket !== undefined) throw new OptionsError('Give --stack or --bucket, not both.');
  const common = { where: bucket === undefined ? { stack } : { bucket }, timeout };
  if (action === '--list') return { ...common, action: 'list', json };
  if (action === '--end') return { ...common, action: 'end', id: end ?? '' };
  return {
    ...common,
    action: 'make',
    select: selectOf(given),
    ...spanOf(given, now, incident !== undefined),
    why: whyOf(given),
    yes,
  };
}

function actionOf(given: Given): string {
  const action = Object.keys(GOES_WITH).find((option) => isGiven(given, option.slice(2)));
  if (action === undefined) {
    throw new OptionsError(
      'Say what to silence, with --select tag:env=staging for instance, or --incident ID. Or give --list, or --end ID. ' +
        '--help explains all.',
    );
  }
  const allowed = ['stack', 'bucket', 'timeout', ...(GOES_WITH[action] ?? [])];
  const stray = Object.keys(given).find((name) => isGiven(given, name) && !allowed.includes(name));
  if (stray !== undefined) throw new OptionsError(`--${stray} does not go with ${action}: leave one of them out.`);
  return action;
}

function isGiven(given: Readonly<Record<string, unknown>>, name: string): boolean {
  return given[name] !== undefined && given[name] !== false;
}

function selectOf({ select = [], incident }: Given): readonly Selector[] {
  if (incident !== undefined) {
    if (/[;*?]/.test(incident)) throw new OptionsError(`--incident is '${incident}': give one id, as the mail has it.`);
    return orRefuse('incident', () => parseSelectors(`incident=${incident}`));
  }
  return select.flatMap((text) => orRefuse('select', () => parseSelectors(text)));
}

function whyOf({ why, incident }: Given): string {
  if (why !== undefined) return orRefuse('why', () => checked(words, why));
  if (incident !== undefined) return 'acknowledged';
  throw new OptionsError('--why is missing: people read it when the silence ends. Such as --why "kernel patches".');
}

function orRefuse<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    // The message begins with what was given.
    throw new OptionsError(`--${name} is ${error instanceof Error ? error.message : error}.`);
  }
}
