import type { Reader } from '../../contract/topics.ts';
import type { TestAnnouncement } from '../known/announcement.ts';
import type { Instance } from '../known/instance.ts';
import type { Instant } from '../known/scope.ts';
import type { Message } from './message.ts';
import { messageOf, partsFor } from './parts.ts';
import type { Place } from './place.ts';

/** A stop as it may happen any day, of an instance that does not exist. */
export function sampleStop(at: Instant, region: string): TestAnnouncement {
  const reason = {
    code: 'Client.UserInitiatedShutdown',
    text: 'Client.UserInitiatedShutdown: User initiated shutdown',
    at: at - 48_000,
  };
  const subject: Instance = {
    id: 'i-0123456789abcdef0',
    state: 'stopped',
    launchTime: at - 11_520_000,
    name: 'example-1',
    type: 't3.micro',
    zone: `${region}a`,
    privateIp: '10.0.0.7',
    ami: 'ami-0123456789abcdef0',
    reason,
  };
  const inOldState = { ms: 11_472_000, atLeast: false };
  return {
    kind: 'test',
    id: '0123456789abcdef0123456789abcdef',
    sequence: 1,
    generation: 1,
    step: 0,
    subject,
    from: 'running',
    to: 'stopped',
    inferred: false,
    cause: 'api-call',
    severity: 'warning',
    reason,
    after: at - 48_000,
    before: at,
    inOldState,
    settled: { path: ['running', 'stopped'], cause: 'api-call', severity: 'warning', inFirstState: inOldState },
    owed: ['Transitions', 'Alerts', 'Chat'],
  };
}

/** One message for each reader, marked as a test in every form. */
export function testMessages(at: Instant, place: Place, readers: readonly Reader[]): Message[] {
  const outbox = [sampleStop(at, place.region)];
  return readers.flatMap((reader) => [...partsFor(reader, outbox, place)].map((part) => messageOf(part, place)));
}
