import { z } from 'zod';
import {
  anySeverityRule,
  type ConditionRule,
  DEFAULT_REMINDERS,
  parsePatterns,
  parseSeverityRules,
  type SeverityRule,
  type SilencedWeekly,
  type TransitionPattern,
  transitionPattern,
} from '../../lambda/contract/announcing.ts';
import { CONDITION_TYPES, NONE, SEVERITIES } from '../../lambda/contract/message.ts';
import { parseReminders, REMINDED, type ReminderSchedule, reminderSchedule } from '../../lambda/contract/remind.ts';
import { SELECTOR_FORM } from '../../lambda/contract/silence.ts';
import { STATES } from '../../lambda/contract/states.ts';
import { isTimezone } from '../../lambda/contract/timezone.ts';
import { parseWeeklies, WEEKLY_FORM, type Weekly, weekly } from '../../lambda/contract/weekly.ts';
import { RUNBOOK } from '../published-docs.ts';
import { type Definitions, listOf, readBy, truth } from './definition.ts';
import { type Subscriber, subscribers } from './subscribers.ts';
import { type WrittenSilence, weeklySilences } from './weekly-silences.ts';

/** Who is told what, and how. */
export interface AnnounceSettings {
  /** Addresses that get the alerts and the alarms about the monitor itself. Each has to confirm its subscription. */
  readonly email?: readonly string[];
  /** More subscribers, besides the addresses of `email`. */
  readonly subscribe?: readonly Subscriber[];
  /**
   * State changes that people are told about, such as `running->stopped` or `*->terminated`: from settled state to settled
   * state. Machines are told about every change. Default: all.
   */
  readonly alert?: readonly (string | TransitionPattern)[];
  /** Whether people are also told what an Auto Scaling group does to its own instances. Default: false. */
  readonly alertAutoScaling?: boolean;
  /** Whether people are also told about instances that an AWS service manages, such as EKS Auto Mode nodes. Default: false. */
  readonly alertManaged?: boolean;
  /**
   * Severities that replace the default ones, such as `guest-os=critical`, `api-call:running->stopped=info` or
   * `impaired:system=warning`. If several match, the last one counts. Default: the tables in docs/messages.md.
   */
  readonly severity?: readonly (string | SeverityRule | ConditionRule)[];
  /**
   * When people are told again of what goes on, such as `impaired:1h,4h,1d;stopped:7d`: so long after it began, and then again and
   * again; of an event, so long before it may begin. An empty text: never. Default: `impaired:1h,4h,1d;stuck:4h,1d;event:7d,1d`.
   */
  readonly remind?: string | readonly ReminderSchedule[];
  /**
   * Silences that come again every week, such as a maintenance window: people are not told of what they select, until they end. Then
   * one message tells all of it. Default: none.
   */
  readonly silences?: readonly (SilencedWeekly | WrittenSilence)[];
  /**
   * When people want to hear of what is not critical, such as `Mon-Fri 08:00-18:00`. What comes up outside of it is told in one
   * message when it begins. Default: always.
   */
  readonly hours?: readonly (string | Weekly)[];
  /** Time zone of the times in mails and chat, and of `silences` and `hours`: a name of the IANA database. Default: UTC. */
  readonly timezone?: string;
  /** What people call the account, such as `prod`. Mails and chat show it beside the id of the account. */
  readonly accountName?: string | undefined;
  /** Whether there is a topic of Amazon Q Developer custom notifications, for Slack and Microsoft Teams. Default: false. */
  readonly chat?: boolean;
  /**
   * Address of the runbook that alarms, dashboard and messages link to: a fork, or a page of a wiki. They add the heading of the
   * page, such as `#notrunning`. Default: the published one.
   */
  readonly runbook?: string;
}

const SETTLED = ['running', 'stopped', 'terminated'];
/** Where an instance can be stuck. */
const UNSETTLED = STATES.filter((state) => !SETTLED.includes(state));

/** Patterns or rules in which every state is one of these, or one in which an instance can be stuck. */
function withStates<T extends TransitionPattern | ConditionRule>(
  patterns: z.ZodType<readonly T[]>,
  states: readonly string[],
) {
  return patterns.superRefine((given, context) => {
    for (const each of given) {
      const known = 'condition' in each ? UNSETTLED : states;
      const unknown = statesIn(each).find((state) => ![...known, '*'].includes(state));
      if (unknown !== undefined) context.addIssue(`'${unknown}' is none of ${known.join(', ')} and *`);
    }
  });
}

