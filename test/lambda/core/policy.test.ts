import { DEFAULT_ANNOUNCING } from '../../../lambda/contract/announcing.ts';
import { audienceOf, readersOf } from '../../../lambda/core/policy.ts';
import type { Journey } from '../../../lambda/core/snapshot.ts';
import { compare, STUCK_AFTER_MS } from '../../../lambda/core/transitions.ts';
import { baseline, circumstances, lookAt, MINUTE, SECOND, sight, T0 } from './sights.ts';

const journey = (cause: Journey['cause'], ...path: string[]): Journey => ({ path, cause, severity: 'warning' });
const stopped = journey('api-call', 'running', 'stopping', 'stopped');

describe('who is told', () => {
  it('of what is on its way: machines', () => {
    expect(audienceOf(undefined, { ...DEFAULT_ANNOUNCING, chat: true })).toEqual(['transitions']);
  });

  it('of what settled: machines and people, in chat too where there is one', () => {
    expect(audienceOf(stopped, DEFAULT_ANNOUNCING)).toEqual(['transitions', 'alerts']);
    expect(audienceOf(stopped, { ...DEFAULT_ANNOUNCING, chat: true })).toEqual(['transitions', 'alerts', 'chat']);
    expect(readersOf({ ...DEFAULT_ANNOUNCING, chat: true })).toEqual(['transitions', 'alerts', 'chat']);
  });

  it('of what the user does not want to hear: machines', () => {
    const alert = [{ from: '*', to: 'terminated' }];
    expect(audienceOf(stopped, { ...DEFAULT_ANNOUNCING, alert })).toEqual(['transitions']);
    expect(audienceOf(journey('api-call', 'running', 'terminated'), { ...DEFAULT_ANNOUNCING, alert })).toEqual([
      'transitions',
      'alerts',
    ]);
  });

  it('of what was on its way when the monitor began: by where it got to', () => {
    const alert = [{ from: 'running', to: 'stopped' }];
    const announcing = { ...DEFAULT_ANNOUNCING, alert };
    expect(audienceOf(journey('api-call', 'stopping', 'stopped'), announcing)).toEqual(['transitions', 'alerts']);
    expect(audienceOf(journey('api-call', 'none', 'stopped'), announcing)).toEqual(['transitions']);
  });

  it('of what a group does to itself: machines, unless the user wants it', () => {
    const scaled = journey('auto-scaling', 'running', 'terminated');
    expect(audienceOf(scaled, DEFAULT_ANNOUNCING)).toEqual(['transitions']);
    expect(audienceOf(scaled, { ...DEFAULT_ANNOUNCING, alertAutoScaling: true })).toEqual(['transitions', 'alerts']);
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
      from: 'running',
      to: 'stopping',
      stuck: { ms: STUCK_AFTER_MS, atLeast: false },
      owed: ['alerts'],
    });
    const later = compare(told.snapshot, lookAt(since + 2 * STUCK_AFTER_MS, [stopping]), circumstances());
    expect(later.changed).toBe(false);
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
    expect(again.snapshot.outbox.filter(({ stuck }) => stuck !== undefined).map(({ to }) => to)).toEqual([
      'stopping',
      'shutting-down',
    ]);
    expect(new Set(again.snapshot.outbox.map(({ id }) => id)).size).toBe(again.snapshot.outbox.length);
  });
});
