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
const ANNOUNCING: Announcing = { ...DEFAULT_ANNOUNCING, chat: true };

/**
 * Every kind of message that there is.
 *
 * @param timezone in which people read times
 */
export function samples(timezone: string): Sample[] {
  const origin: Origin = { ...SCOPE, partition: 'aws', timezone };
  const all = (...transitions: readonly Transition[]): Message[] =>
    (['alerts', 'chat', 'transitions'] satisfies Reader[]).flatMap((reader) => [
      ...messagesFor(reader, transitions, origin),
    ]);
  const scopes = [
    { region: 'ap-northeast-2', instances: 12 },
    { region: 'eu-west-1', instances: 30 },
  ];
  const announcing = { ...ANNOUNCING, timezone };
  return [
    { title: 'One instance', messages: all(stopped()) },
    { title: 'One instance, in two looks', messages: all(stoppedInSteps()) },
    { title: 'A restart that no look saw', messages: all(restarted()) },
    { title: 'Many instances', messages: all(...interrupted()) },
    { title: 'An instance that is stuck', messages: all(stuck()) },
    {
      title: 'The first sweep',
      messages: [baselineMessage('alerts', SCOPE.account, scopes), baselineMessage('chat', SCOPE.account, scopes)],
    },
    { title: 'A test', messages: testMessages(AT, { ...SCOPE, partition: 'aws' }, announcing) },
  ];
}

function stopped(): Transition {
  return { ...sampleStop(AT, SCOPE.region), generation: 214 };
}

function stoppedInSteps(): Transition {
  const sample = stopped();
  const path = ['running', 'stopping', 'stopped'];
  return {
    ...sample,
    sequence: 4,
    from: 'stopping',
    after: AT - MINUTE,
    inOldState: { ms: MINUTE, atLeast: false },
    settled: { path, cause: 'api-call', severity: 'warning', inFirstState: { ms: 11_472_000, atLeast: true } },
  };
}

function restarted(): Transition {
  const { reason: _, inOldState: __, ...sample } = stopped();
  const { reason: ___, ...facts } = sample.instance;
  return {
    ...sample,
    sequence: 2,
    step: 1,
    from: 'stopped',
    to: 'running',
    severity: 'info',
    after: AT - 3 * MINUTE,
    instance: { ...facts, state: 'running', launchTime: AT - 3 * MINUTE },
    settled: {
      path: ['running', 'stopped', 'running'],
      cause: 'unknown',
      severity: 'warning',
      inFirstState: { ms: 86_400_000, atLeast: false },
    },
  };
}

function interrupted(): Transition[] {
  const sample = stopped();
  const reason = {
    code: 'Server.SpotInstanceTermination',
    text: 'Server.SpotInstanceTermination: Spot instance termination',
  };
  return Array.from({ length: 23 }, (_, index) => {
    const number = String(index + 1).padStart(2, '0');
    const id = `i-0123456789abcde${number}`;
    return {
      ...sample,
      id: `0123456789abcdef0123456789abcd${number}`,
      to: 'terminated',
      cause: 'spot-interruption',
      reason,
      after: AT - MINUTE,
      instance: { ...sample.instance, id, name: `batch-${number}`, state: 'terminated', lifecycle: 'spot', reason },
      settled: { path: ['running', 'terminated'], cause: 'spot-interruption', severity: 'warning' },
    };
  });
}

function stuck(): Transition {
  const { reason: _, inOldState: __, ...sample } = stopped();
  return {
    ...sample,
    to: 'stopping',
    after: AT - 20 * MINUTE,
    stuck: { ms: 20 * MINUTE, atLeast: false },
    settled: {
      path: ['running', 'stopping'],
      cause: 'api-call',
      severity: 'warning',
      inFirstState: { ms: 11_472_000, atLeast: false },
    },
    owed: ['alerts', 'chat'],
  };
}

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
      const shown = JSON.stringify({ ...head, transitions: transitions.slice(0, 1) }, null, 2);
      return [
        more > 0 ? `JSON (and ${more} more transitions in the same list):` : 'JSON:',
        '',
        '```json',
        shown,
        '```',
      ];
    }
  }
}
