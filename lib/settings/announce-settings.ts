import { z } from 'zod';
import {
  parsePatterns,
  parseSeverityRules,
  type SeverityRule,
  severityRule,
  type TransitionPattern,
  transitionPattern,
} from '../../lambda/contract/announcing.ts';
import { NONE, SEVERITIES } from '../../lambda/contract/message.ts';
import { STATES } from '../../lambda/contract/states.ts';
import { isTimezone } from '../../lambda/contract/timezone.ts';
import { type Definitions, listOf, readBy, text, truth } from './definition.ts';
import { type Subscriber, subscribers } from './subscribers.ts';

/** Who is told what, and how. */
export interface AnnounceSettings {
  /**
   * Addresses that get the alerts and the alarms about the monitor itself. Each has to confirm its subscription.
   *
   * @default - nobody
   */
  readonly email?: readonly string[];

  /**
   * More subscribers, besides the addresses of `email`.
   *
   * @default - nobody
   */
  readonly subscribe?: readonly Subscriber[];

  /**
   * State changes that people are told about, such as `running->stopped` or `*->terminated`: from settled state to settled
   * state. Machines are told about every change.
   *
   * @default ['*->*']
   */
  readonly alert?: readonly (string | TransitionPattern)[];

  /**
   * Whether people are also told what an Auto Scaling group does to its own instances.
   *
   * @default false
   */
  readonly alertAutoScaling?: boolean;

  /**
   * Severities that replace the default ones, such as `guest-os=critical` or `api-call:running->stopped=info`. If several
   * match, the last one counts.
   *
   * @default - the table in docs/messages.md
   */
  readonly severity?: readonly (string | SeverityRule)[];

  /**
   * Time zone of the times in mails and chat: a name of the IANA database.
   *
   * @default 'UTC'
   */
  readonly timezone?: string;

  /**
   * What people call the account, such as `prod`. Mails and chat show it beside the id of the account.
   *
   * @default - the id alone
   */
  readonly accountName?: string | undefined;

  /**
   * Whether there is a topic of Amazon Q Developer custom notifications, for Slack and Microsoft Teams.
   *
   * @default false
   */
  readonly chat?: boolean;
}

const address = z.email();

/** Patterns or rules in which every state is one of these. */
function withStates<T extends TransitionPattern>(patterns: z.ZodType<readonly T[]>, states: readonly string[]) {
  return patterns.superRefine((given, context) => {
    const unknown = given.flatMap(({ from, to }) => [from, to]).find((state) => ![...states, '*'].includes(state));
    if (unknown !== undefined) context.addIssue(`'${unknown}' is none of ${states.join(', ')} and *`);
  });
}

/** {@link AnnounceSettings}, by key. */
export const ANNOUNCE_SETTINGS = {
  email: {
    schema: listOf('an e-mail address', (entry) => address.safeParse(entry).success).default([]),
    meaning: "addresses that get the alerts and the monitor's own alarms; each has to confirm its subscription",
    allowed: 'addresses separated by commas (in cdk.json also a list)',
    example: 'ops@example.com',
  },
  subscribe: {
    schema: subscribers.default([]),
    meaning: 'more subscribers: to which topic, and optionally only to some of its messages',
    allowed:
      'a list of {"topic", "endpoint", "filter"}, in cdk.json or as JSON; the endpoint is a mail address, an https address or the ARN of a queue or function; a filter lists values by attribute',
    example: '[{"topic":"Alerts","endpoint":"oncall@example.com","filter":{"severity":["critical"]}}]',
  },
  alert: {
    schema: withStates(readBy(parsePatterns, transitionPattern), ['running', 'stopped', 'terminated', NONE]),
    meaning:
      'state changes that people are told about, between `running`, `stopped`, `terminated` and `none`; machines are told about all',
    allowed: 'FROM->TO separated by commas, each a state or * (in cdk.json also a list)',
    default: '*->*',
    example: 'running->stopped,*->terminated',
  },
  alertAutoScaling: {
    schema: truth,
    meaning: 'whether people are also told what an Auto Scaling group does to its own instances',
    allowed: 'true or false',
    default: 'false',
    example: 'true',
  },
  severity: {
    schema: withStates(readBy(parseSeverityRules, severityRule), [...STATES, NONE]).default([]),
    meaning: 'severities that replace the default ones, by cause and optionally by change; the last match counts',
    allowed: `CAUSE=SEVERITY or CAUSE:FROM->TO=SEVERITY separated by commas (in cdk.json also a list); the severities are ${SEVERITIES.join(', ')}`,
    example: 'spot-interruption=critical,api-call:running->stopped=info',
  },
  timezone: {
    schema: text.refine(isTimezone, { error: ({ input }) => `'${input}' is not the name of a time zone` }),
    meaning: 'time zone of the times in mails and chat',
    allowed: 'a name of the IANA time zone database',
    default: 'UTC',
    example: 'Asia/Seoul',
  },
  accountName: {
    schema: text
      .trim()
      .max(63, { error: 'the name of an account has at most 63 characters' })
      .regex(/^\P{Cc}*$/u, { error: ({ input }) => `${JSON.stringify(input)} has a control character` })
      .transform((name) => name || undefined)
      .optional(),
    meaning: 'what you call the account; mails and chat show it beside the id of the account',
    allowed: 'a text of at most 63 characters',
    example: 'prod',
  },
  chat: {
    schema: truth,
    meaning: 'whether to add a topic for Slack and Microsoft Teams (Amazon Q Developer in chat applications)',
    allowed: 'true or false',
    default: 'false',
    example: 'true',
  },
} as const satisfies Definitions<AnnounceSettings>;
