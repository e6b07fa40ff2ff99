import type { Announcing } from '../../../../lambda/contract/announcing.ts';
import { DEFAULT_ANNOUNCING } from '../../../../lambda/contract/announcing.ts';
import type { Cause } from '../../../../lambda/contract/message.ts';
import type { Reader } from '../../../../lambda/contract/topics.ts';
import { address, readersOf } from '../../../../lambda/core/address/address.ts';
import { STUCK_AFTER_MS } from '../../../../lambda/core/compare/patience.ts';
import type { Journey, Transition } from '../../../../lambda/core/known/fact.ts';
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

describe('an instance that is stuck on its way', () => {
  const stopping = sight('i-1', 'stopping');
  const first = compare(baseline(sight('i-1', 'running')), lookAt(T0 + MINUTE, [stopping]), circumstances());
  const since = T0 + MINUTE + 2 * SECOND;

  it('is told to people once, after twenty minutes, and to machines never', () => {
    const before = compare(first.snapshot, lookAt(since + STUCK_AFTER_MS - SECOND, [stopping]), circumstances());
    expect(before.snapshot.outbox).toHaveLength(1);
    const told = compare(first.snapshot, lookAt(since + STUCK_AFTER_MS, [stopping]), circumstances());
    expect(told.transitions).toEqual([]);
    expect(told.changed).toBe(true);
    expect(told.snapshot.outbox.at(-1)).toMatchObject({
      kind: 'stuck',
      subject: { state: 'stopping' },
      settled: { path: ['running', 'stopping'] },
      inState: { ms: STUCK_AFTER_MS, atLeast: false },
      owed: ['Alerts'],
    });
    const later = compare(told.snapshot, lookAt(since + 2 * STUCK_AFTER_MS, [stopping]), circumstances());
    expect(later.changed).toBe(false);
  });

  it('is not told if an AWS service manages it, unless the user wants it', () => {
    const managed = { ...stopping, operator: 'eks.amazonaws.com' };
    const told = (announcing: Announcing) =>
      compare(
        first.snapshot,
        lookAt(since + STUCK_AFTER_MS, [managed]),
        circumstances({ announcing }),
      ).snapshot.outbox.filter(({ kind }) => kind === 'stuck');
    expect(told(DEFAULT_ANNOUNCING)).toEqual([]);
    expect(told({ ...DEFAULT_ANNOUNCING, alertManaged: true })).toMatchObject([{ owed: ['Alerts'] }]);
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
    expect(again.snapshot.outbox.filter((each) => each.kind === 'stuck').map(({ subject }) => subject.state)).toEqual([
      'stopping',
      'shutting-down',
    ]);
    expect(new Set(again.snapshot.outbox.map(({ id }) => id)).size).toBe(again.snapshot.outbox.length);
  });
});
