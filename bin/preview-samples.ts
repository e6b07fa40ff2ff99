import { type Announcing, DEFAULT_ANNOUNCING } from '../lambda/contract/announcing.ts';
import { baselineMessage, type Message, messagesFor, type Origin } from '../lambda/core/digest.ts';
import type { Scope } from '../lambda/core/instance.ts';
import { sampleStop, testMessages } from '../lambda/core/sample.ts';
import type { Reader, Transition } from '../lambda/core/snapshot.ts';

/** One kind of message, in every form in which it is sent. */
export interface Sample {
  readonly title: string;
  readonly messages: readonly Message[];
}

const SCOPE: Scope = { account: '123456789012', region: 'eu-west-1' };
const AT = Date.UTC(2026, 10, 22, 19, 4, 2);
const MINUTE = 60_000;
const BASELINES = [
  { region: 'ap-northeast-2', instances: 12 },
  { region: 'eu-west-1', instances: 30 },
];

/**
 * Every kind of message that there is.
 *
 * @param timezone in which people read times
 */
export function samples(timezone: string): Sample[] {
  const origin: Origin = { ...SCOPE, partition: 'aws', timezone };
  const announcing: Announcing = { ...DEFAULT_ANNOUNCING, chat: true, timezone };
  const all = (...transitions: readonly Transition[]): Message[] =>
    (['alerts', 'chat', 'transitions'] satisfies Reader[]).flatMap((reader) => [
      ...messagesFor(reader, transitions, origin),
    ]);
  return [
    { title: 'One instance', messages: all(STOPPED) },
    { title: 'One instance, in two looks', messages: all(STOPPED_IN_STEPS) },
    { title: 'A restart that no look saw', messages: all(RESTARTED) },
    { title: 'Many instances', messages: all(...INTERRUPTED) },
    { title: 'An instance that is stuck', messages: all(STUCK) },
    {
      title: 'The first sweep',
      messages: [
        baselineMessage('alerts', SCOPE.account, BASELINES),
        baselineMessage('chat', SCOPE.account, BASELINES),
      ],
    },
    { title: 'A test', messages: testMessages(AT, { ...SCOPE, partition: 'aws' }, announcing) },
  ];
}

const STOPPED: Transition = { ...sampleStop(AT, SCOPE.region), generation: 214 };
const { reason: _, inOldState: __, ...UNEXPLAINED } = STOPPED;
const BY_CALL = { cause: 'api-call', severity: 'warning' } as const;

const STOPPED_IN_STEPS: Transition = {
  ...STOPPED,
  sequence: 4,
  from: 'stopping',
  after: AT - MINUTE,
  inOldState: { ms: MINUTE, atLeast: false },
  settled: { path: ['running', 'stopping', 'stopped'], ...BY_CALL, inFirstState: { ms: 11_472_000, atLeast: true } },
};

const { reason: ___, ...FACTS } = STOPPED.instance;
const RESTARTED: Transition = {
  ...UNEXPLAINED,
  sequence: 2,
  step: 1,
  from: 'stopped',
  to: 'running',
  severity: 'info',
  after: AT - 3 * MINUTE,
  instance: { ...FACTS, state: 'running', launchTime: AT - 3 * MINUTE },
  settled: {
    path: ['running', 'stopped', 'running'],
    cause: 'unknown',
    severity: 'warning',
    inFirstState: { ms: 86_400_000, atLeast: false },
  },
};

const SPOT_CODE = 'Server.SpotInstanceTermination';
const SPOT = {
  cause: 'spot-interruption',
  reason: { code: SPOT_CODE, text: `${SPOT_CODE}: Spot instance termination` },
} as const;
const INTERRUPTED = Array.from({ length: 23 }, (_, index): Transition => {
  const number = String(index + 1).padStart(2, '0');
  const change = { id: `i-0123456789abcde${number}`, name: `batch-${number}`, state: 'terminated', lifecycle: 'spot' };
  return {
    ...STOPPED,
    ...SPOT,
    id: `0123456789abcdef0123456789abcd${number}`,
    to: 'terminated',
    after: AT - MINUTE,
    instance: { ...STOPPED.instance, ...change, reason: SPOT.reason },
    settled: { path: ['running', 'terminated'], cause: SPOT.cause, severity: 'warning' },
  };
});

const STUCK: Transition = {
  ...UNEXPLAINED,
  to: 'stopping',
  after: AT - 20 * MINUTE,
  stuck: { ms: 20 * MINUTE, atLeast: false },
  settled: { path: ['running', 'stopping'], ...BY_CALL, inFirstState: { ms: 11_472_000, atLeast: false } },
  owed: ['alerts', 'chat'],
};

/** A sample as text: each form below its own heading. Of a long list of transitions the first is shown, and how many follow. */
export function sampleText({ title, messages }: Sample): string {
  return [`### ${title}`, ...messages.flatMap((message) => ['', ...formOf(message)])].join('\n');
}

function formOf({ reader, subject, body }: Message): string[] {
  switch (reader) {
    case 'alerts':
      return ['Mail:', '', '```text', `Subject: ${subject}`, '', body.trimEnd(), '```'];
    case 'chat':
      return ['Chat:', '', '```json', JSON.stringify(JSON.parse(body), null, 2), '```'];
    case 'transitions': {
      const { transitions, ...head } = JSON.parse(body);
      const more = transitions.length - 1;
      const heading = more > 0 ? `JSON (and ${more} more transitions in the same list):` : 'JSON:';
      return [
        heading,
        '',
        '```json',
        JSON.stringify({ ...head, transitions: transitions.slice(0, 1) }, null, 2),
        '```',
      ];
    }
  }
}
