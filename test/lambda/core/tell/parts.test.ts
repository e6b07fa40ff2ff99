import { MESSAGE_LIMIT_BYTES, type TransitionsDocument } from '../../../../lambda/contract/message.ts';
import type { Instance } from '../../../../lambda/core/known/instance.ts';
import type { Message } from '../../../../lambda/core/tell/message.ts';
import { messageOf, partsFor, smallest } from '../../../../lambda/core/tell/parts.ts';
import { RUNBOOK } from '../../../../lib/published-docs.ts';
import { faultsOf } from '../../../contract/schema.ts';
import { baseline, circumstances, compare, HOUR, lookAt, MINUTE, messagesFor, SCOPE, sight, T0 } from '../sights.ts';

const origin = { ...SCOPE, partition: 'aws', timezone: 'UTC', runbook: RUNBOOK };
const shutdown = { code: 'Client.UserInitiatedShutdown', text: 'User initiated', at: T0 + 30_000 };

const outboxOf = (before: readonly Instance[], after: readonly Instance[]) =>
  compare(baseline(...before), lookAt(T0 + MINUTE, after), circumstances()).snapshot.outbox;
/** The document of a message for machines, which must be as the published schema says. */
const documentIn = ({ body }: Message): TransitionsDocument => {
  const document = JSON.parse(body);
  expect(faultsOf(document)).toEqual([]);
  return document;
};
const storm = (count: number, facts: Partial<Instance> = {}) => {
  const ids = Array.from({ length: count }, (_, index) => `i-${String(index).padStart(17, '0')}`);
  return outboxOf(
    ids.map((id) => sight(id, 'running', facts)),
    ids.map((id) => sight(id, 'terminated', facts)),
  );
};

describe('for machines', () => {
  it('a message tells all that is known of a transition', () => {
    const facts = {
      name: 'web-1',
      privateIp: '10.0.0.7',
      ami: 'ami-1',
      autoScalingGroup: 'web',
      lifecycle: 'spot',
      operator: 'eks.amazonaws.com',
    };
    const outbox = outboxOf(
      [sight('i-1', 'running', facts)],
      [sight('i-1', 'stopped', { ...facts, reason: shutdown })],
    );
    const [message, ...more] = [...messagesFor('Transitions', outbox, origin)];
    expect(more).toEqual([]);
    expect(message?.subject).toBeUndefined();
    expect(message?.attributes).toEqual({
      kind: 'transitions',
      account: '123456789012',
      region: 'eu-west-1',
      from: 'running',
      to: 'stopped',
      cause: 'api-call',
      severity: 'warning',
    });
    expect(message && documentIn(message)).toEqual({
      version: '1.0',
      kind: 'transitions',
      account: '123456789012',
      region: 'eu-west-1',
      generation: 2,
      from: 'running',
      to: 'stopped',
      cause: 'api-call',
      severity: 'warning',
      group: null,
      part: { number: 1, of: 1 },
      count: 1,
      transitions: [
        {
          id: outbox[0]?.id,
          sequence: 1,
          instance: 'i-1',
          name: 'web-1',
          from: 'running',
          to: 'stopped',
          inferred: false,
          cause: 'api-call',
          severity: 'warning',
          reason: { code: 'Client.UserInitiatedShutdown', text: 'User initiated' },
          window: { after: '2026-11-22T12:00:30.000Z', before: '2026-11-22T12:01:02.000Z' },
          inOldState: { seconds: 7230, atLeast: false },
          type: 't3.micro',
          zone: 'eu-west-1a',
          privateIp: '10.0.0.7',
          launchTime: '2026-11-22T10:00:00.000Z',
          ami: 'ami-1',
          autoScalingGroup: 'web',
          group: null,
          lifecycle: 'spot',
          operator: 'eks.amazonaws.com',
          consoleUrl:
            'https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-1',
          settled: {
            from: 'running',
            path: ['running', 'stopped'],
            cause: 'api-call',
            severity: 'warning',
            inOldState: { seconds: 7230, atLeast: false },
          },
        },
      ],
    });
  });

  it('what shares from, to, cause and severity is one message, and nothing else is', () => {
    const outbox = outboxOf(
      ['i-1', 'i-2', 'i-3', 'i-4'].map((id) => sight(id, 'running')),
      [
        sight('i-1', 'stopped', { reason: shutdown }),
        sight('i-2', 'stopped', { reason: shutdown }),
        sight('i-3', 'stopped', { reason: { code: 'Server.ScheduledStop' } }),
        sight('i-4', 'terminated', { reason: shutdown }),
      ],
    );
    const groups = [...messagesFor('Transitions', outbox, origin)].map((message) =>
      documentIn(message).transitions.map(({ instance }) => instance),
    );
    expect(groups).toEqual([['i-1', 'i-2'], ['i-3'], ['i-4']]);
  });

  it('generations are never mixed, and the older is said first', () => {
    const first = compare(
      baseline(sight('i-1', 'running'), sight('i-2', 'running')),
      lookAt(T0 + MINUTE, [sight('i-1', 'stopped'), sight('i-2', 'running')]),
      circumstances(),
    );
    const second = compare(
      first.snapshot,
      lookAt(T0 + 2 * MINUTE, [sight('i-1', 'stopped'), sight('i-2', 'stopped')]),
      circumstances(),
    );
    const messages = [...messagesFor('Transitions', second.snapshot.outbox, origin)].map(documentIn);
    expect(messages.map(({ generation, count }) => [generation, count])).toEqual([
      [2, 1],
      [3, 1],
    ]);
  });

  it('the second transition of an instance follows the first, whatever the groups are', () => {
    const started = { launchTime: T0 + 30_000 };
    const outbox = outboxOf(
      [sight('i-1', 'stopped'), sight('i-2', 'running'), sight('i-3', 'running')],
      [sight('i-1', 'running', started), sight('i-2', 'running', started), sight('i-3', 'stopped', started)],
    );
    const told = [...messagesFor('Transitions', outbox, origin)].flatMap((message) => documentIn(message).transitions);
    const sequences = (id: string) => told.filter(({ instance }) => instance === id).map(({ sequence }) => sequence);
    expect([sequences('i-1'), sequences('i-2'), sequences('i-3')]).toEqual([[1], [1, 2], [1, 2, 3]]);
  });

  it('a large group is split below the limit of SNS, and none is lost', () => {
    const outbox = storm(5000, { name: 'ü'.repeat(255) });
    const messages = [...messagesFor('Transitions', outbox, origin)];
    const documents = messages.map(documentIn);
    for (const { body, attributes } of messages) {
      expect(Buffer.byteLength(body) + Buffer.byteLength(JSON.stringify(attributes))).toBeLessThan(MESSAGE_LIMIT_BYTES);
    }
    expect(documents.map(({ part }) => part)).toEqual(
      documents.map((_, index) => ({ number: index + 1, of: documents.length })),
    );
    expect(documents.every(({ count }) => count === 5000)).toBe(true);
    expect(new Set(messages.flatMap(({ covers }) => covers)).size).toBe(5000);
    expect(documents.length).toBeLessThan(30);
  });

  it('the smallest form says the same without any text that somebody wrote', () => {
    const outbox = storm(1, { name: '\u0000', autoScalingGroup: '\uffff' });
    const [part] = partsFor('Transitions', outbox, origin);
    if (part === undefined) throw new Error('nothing is owed');
    const bare = messageOf(smallest(part), origin);
    expect(bare.covers).toEqual(outbox.map(({ id }) => id));
    expect(documentIn(bare).transitions[0]).toMatchObject({
      name: null,
      autoScalingGroup: null,
      reason: null,
      to: 'terminated',
    });
  });
});

