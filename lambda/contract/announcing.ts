import * as z from 'zod/mini';
import { checked } from './checked.ts';
import { CAUSES, type Cause, SEVERITIES, type Severity } from './message.ts';
import { isTimezone } from './timezone.ts';

/** A change of state, each side a state or `*` for any. */
export interface TransitionPattern {
  readonly from: string;
  readonly to: string;
}

/** Gives the transitions that it fits another severity than the table of causes does. */
export interface SeverityRule extends TransitionPattern {
  readonly cause: Cause;
  readonly severity: Severity;
}

/** What people are told of what is seen, and how. Machines are told of everything. */
export interface Announcing {
  /** The changes from settled state to settled state that people hear of. */
  readonly alert: readonly TransitionPattern[];
  /** Whether they also hear of what an Auto Scaling group does to its own members. */
  readonly alertAutoScaling: boolean;
  /** Whether they also hear of instances that an AWS service manages. */
  readonly alertManaged: boolean;
  /** Of several that fit, the last one counts. */
  readonly severity: readonly SeverityRule[];
  /** Whether there is a topic for chat. */
  readonly chat: boolean;
  /** Name of the time zone that people read times in, as the IANA database has it. */
  readonly timezone: string;
  /** What people call the account: stands beside its id in mails and chat. */
  readonly accountName?: string | undefined;
}

/** What holds where the user says nothing. */
export const DEFAULT_ANNOUNCING: Announcing = {
  alert: [{ from: '*', to: '*' }],
  alertAutoScaling: false,
  alertManaged: false,
  severity: [],
  chat: false,
  timezone: 'UTC',
};

const STATE = '(?:[a-z][a-z-]*|\\*)';
const PATTERN = new RegExp(`^(${STATE})->(${STATE})$`);
const RULE = new RegExp(`^([a-z-]+)(?::(${STATE})->(${STATE}))?=([a-z]+)$`);

const state = z.string().check(z.regex(new RegExp(`^${STATE}$`), 'expected a state or *'));

/** A {@link TransitionPattern}. */
export const transitionPattern = z.object({ from: state, to: state }) satisfies z.ZodMiniType<TransitionPattern>;

/** A {@link SeverityRule}. */
export const severityRule = z.object({
  ...transitionPattern.shape,
  cause: z.enum(CAUSES),
  severity: z.enum(SEVERITIES),
}) satisfies z.ZodMiniType<SeverityRule>;

/** {@link Announcing}, but for what follows from the topics. */
export const announcing = z.object({
  alert: z.readonly(z.array(transitionPattern).check(z.minLength(1, 'expected at least one change'))),
  alertAutoScaling: z.boolean(),
  alertManaged: z.boolean(),
  severity: z.readonly(z.array(severityRule)),
  timezone: z.string().check(z.refine(isTimezone, 'expected the name of a time zone')),
  accountName: z.optional(z.string().check(z.minLength(1, 'expected a name'))),
}) satisfies z.ZodMiniType<Omit<Announcing, 'chat'>>;

/**
 * Reads `running->stopped,*->terminated`.
 *
 * @throws Error that names the first pattern that cannot be read
 */
export function parsePatterns(text: string): TransitionPattern[] {
  return text.split(',').map((part) => {
    const [, from, to] = PATTERN.exec(part.trim()) ?? [];
    if (from !== undefined && to !== undefined) return { from, to };
    throw new Error(`'${part.trim()}' is not two states with -> between, such as running->stopped or *->terminated`);
  });
}

/**
 * Reads `guest-os=critical,api-call:running->stopped=info`. A rule without a change of state is for all of them.
 *
 * @throws Error that names the first rule that cannot be read
 */
export function parseSeverityRules(text: string): SeverityRule[] {
  if (text.trim() === '') return [];
  return text.split(',').map((part) => {
    const [rule, cause, from = '*', to = '*', severity] = RULE.exec(part.trim()) ?? [];
    if (rule !== undefined) return checked(severityRule, { from, to, cause, severity });
    throw new Error(`'${part.trim()}' is not a rule such as guest-os=critical or api-call:running->stopped=info`);
  });
}

/** Whether a change of state is one of those that a pattern means. */
export function fits({ from, to }: TransitionPattern, change: { readonly from: string; readonly to: string }): boolean {
  return (from === '*' || from === change.from) && (to === '*' || to === change.to);
}
