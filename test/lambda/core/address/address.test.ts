import type { Announcing } from '../../../../lambda/contract/announcing.ts';
import { DEFAULT_ANNOUNCING } from '../../../../lambda/contract/announcing.ts';
import type { Cause } from '../../../../lambda/contract/message.ts';
import type { Reader } from '../../../../lambda/contract/topics.ts';
import { address, readersOf } from '../../../../lambda/core/address/address.ts';
import { STUCK_AFTER_MS } from '../../../../lambda/core/compare/patience.ts';
import type { Condition } from '../../../../lambda/core/known/condition.ts';
import type { ConditionFact, Journey, Transition } from '../../../../lambda/core/known/fact.ts';
import type { Instance } from '../../../../lambda/core/known/instance.ts';
import { baseline, circumstances, compare, lookAt, MINUTE, SECOND, sight, T0 } from '../sights.ts';

/** Who is told of a transition that ended this way. */
function audienceOf(
  journey: Journey | undefined,
  announcing: Announcing,
  facts: Partial<Instance> = {},
): readonly Reader[] {
  const [from = 'running', to = 'stopping'] = [journey?.path.at(-2), journey?.path.at(-1)];
  const fact: Transition = {
    kind: 'transition',
    id: '',
    sequence: 1,
    generation: 1,
    step: 0,
    subject: sight('i-1', to, facts),
    from,
    to,
    inferred: false,
    cause: 'api-call',
    before: T0,
    journey,
  };
  return address([fact], announcing)[0]?.owed ?? [];
}

const journey = (cause: Cause, from: string, ...path: string[]): Journey => ({
  path: [from, ...path],
  causes: path.map(() => cause),
});
const stopped = journey('api-call', 'running', 'stopping', 'stopped');

describe('who is told', () => {
  it('of what is on its way: machines', () => {
    expect(audienceOf(undefined, { ...DEFAULT_ANNOUNCING, chat: true })).toEqual(['Transitions']);
  });

  it('of what settled: machines and people, in chat too where there is one', () => {
    expect(audienceOf(stopped, DEFAULT_ANNOUNCING)).toEqual(['Transitions', 'Alerts']);
    expect(audienceOf(stopped, { ...DEFAULT_ANNOUNCING, chat: true })).toEqual(['Transitions', 'Alerts', 'Chat']);
    expect(readersOf({ ...DEFAULT_ANNOUNCING, chat: true })).toEqual(['Transitions', 'Alerts', 'Chat']);
  });

  it('of what the user does not want to hear: machines', () => {
    const alert = [{ from: '*', to: 'terminated' }];
    expect(audienceOf(stopped, { ...DEFAULT_ANNOUNCING, alert })).toEqual(['Transitions']);
    expect(audienceOf(journey('api-call', 'running', 'terminated'), { ...DEFAULT_ANNOUNCING, alert })).toEqual([
      'Transitions',
      'Alerts',
    ]);
  });

  it('of what was on its way when the monitor began: by where it got to', () => {
    const alert = [{ from: 'running', to: 'stopped' }];
    const announcing = { ...DEFAULT_ANNOUNCING, alert };
    expect(audienceOf(journey('api-call', 'stopping', 'stopped'), announcing)).toEqual(['Transitions', 'Alerts']);
    expect(audienceOf(journey('api-call', 'none', 'stopped'), announcing)).toEqual(['Transitions']);
  });

  it('of what a group does to itself: machines, unless the user wants it', () => {
    const scaled = journey('auto-scaling', 'running', 'terminated');
    expect(audienceOf(scaled, DEFAULT_ANNOUNCING)).toEqual(['Transitions']);
    expect(audienceOf(scaled, { ...DEFAULT_ANNOUNCING, alertAutoScaling: true })).toEqual(['Transitions', 'Alerts']);
  });

  it('of what happens to managed instances: machines, unless the user wants it', () => {
    const managed = { operator: 'eks.amazonaws.com' };
    const alertManaged = { ...DEFAULT_ANNOUNCING, alertManaged: true };
    expect(audienceOf(stopped, DEFAULT_ANNOUNCING, managed)).toEqual(['Transitions']);
    expect(audienceOf(stopped, alertManaged, managed)).toEqual(['Transitions', 'Alerts']);
    const scaled = journey('auto-scaling', 'running', 'terminated');
    expect(audienceOf(scaled, alertManaged, managed)).toEqual(['Transitions']);
  });
});

it('a severity that the user wants for a whole way counts for people', () => {
  const severity = [{ cause: 'unknown', from: 'running', to: 'stopped', severity: 'critical' } as const];
  const announcing = { ...DEFAULT_ANNOUNCING, severity };
  const first = compare(
    baseline(sight('i-1', 'running')),
    lookAt(T0 + MINUTE, [sight('i-1', 'stopping')]),
    circumstances({ announcing }),
  );
  const second = compare(
    first.snapshot,
    lookAt(T0 + 2 * MINUTE, [sight('i-1', 'stopped')]),
    circumstances({ announcing }),
  );
  expect(second.transitions[0]).toMatchObject({ severity: 'warning', settled: { severity: 'critical' } });
});