/** AWS adds checks and events, so those may have any name. */
function statesIn(each: TransitionPattern | ConditionRule): readonly string[] {
  if (!('condition' in each)) return [each.from, each.to];
  return each.condition === 'stuck' ? [each.of] : [];
}

/** Goes into Markdown, and before `#`. A description of an alarm has at most 1,024 characters. "PutMetricAlarm", CloudWatch API Reference. */
const runbook = z
  .string()
  .max(400)
  .refine((text) => /^https:\/\/[^\s#()<>"\\]+$/.test(text) && URL.canParse(text) && new URL(text).username === '');

/** {@link AnnounceSettings}, by key. */
export const ANNOUNCE_SETTINGS = {
  email: {
    schema: listOf(z.email('expected an e-mail address')).default([]),
    allowed: 'addresses separated by commas (in cdk.json also a list)',
    example: 'ops@example.com',
  },
  subscribe: {
    schema: subscribers.default([]),
    allowed:
      'a list of {"topic", "endpoint", "filter"}, in cdk.json or as JSON; the endpoint is a mail address, an https address or the ARN of a queue or function; a filter lists values by attribute',
    example: '[{"topic":"Alerts","endpoint":"oncall@example.com","filter":{"severity":["critical"]}}]',
  },
  alert: {
    schema: withStates(readBy(parsePatterns, transitionPattern), [...SETTLED, NONE]),
    allowed: 'FROM->TO separated by commas, each a state or * (in cdk.json also a list)',
    default: '*->*',
    example: 'running->stopped,*->terminated',
  },
  alertAutoScaling: { schema: truth, allowed: 'true or false', default: 'false', example: 'true' },
  alertManaged: { schema: truth, allowed: 'true or false', default: 'false', example: 'true' },
  severity: {
    schema: withStates(readBy(parseSeverityRules, anySeverityRule), [...STATES, NONE]).default([]),
    allowed: `CAUSE=SEVERITY, CAUSE:FROM->TO=SEVERITY, CONDITION=SEVERITY or CONDITION:OF=SEVERITY separated by commas (in cdk.json also a list); the conditions are ${CONDITION_TYPES.join(', ')}, the severities ${SEVERITIES.join(', ')}`,
    example: 'spot-interruption=critical,api-call:running->stopped=info,impaired:system=warning',
  },
  remind: {
    schema: readBy(parseReminders, reminderSchedule),
    allowed: `THING:TIME,TIME with semicolons between them; the things are ${REMINDED.join(', ')}, a time is a number with m, h or d, at least 5m, the shortest first (of event, the longest first)`,
    default: DEFAULT_REMINDERS,
    example: 'impaired:15m,1h,4h,1d;stopped:7d',
  },
  silences: {
    schema: weeklySilences.default([]),
    allowed: `a list of {"when", "select", "why"}, in cdk.json or as JSON; when: ${WEEKLY_FORM}; select: ${SELECTOR_FORM}, with semicolons between them`,
    example: '[{"when":"Tue 02:00-04:00 Europe/Berlin","select":"tag:env=staging","why":"patches"}]',
  },
  hours: {
    schema: readBy(parseWeeklies, weekly).default([]),
    allowed: `${WEEKLY_FORM}, with semicolons between them (in cdk.json also a list)`,
    example: 'Mon-Fri 08:00-18:00 Europe/Berlin',
  },
  timezone: {
    schema: z.string().refine(isTimezone),
    allowed: 'a name of the IANA time zone database',
    default: 'UTC',
    example: 'Asia/Seoul',
  },
  accountName: {
    schema: z
      .string()
      .trim()
      .max(63)
      .regex(/^\P{Cc}*$/u)
      .transform((name) => name || undefined)
      .optional(),
    allowed: 'a text of at most 63 characters, without control characters',
    example: 'prod',
  },
  chat: { schema: truth, allowed: 'true or false', default: 'false', example: 'true' },
  runbook: {
    schema: runbook,
    allowed: 'an https address without user name, spaces, parentheses and #, at most 400 characters',
    default: RUNBOOK,
    example: 'https://wiki.example.com/ec2-state-monitor',
  },
} as const satisfies Definitions<AnnounceSettings>;
