import type { Announcing } from '../contract/announcing.ts';
import { type Message, messagesFor, type Origin } from './digest.ts';
import type { Instance, Instant } from './instance.ts';
import { readersOf } from './policy.ts';
import type { Transition } from './snapshot.ts';

/** A stop as it may happen any day, of an instance that there is not. */
export function sampleStop(at: Instant, region: string): Transition {
  const reason = {
    code: 'Client.UserInitiatedShutdown',
    text: 'Client.UserInitiatedShutdown: User initiated shutdown',
    at: at - 48_000,
  };
  const instance: Instance = {
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
  const stay = { ms: 11_472_000, atLeast: false };
  return {
    id: '0123456789abcdef0123456789abcdef',
    sequence: 1,
    generation: 1,
    step: 0,
    instance,
    from: 'running',
    to: 'stopped',
    inferred: false,
    cause: 'api-call',
    severity: 'warning',
    reason,
    after: at - 48_000,
    before: at,
    inOldState: stay,
    settled: { path: ['running', 'stopped'], cause: 'api-call', severity: 'warning', inFirstState: stay },
    owed: ['transitions', 'alerts', 'chat'],
  };
}

/** One message for each kind of reader, marked as a test in every form. */
export function testMessages(
  at: Instant,
  origin: Omit<Origin, 'timezone' | 'test'>,
  announcing: Announcing,
): Message[] {
  const marked: Origin = { ...origin, timezone: announcing.timezone, test: true };
  return readersOf(announcing).flatMap((reader) => [...messagesFor(reader, [sampleStop(at, origin.region)], marked)]);
}