describe('who is told of a condition', () => {
  const owedFor = (
    condition: Condition,
    announcing: Announcing = DEFAULT_ANNOUNCING,
    facts: Partial<Instance> = {},
  ) => {
    const fact: ConditionFact = {
      kind: 'condition',
      id: '1',
      incident: '1',
      sequence: 0,
      generation: 1,
      subject: sight('i-1', 'running', facts),
      news: 'opened',
      condition,
      began: { before: T0 },
      before: T0,
    };
    return address([fact], announcing).map(({ severity, owed }) => [severity, ...owed].join(' '));
  };
  const event = (of: string): Condition => ({ type: 'event', of, id: 'e-1', description: '' });

  it.each([
    [{ type: 'impaired', of: 'system' }, 'critical Transitions Alerts'],
    [{ type: 'impaired', of: 'performance' }, 'warning Transitions Alerts'],
    [{ type: 'impaired', of: 'constructor' }, 'warning Transitions Alerts'],
    [event('instance-retirement'), 'critical Transitions Alerts'],
    [event('instance-stop'), 'warning Transitions Alerts'],
    [event('system-reboot'), 'info Transitions'],
    [event('a-code-of-tomorrow'), 'warning Transitions Alerts'],
  ] as const)('%j: %s', (condition, told) => {
    expect(owedFor(condition)).toEqual([told]);
  });

  it('follows the last rule of the user that matches', () => {
    const severity = [
      { condition: 'event', of: '*', severity: 'info' },
      { condition: 'event', of: 'system-reboot', severity: 'critical' },
      { cause: 'unknown', from: '*', to: '*', severity: 'critical' },
    ] as const;
    const announcing = { ...DEFAULT_ANNOUNCING, severity };
    expect(owedFor(event('system-reboot'), announcing)).toEqual(['critical Transitions Alerts']);
    expect(owedFor(event('instance-retirement'), announcing)).toEqual(['info Transitions']);
    expect(owedFor({ type: 'impaired', of: 'system' }, announcing)).toEqual(['critical Transitions Alerts']);
  });

  it('leaves people out for instances that an AWS service manages, unless the user wants it', () => {
    const managed = { operator: 'eks.amazonaws.com' };
    const impaired = { type: 'impaired', of: 'system' } as const;
    expect(owedFor(impaired, DEFAULT_ANNOUNCING, managed)).toEqual(['critical Transitions']);
    expect(owedFor(impaired, { ...DEFAULT_ANNOUNCING, alertManaged: true }, managed)).toEqual([
      'critical Transitions Alerts',
    ]);
  });
});

describe('an instance that is stuck on its way', () => {
  const stopping = sight('i-1', 'stopping');
  const first = compare(baseline(sight('i-1', 'running')), lookAt(T0 + MINUTE, [stopping]), circumstances());
  const since = T0 + MINUTE + 2 * SECOND;

  it('is told once, after twenty minutes', () => {
    const before = compare(first.snapshot, lookAt(since + STUCK_AFTER_MS - SECOND, [stopping]), circumstances());
    expect(before.snapshot.outbox).toHaveLength(1);
    const told = compare(first.snapshot, lookAt(since + STUCK_AFTER_MS, [stopping]), circumstances());
    expect(told.transitions).toEqual([]);
    expect(told.changed).toBe(true);
    expect(told.snapshot.outbox.at(-1)).toMatchObject({
      kind: 'condition',
      news: 'opened',
      condition: { type: 'stuck', of: 'stopping' },
      began: { after: since, before: since },
      subject: { state: 'stopping' },
      settled: { path: ['running', 'stopping'] },
      severity: 'warning',
      owed: ['Transitions', 'Alerts'],
    });
    const later = compare(told.snapshot, lookAt(since + 2 * STUCK_AFTER_MS, [stopping]), circumstances());
    expect(later.changed).toBe(false);
  });

  it('is not told if an AWS service manages it, unless the user wants it', () => {
    const managed = { ...stopping, operator: 'eks.amazonaws.com' };
    const told = (announcing: Announcing) =>
      compare(first.snapshot, lookAt(since + STUCK_AFTER_MS, [managed]), circumstances({ announcing })).conditions;
    expect(told(DEFAULT_ANNOUNCING)).toMatchObject([{ owed: ['Transitions'] }]);
    expect(told({ ...DEFAULT_ANNOUNCING, alertManaged: true })).toMatchObject([{ owed: ['Transitions', 'Alerts'] }]);
  });

  it('is told again when it is stuck in the next state', () => {
    const told = compare(first.snapshot, lookAt(since + STUCK_AFTER_MS, [stopping]), circumstances());
    const moved = compare(
      told.snapshot,
      lookAt(since + STUCK_AFTER_MS + MINUTE, [sight('i-1', 'shutting-down')]),
      circumstances(),
    );
    const again = compare(
      moved.snapshot,
      lookAt(since + 3 * STUCK_AFTER_MS, [sight('i-1', 'shutting-down')]),
      circumstances(),
    );
    const conditions = [told, moved, again].flatMap((each) => each.conditions);
    expect(conditions.map(({ news, condition }) => `${news} ${condition.of}`)).toEqual([
      'opened stopping',
      'closed stopping',
      'opened shutting-down',
    ]);
    expect(new Set(again.snapshot.outbox.map(({ id }) => id)).size).toBe(again.snapshot.outbox.length);
  });
});
