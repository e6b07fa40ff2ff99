import fc from 'fast-check';
import { DEFAULT_ANNOUNCING } from '../../../../lambda/contract/announcing.ts';
import type { Instance } from '../../../../lambda/core/known/instance.ts';
import { CHAT_LIMITS, type ChatCard } from '../../../../lambda/core/tell/chat.ts';
import { RUNBOOK } from '../../../../lib/published-docs.ts';
import { baseline, circumstances, compare, lookAt, MINUTE, messagesFor, SCOPE, sight, T0 } from '../sights.ts';

const ORIGIN = { ...SCOPE, partition: 'aws', timezone: 'Asia/Seoul', runbook: RUNBOOK };
const announcing = { ...DEFAULT_ANNOUNCING, chat: true, alertAutoScaling: true };

function cards(before: readonly Instance[], after: readonly Instance[]): ChatCard[] {
  const { snapshot } = compare(baseline(...before), lookAt(T0 + MINUTE, after), circumstances({ announcing }));
  return [...messagesFor('Chat', snapshot.outbox, ORIGIN)].map(({ body }) => JSON.parse(body));
}

const stopped = (facts: Partial<Instance>): ChatCard => {
  const [card] = cards([sight('i-1', 'running', facts)], [sight('i-1', 'stopped', facts)]);
  if (card === undefined) throw new Error('no card');
  return card;
};

it('tells of one instance', () => {
  expect(stopped({ name: 'web-1' })).toEqual({
    version: '1.0',
    source: 'custom',
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    content: {
      textType: 'client-markdown',
      title: '🟠 web-1 stopped in eu-west-1',
      description: [
        'web-1 (i-1) stopped in eu-west-1. Cause: unknown.',
        'Change: running → stopped',
        'Happened: between 21:00:00 and 21:01:02 Asia/Seoul on 2026-11-22',
        'Was running: 2 h 1 min',
        'Account: 123456789012',
        'Type: t3.micro',
        'Zone: eu-west-1a',
      ].join('\n'),
      nextSteps: [
        'Instance: https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-1',
        `What to do: ${RUNBOOK}#an-instance-changed-its-state`,
      ],
      keywords: ['warning', 'eu-west-1', 'stopped'],
    },
    metadata: {
      threadId: '123456789012/eu-west-1/i-1',
      summary: 'web-1 stopped in eu-west-1',
      eventType: 'transitions',
      additionalContext: {
        kind: 'transitions',
        account: '123456789012',
        region: 'eu-west-1',
        from: 'running',
        to: 'stopped',
        cause: 'unknown',
        severity: 'warning',
      },
    },
  });
});

it('links to who did it, and says that CloudTrail takes its time', () => {
  const reason = { code: 'Client.UserInitiatedShutdown', text: 'User initiated' };
  expect(stopped({ reason }).content.nextSteps[1]).toMatch(
    /^Who did it \(CloudTrail shows an API call about 5 minutes .+\): https:\S+ResourceName=i-1$/,
  );
});

it('keeps the story of one instance, and that of one group, in one thread', () => {
  const members = ['i-1', 'i-2'].map((id) => sight(id, 'running', { autoScalingGroup: 'web' }));
  const ended = members.map((instance) => ({ ...instance, state: 'terminated' }));
  expect(cards(members, ended).map(({ metadata }) => metadata.threadId)).toEqual(['123456789012/eu-west-1/web']);
  expect(stopped({ autoScalingGroup: 'web' }).metadata.threadId).toBe('123456789012/eu-west-1/web');
});

it('names twenty of many', () => {
  const many = Array.from({ length: 300 }, (_, index) => sight(`i-${index}`, 'running', { name: 'n'.repeat(255) }));
  const [card] = cards(
    many,
    many.map((instance) => ({ ...instance, state: 'stopped' })),
  );
  expect(card?.content.title).toBe('🟠 300 instances stopped in eu-west-1');
  expect(card?.content.description.match(/^•/gm)).toHaveLength(20);
  expect(card?.content.description).toContain('and 280 more');
});

it('fits the schema whatever the Name and the reason are', () => {
  const text = fc.string({ unit: 'binary', maxLength: 255 });
  fc.assert(
    fc.property(text, text, text, (name, autoScalingGroup, reason) => {
      const { content, metadata } = stopped({
        name,
        autoScalingGroup,
        reason: { code: 'Server.New', text: reason.repeat(50) },
      });
      expect(content.title.length).toBeLessThanOrEqual(CHAT_LIMITS.title);
      expect(content.description.length).toBeLessThanOrEqual(CHAT_LIMITS.description);
      expect(content.title + metadata.summary).not.toMatch(/[<>\p{Cc}\p{Cs}\u202e]/u);
      expect(Object.values(metadata.additionalContext).every((value) => typeof value === 'string')).toBe(true);
    }),
    { seed: 9, numRuns: 200 },
  );
});

it('does not let a Name mention a channel or dress up as a link', () => {
  expect(stopped({ name: '<!channel> [here](https://example.com)' }).content.title).toBe(
    '🟠 &lt;!channel&gt; [here] (https://example.com) stopped in eu-west-1',
  );
});

it.each(['&', '<', '🚀&'])('never cuts a title, a summary or a description inside the escape of %s', (character) => {
  const text = `${character.repeat(120)}.`;
  for (const padding of ['', 'a', 'ab', 'abc', 'abcd']) {
    const { content, metadata } = stopped({ name: padding + text, reason: { text: text.repeat(90) } });
    for (const [shown, limit] of [
      [content.title, CHAT_LIMITS.title],
      [metadata.summary, CHAT_LIMITS.title],
      [content.description, CHAT_LIMITS.description],
    ] as const) {
      expect(shown.replaceAll(/&(amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
      expect(shown).toMatch(/…$/);
      expect(shown.length).toBeLessThanOrEqual(limit);
      // Nothing shorter than what would not have fitted is cut.
      expect(shown.length).toBeGreaterThan(limit - '&amp;'.length);
    }
  }
});

it('does not let a tag mention a channel through the attributes', () => {
  const { additionalContext } = stopped({ group: '<!channel>\u202e& [x](https://example.com)' }).metadata;
  expect(additionalContext['group']).toBe('&lt;!channel&gt; &amp; [x] (https://example.com)');
});

it('tells that the monitor watches', () => {
  const instances = ['i-1', 'i-2', 'i-3'].map((id) => sight(id, 'running'));
  const { snapshot } = compare(undefined, lookAt(T0, instances), circumstances({ announcing }));
  const [message] = messagesFor('Chat', snapshot.outbox, ORIGIN);
  const body = message?.body ?? '';
  const { content } = JSON.parse(body);
  expect(content.title).toBe('🟢 Watching 3 instances in eu-west-1');
  expect(content.description).toMatch(/\nAccount: 123456789012$/);
  expect(content.nextSteps).toEqual([expect.stringMatching(/^What to do: https:/)]);
});
