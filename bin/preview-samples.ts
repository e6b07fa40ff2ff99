import type { Reader } from '../lambda/contract/topics.ts';
import type {
  Announcement,
  BaselineAnnouncement,
  StuckAnnouncement,
  TransitionAnnouncement,
} from '../lambda/core/known/announcement.ts';
import type { Scope } from '../lambda/core/known/scope.ts';
import type { Message } from '../lambda/core/tell/message.ts';
import { messageOf, partsFor } from '../lambda/core/tell/parts.ts';
import { sampleStop, testMessages } from '../lambda/core/tell/sample.ts';

/** One kind of message, in every form in which it is sent. */
export interface Sample {
  readonly title: string;
  readonly messages: readonly Message[];
}

const SCOPE: Scope = { account: '123456789012', region: 'eu-west-1' };
const AT = Date.UTC(2026, 10, 22, 19, 4, 2);
const MINUTE = 60_000;
const READERS: readonly Reader[] = ['Alerts', 'Chat', 'Transitions'];

/**
 * Every kind of message that there is.
 *
 * @param timezone in which people read times
 */
export function samples(timezone: string): Sample[] {
  const place = { ...SCOPE, partition: 'aws', timezone };
  const all = (...outbox: readonly Announcement[]): Message[] =>
    READERS.flatMap((reader) => [...partsFor(reader, outbox, place)].map((part) => messageOf(part, place)));
  return [
    { title: 'One instance', messages: all(stopped()) },
    { title: 'One instance, in two looks', messages: all(stoppedInSteps()) },
    { title: 'One instance, started again', messages: all(started()) },
    { title: 'A restart that no look saw', messages: all(restarted()) },
    { title: 'A few instances, started again', messages: all(...startedTogether()) },
    { title: 'Many instances', messages: all(...interrupted()) },
    { title: 'An instance that is stuck', messages: all(stuck()) },
    { title: 'The first sweep', messages: all(baseline('ap-northeast-2', 12), baseline('eu-west-1', 30)) },
    { title: 'A test', messages: testMessages(AT, place, ['Transitions', 'Alerts', 'Chat']) },
  ];
}

function stopped(): TransitionAnnouncement {
  return { ...sampleStop(AT, SCOPE.region), kind: 'transition', generation: 214 };
}

function stoppedInSteps(): TransitionAnnouncement {
  const sample = stopped();
  const path = ['running', 'stopping', 'stopped'] as const;
  return {
    ...sample,
    sequence: 4,
    from: 'stopping',
    after: AT - MINUTE,
    inOldState: { ms: MINUTE, atLeast: false },
    settled: { path, cause: 'api-call', severity: 'warning', inFirstState: { ms: 11_472_000, atLeast: true } },
  };
}

function started(): TransitionAnnouncement {
  const { reason: _, ...sample } = stopped();
  const { reason: __, ...facts } = sample.subject;
  const inOldState = { ms: 540_000, atLeast: false };
  return {
    ...sample,
    sequence: 2,
    from: 'stopped',
    to: 'running',
    severity: 'info',
    subject: { ...facts, state: 'running', launchTime: AT - 48_000 },
    inOldState,
    settled: { path: ['stopped', 'running'], cause: 'api-call', severity: 'info', inFirstState: inOldState },
  };
}

function startedTogether(): TransitionAnnouncement[] {
  const sample = started();
  return [7_200_000, 9_360_000, 11_400_000].map((ms, index) => {
    const number = String(index + 1).padStart(2, '0');
    const inOldState = { ms, atLeast: false };
    return {
      ...sample,
      id: `0123456789abcdef0123456789abcd${number}`,
      subject: { ...sample.subject, id: `i-0123456789abcde${number}`, name: `batch-${number}` },
      inOldState,
      settled: { path: ['stopped', 'running'], cause: 'api-call', severity: 'info', inFirstState: inOldState },
    };
  });
}

function restarted(): TransitionAnnouncement {
  const { reason: _, inOldState: __, ...sample } = stopped();
  const { reason: ___, ...facts } = sample.subject;
  return {
    ...sample,
    sequence: 2,
    step: 1,
    from: 'stopped',
    to: 'running',
    severity: 'info',
    after: AT - MINUTE,
    subject: { ...facts, state: 'running', launchTime: AT - MINUTE },
    settled: {
      path: ['running', 'stopped', 'running'],
      cause: 'unknown',
      severity: 'warning',
      inFirstState: { ms: 86_400_000, atLeast: false },
      stoppedAtMost: 3 * MINUTE,
    },
  };
}

function interrupted(): TransitionAnnouncement[] {
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
      subject: { ...sample.subject, id, name: `batch-${number}`, state: 'terminated', lifecycle: 'spot', reason },
      settled: {
        path: ['running', 'terminated'],
        cause: 'spot-interruption',
        severity: 'warning',
        inFirstState: sample.inOldState,
      },
    };
  });
}

function stuck(): StuckAnnouncement {
  const { id, generation, sequence, subject, before } = stopped();
  return {
    kind: 'stuck',
    id,
    generation,
    sequence,
    subject: { ...subject, state: 'stopping' },
    severity: 'warning',
    after: AT - 20 * MINUTE,
    before,
    inState: { ms: 20 * MINUTE, atLeast: false },
    settled: {
      path: ['running', 'stopping'],
      cause: 'api-call',
      severity: 'warning',
      inFirstState: { ms: 11_472_000, atLeast: false },
    },
    owed: ['Alerts', 'Chat'],
  };
}

function baseline(region: string, instances: number): BaselineAnnouncement {
  return {
    kind: 'baseline',
    id: region,
    generation: 1,
    sequence: 0,
    subject: { ...SCOPE, region },
    severity: 'info',
    before: AT,
    instances,
    owed: ['Alerts', 'Chat'],
  };
}

/** A sample as text: each form below its own heading. Of a long list of transitions the first is shown, and how many follow. */
export function sampleText({ title, messages }: Sample): string {
  return [`### ${title}`, ...messages.flatMap((message) => ['', ...formOf(message)])].join('\n');
}

function formOf({ reader, subject, body }: Message): string[] {
  switch (reader) {
    case 'Alerts':
      return ['Mail:', '', '```text', `Subject: ${subject}`, '', body.trimEnd(), '```'];
    case 'Chat':
      return ['Chat:', '', '```json', JSON.stringify(JSON.parse(body), null, 2), '```'];
    case 'Transitions': {
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
