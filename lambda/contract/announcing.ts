import * as z from 'zod/mini';
import { checked } from './checked.ts';
import { CAUSES, CONDITION_TYPES, SEVERITIES } from './message.ts';
import { parseReminders, writtenReminders } from './remind.ts';
import { selectors, words } from './silence.ts';
import { isTimezone } from './timezone.ts';
import { writtenWeekly } from './weekly.ts';

const STATE = '(?:[a-z][a-z-]*|\\*)';
const PATTERN = new RegExp(`^(${STATE})->(${STATE})$`);
const RULE = new RegExp(`^([a-z-]+)(?::(${STATE})->(${STATE}))?=([a-z]+)$`);
const CONDITION_RULE = new RegExp(`^(${CONDITION_TYPES.join('|')})(?::([a-z][a-z\\d-]*|\\*))?=([a-z]+)$`);

const state = z.string().check(z.regex(new RegExp(`^${STATE}$`), 'expected a state or *'));

/** Reads a {@link TransitionPattern}. */
export const transitionPattern = z.object({ from: state, to: state });

/** A change of state, each side a state or `*` for any. */
export type TransitionPattern = Readonly<z.infer<typeof transitionPattern>>;

/** Reads a {@link SeverityRule}. */
export const severityRule = z.object({
  ...transitionPattern.shape,
  cause: z.enum(CAUSES),
  severity: z.enum(SEVERITIES),
});

/** Gives the transitions that it matches another severity than the table of causes does. */
export type SeverityRule = Readonly<z.infer<typeof severityRule>>;

/** Reads a {@link ConditionRule}. */
export const conditionRule = z.object({
  condition: z.enum(CONDITION_TYPES),
  /** A check, the code of an event, or a state; `*` for any. */
  of: z.string().check(z.regex(/^([a-z][a-z\d-]*|\*)$/, 'expected a check, the code of an event, a state or *')),
  severity: z.enum(SEVERITIES),
});

/** Gives the conditions that it matches another severity than the table of conditions does. */
export type ConditionRule = Readonly<z.infer<typeof conditionRule>>;

/** Reads a rule of either kind. */
export const anySeverityRule = z.union(
  [severityRule, conditionRule],
  'expected {cause, from, to, severity} or {condition, of, severity}',
);

/** Reads a {@link SilencedWeekly}. */
export const silencedWeekly = z.object({
  when: writtenWeekly,
  select: selectors,
  /** Why: people read it when it ends. */
  why: words,
});

/** A silence that comes again every week, such as a maintenance window. */
export type SilencedWeekly = Readonly<z.infer<typeof silencedWeekly>>;

/** What people are told of what is seen, and how. Machines are told of everything. */
export const announcing = z.object({
  /** The changes from settled state to settled state that people hear of. */
  alert: z.readonly(z.array(transitionPattern).check(z.minLength(1, 'expected at least one change'))),
  /** Whether they also hear of what an Auto Scaling group does to its own instances. */
  alertAutoScaling: z.boolean(),
  /** Whether they also hear of instances that an AWS service manages. */
  alertManaged: z.boolean(),
  /** If several match, the last one counts. */
  severity: z.readonly(z.array(anySeverityRule)),
  /** Name of the time zone that people read times in, as the IANA database has it. */
  timezone: z.string().check(z.refine(isTimezone, 'expected the name of a time zone')),
  /** When people are told again of what goes on. */
  remind: z.readonly(writtenReminders),
  /** Silences that come again every week. */
  silences: z.readonly(z.array(silencedWeekly)),
  /** When people want to hear of what is not critical. Outside of it, that is held back. Empty: always. */
  hours: z.readonly(z.array(writtenWeekly)),
  /** What people call the account: stands beside its id in mails and chat. */
  accountName: z.optional(z.string().check(z.minLength(1, 'expected a name'))),
});

/** What {@link announcing} reads, and whether there is a topic for chat. */
export type Announcing = Readonly<z.infer<typeof announcing> & { chat: boolean }>;

/** When people are reminded where the user says nothing. A long stop is none of it: most are meant. */
export const DEFAULT_REMINDERS = 'impaired:1h,4h,1d;stuck:4h,1d;event:7d,1d';

/** What holds where the user says nothing. */
export const DEFAULT_ANNOUNCING: Announcing = {
  alert: [{ from: '*', to: '*' }],
  alertAutoScaling: false,
  alertManaged: false,
  severity: [],
  remind: parseReminders(DEFAULT_REMINDERS),
  silences: [],
  hours: [],
  chat: false,
  timezone: 'UTC',
};

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
 * Reads `guest-os=critical,api-call:running->stopped=info,impaired:attached-ebs=warning`. A rule that names only a cause or a
 * type of condition is for all of them.
 *
 * @throws Error that names the first rule that cannot be read
 */
export function parseSeverityRules(text: string): (SeverityRule | ConditionRule)[] {
  if (text.trim() === '') return [];
  return text.split(',').map((part) => {
    const [isCondition, condition, of = '*', loudness] = CONDITION_RULE.exec(part.trim()) ?? [];
    if (isCondition !== undefined) return checked(conditionRule, { condition, of, severity: loudness });
    const [rule, cause, from = '*', to = '*', severity] = RULE.exec(part.trim()) ?? [];
    if (rule !== undefined) return checked(severityRule, { from, to, cause, severity });
    throw new Error(
      `'${part.trim()}' is not a rule such as guest-os=critical, api-call:running->stopped=info or impaired:system=warning`,
    );
  });
}

/** Whether a change of state is one of those that a pattern means. */
export function fits({ from, to }: TransitionPattern, change: { readonly from: string; readonly to: string }): boolean {
  return (from === '*' || from === change.from) && (to === '*' || to === change.to);
}