describe('for people', () => {
  it('300 instances that end for one cause are one mail', () => {
    const messages = [...messagesFor('Alerts', storm(300), origin)];
    expect(messages).toHaveLength(1);
    expect(messages[0]?.covers).toHaveLength(300);
    expect(messages[0]?.subject).toBe('[warning] 300 instances terminated in eu-west-1');
    expect(messages[0]?.attributes).toMatchObject({ from: 'running', to: 'terminated' });
  });

  it('what is on its way is not told', () => {
    const outbox = outboxOf([sight('i-1', 'running')], [sight('i-1', 'stopping')]);
    expect([...messagesFor('Alerts', outbox, origin)]).toEqual([]);
  });

  it('what was told is not told again', () => {
    const outbox = storm(2).map((transition) => ({ ...transition, owed: ['Transitions'] as const }));
    expect([...messagesFor('Alerts', outbox, origin)]).toEqual([]);
    expect([...messagesFor('Transitions', outbox, origin)]).toHaveLength(1);
  });

  it('a baseline of several regions is one message', () => {
    const baselineOf = (region: string, count: number) => {
      const instances = Array.from({ length: count }, (_, index) => sight(`i-${index}`, 'running'));
      const scope = { ...SCOPE, region };
      return compare(undefined, lookAt(T0, instances), circumstances({ scope })).snapshot.outbox;
    };
    const outbox = [...baselineOf('us-east-1', 3), ...baselineOf('eu-west-1', 1)];
    const [message, ...more] = messagesFor('Alerts', outbox, origin);
    if (message === undefined) throw new Error('nothing is owed');
    expect(more).toEqual([]);
    expect(message.subject).toBe('[info] Watching 4 instances in 2 regions');
    expect(message.body).toContain('eu-west-1  1\nus-east-1  3\n');
    expect(message.attributes).toEqual({ kind: 'baseline', account: '123456789012', region: 'multiple' });
  });
});

it('an hour that passed unseen is told with the window in which it happened', () => {
  const { snapshot } = compare(
    baseline(sight('i-1', 'running')),
    lookAt(T0 + HOUR, [sight('i-1', 'stopped')]),
    circumstances(),
  );
  const [message] = messagesFor('Alerts', snapshot.outbox, origin);
  expect(message?.body).toContain('between 12:00:00 and 13:00:02 UTC on 2026-11-22');
});
