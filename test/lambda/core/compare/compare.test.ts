import fc from 'fast-check';
import { STATES } from '../../../../lambda/contract/states.ts';
import { idsToAskFor } from '../../../../lambda/core/compare/ids-to-ask-for.ts';
import {
  BASELINE_AFTER_MS,
  LAG_MS,
  REMEMBER_ENDED_MS,
  STUCK_AFTER_MS,
} from '../../../../lambda/core/compare/patience.ts';
import type { Instance } from '../../../../lambda/core/known/instance.ts';
import type { Known, Snapshot } from '../../../../lambda/core/known/snapshot.ts';
import { baseline, changes, circumstances, compare, HOUR, life, lookAt, MINUTE, SECOND, sight, T0 } from '../sights.ts';

describe('a baseline', () => {
  it('announces nothing, and owes people the news that the scope is watched', () => {
    const { snapshot, transitions } = compare(undefined, lookAt(T0, [sight('i-1', 'running')]), circumstances());
    expect(transitions).toEqual([]);
    expect(snapshot).toMatchObject({ generation: 1, baselineAt: T0, hadInstances: true });
    expect(snapshot.outbox).toMatchObject([{ kind: 'baseline', instances: 1, owed: ['Alerts'] }]);
  });

  it('is taken anew when the snapshot is older than a week, and keeps what was not announced yet', () => {
    const stopped = compare(
      baseline(sight('i-1', 'running')),
      lookAt(T0 + MINUTE, [sight('i-1', 'stopped')]),
      circumstances(),
    );
    const later = T0 + MINUTE + BASELINE_AFTER_MS + SECOND;
    const { snapshot, transitions } = compare(
      stopped.snapshot,
      lookAt(later, [sight('i-2', 'running')]),
      circumstances(),
    );
    expect(transitions).toEqual([]);
    expect([...snapshot.instances.keys()]).toEqual(['i-2']);
    expect(snapshot).toMatchObject({ generation: 3, baselineAt: later });
    expect(snapshot.outbox).toMatchObject([...stopped.snapshot.outbox, { kind: 'baseline', owed: ['Alerts'] }]);
  });

  it('is not taken while the snapshot is a week old to the second', () => {
    const { transitions } = compare(
      baseline(),
      lookAt(T0 + BASELINE_AFTER_MS, [sight('i-1', 'running', { launchTime: T0 + HOUR })]),
      circumstances(),
    );
    expect(transitions).toHaveLength(1);
  });
});

describe('an instance that was not there', () => {
  it('is announced in whichever state it is', () => {
    for (const state of [...STATES, 'frozen']) {
      const [, second] = life([], [sight('i-1', state, { launchTime: T0 + 30 * SECOND })]);
      expect(changes(second)).toEqual([`none -> ${state}`]);
    }
  });

  it('is adopted in silence when it is older than the baseline, which a late listing left it out of', () => {
    const [, second] = life([], [sight('i-1', 'running')]);
    expect(changes(second)).toEqual([]);
    expect(second?.snapshot.instances.get('i-1')?.seen.state).toBe('running');
  });

  it('is announced when it was launched while the monitor was down', () => {
    const instance = sight('i-1', 'running', { launchTime: T0 + 20 * MINUTE });
    const comparison = compare(baseline(), lookAt(T0 + HOUR, [instance]), circumstances());
    expect(changes(comparison)).toEqual(['none -> running']);
    expect(comparison.transitions[0]).toMatchObject({ after: T0 + 20 * MINUTE, before: T0 + HOUR + 2 * SECOND });
  });

  it('is adopted in silence when a selection took it in long after its launch', () => {
    const selective = circumstances({ selection: 'tag:env=prod' });
    const first = compare(undefined, lookAt(T0, []), selective).snapshot;
    const launched = (at: number): Instance => sight('i-1', 'running', { launchTime: at });
    const now = T0 + HOUR;
    const snapshot = { ...first, lookedAt: now - MINUTE };
    expect(changes(compare(snapshot, lookAt(now, [launched(T0 + MINUTE)]), selective))).toEqual([]);
    expect(changes(compare(snapshot, lookAt(now, [launched(now - MINUTE - LAG_MS)]), selective))).toEqual([
      'none -> running',
    ]);
  });
});

describe('an instance seen in a later state of the same life', () => {
  it('is announced from the one to the other', () => {
    const [, second] = life([sight('i-1', 'running')], [sight('i-1', 'stopped')]);
    expect(changes(second)).toEqual(['running -> stopped']);
  });

  it('is announced step by step when the steps are seen, and once to people', () => {
    const looks = life([sight('i-1', 'running')], [sight('i-1', 'stopping')], [sight('i-1', 'stopped')]);
    expect(looks.map(changes)).toEqual([[], ['running -> stopping'], ['stopping -> stopped']]);
    expect(looks[1]?.transitions[0]?.settled).toBeUndefined();
    expect(looks[1]?.transitions[0]?.owed).toEqual(['Transitions']);
    expect(looks[2]?.transitions[0]?.settled?.path).toEqual(['running', 'stopping', 'stopped']);
    expect(looks[2]?.transitions[0]?.owed).toEqual(['Transitions', 'Alerts']);
  });

  it('counts the transitions of each instance', () => {
    const looks = life([sight('i-1', 'running')], [sight('i-1', 'stopping')], [sight('i-1', 'stopped')]);
    expect(looks.flatMap(({ transitions }) => transitions.map(({ sequence }) => sequence))).toEqual([1, 2]);
  });
});

describe('a step back in the same life', () => {
  const running = sight('i-1', 'running');
  const stopping = sight('i-1', 'stopping');

  it('is not believed at once', () => {
    const looks = life([running], [stopping], [running], [stopping]);
    expect(looks.map(changes)).toEqual([[], ['running -> stopping'], [], []]);
  });

  it('is announced when the next look repeats it, since the last look that did not show it', () => {
    const looks = life([running], [stopping], [running], [running]);
    expect(looks.map(changes)).toEqual([[], ['running -> stopping'], [], ['stopping -> running']]);
    expect(looks[3]?.transitions[0]).toMatchObject({ after: T0 + MINUTE });
  });

  it('that was not believed says nothing of when the next change happened', () => {
    const looks = life([stopping], [running], [sight('i-1', 'stopped')]);
    expect(looks.map(changes)).toEqual([[], [], ['stopping -> stopped']]);
    expect(looks[2]?.transitions[0]).toMatchObject({ after: T0 });
  });

  it('is not confirmed by a look of the same moment', () => {
    const [, , doubted] = life([running], [stopping], [running]);
    if (doubted === undefined) throw new Error('three looks were taken');
    const twin = compare(doubted.snapshot, lookAt(T0 + 2 * MINUTE + SECOND, [running]), circumstances());
    expect(changes(twin)).toEqual([]);
    expect(twin.changed).toBe(false);
  });

  it('never moves an instance that is terminated', () => {
    const looks = life([running], [sight('i-1', 'terminated')], [running], [running], [running]);
    expect(looks.map(changes)).toEqual([[], ['running -> terminated'], [], [], []]);
  });

  it('is never believed from a life before this one', () => {
    const restarted = sight('i-1', 'running', { launchTime: T0 + 30 * SECOND });
    const looks = life([sight('i-1', 'stopped')], [restarted], [sight('i-1', 'stopped')], [sight('i-1', 'stopped')]);
    expect(looks.map(changes)).toEqual([[], ['stopped -> running'], [], []]);
  });
});

describe('a later LaunchTime', () => {
  const later = { launchTime: T0 + 30 * SECOND };
  it.each([
    ['stopped', 'pending', ['stopped -> pending']],
    ['stopped', 'running', ['stopped -> running']],
    ['running', 'running', ['running -> stopped?', 'stopped -> running']],
    ['stopping', 'pending', ['stopping -> stopped?', 'stopped -> pending']],
    ['pending', 'running', ['pending -> stopped?', 'stopped -> running']],
    ['stopped', 'stopped', ['stopped -> running?', 'running -> stopped']],
    ['running', 'stopping', ['running -> stopped?', 'stopped -> running?', 'running -> stopping']],
    ['running', 'terminated', ['running -> stopped?', 'stopped -> running?', 'running -> terminated']],
    ['frozen', 'running', ['frozen -> stopped?', 'stopped -> running']],
    ['stopped', 'frozen', ['stopped -> frozen']],
  ])('shows that %s became %s by a stop and a start', (from, to, expected) => {
    const [, second] = life([sight('i-1', from)], [sight('i-1', to, later)]);
    expect(changes(second)).toEqual(expected);
  });

  it('tells people of one change, with the way it went', () => {
    const [, second] = life([sight('i-1', 'running')], [sight('i-1', 'running', later)]);
    expect(second?.transitions.map(({ settled }) => settled?.path)).toEqual([
      undefined,
      ['running', 'stopped', 'running'],
    ]);
  });

  it('puts the stop before the start and the start at its own time', () => {
    const [, second] = life([sight('i-1', 'running')], [sight('i-1', 'running', later)]);
    expect(second?.transitions).toMatchObject([
      { after: T0, before: later.launchTime, step: 0 },
      { after: later.launchTime, before: T0 + MINUTE + 2 * SECOND, step: 1 },
    ]);
    expect(second?.transitions[1]?.inOldState).toBeUndefined();
  });

  it('after shutting-down cannot be, and has to be repeated', () => {
    const impossible = sight('i-1', 'running', later);
    const looks = life([sight('i-1', 'shutting-down')], [impossible], [impossible]);
    expect(looks.map(changes)).toEqual([[], [], ['shutting-down -> running']]);
  });
});

describe('an instance that is gone from a look', () => {
  const running = sight('i-1', 'running', { name: 'web-1' });
  const missedTwice = T0 + 2 * MINUTE;

  it('is remembered, and nothing is announced', () => {
    const [, second] = life([running], []);
    expect(changes(second)).toEqual([]);
    expect(second?.snapshot.instances.get('i-1')?.missing).toEqual({ at: T0 + MINUTE, after: T0 });
    expect(second?.changed).toBe(true);
  });

  it('is asked for by id when the next look misses it too, and not before', () => {
    const [first, second] = life([running], []);
    expect(idsToAskFor(first?.snapshot, [], T0 + MINUTE, 10)).toEqual([]);
    expect(idsToAskFor(second?.snapshot, [], T0 + MINUTE + SECOND, 10)).toEqual([]);
    expect(idsToAskFor(second?.snapshot, [], missedTwice, 10)).toEqual(['i-1']);
    expect(idsToAskFor(second?.snapshot, [running], missedTwice, 10)).toEqual([]);
    expect(idsToAskFor(second?.snapshot, [], missedTwice, 0)).toEqual([]);
    expect(idsToAskFor(second?.snapshot, [], missedTwice + BASELINE_AFTER_MS, 10)).toEqual([]);
    expect(idsToAskFor(undefined, [], missedTwice, 10)).toEqual([]);
  });

  it.each([
    ['nobody knows it', undefined],
    ['it is found shutting-down', sight('i-1', 'shutting-down', { untagged: true })],
    ['it is found terminated', sight('i-1', 'terminated', { untagged: true })],
  ])('is terminated when %s: inferred, with its last known Name, since the last look that showed it', (_, answer) => {
    const [, second] = life([running], []);
    const third = compare(second?.snapshot, lookAt(missedTwice, [], new Map([['i-1', answer]])), circumstances());
    expect(changes(third)).toEqual(['running -> terminated?']);
    expect(third.transitions[0]).toMatchObject({ after: T0, subject: { name: 'web-1', state: 'terminated' } });
  });

  it('is not terminated while it was not asked for', () => {
    const looks = life([running], [], [], []);
    expect(looks.map(changes)).toEqual([[], [], [], []]);
  });

  it('stays as it was when it is found alive and nothing is selected: the listing was late', () => {
    const [, second] = life([running], []);
    const third = compare(second?.snapshot, lookAt(missedTwice, [], new Map([['i-1', running]])), circumstances());
    expect(changes(third)).toEqual([]);
    expect(third.snapshot.instances.get('i-1')?.missing).toBeUndefined();
  });

  it('is dropped in silence when it stays alive outside the selection for longer than an answer may be late', () => {
    const selective = circumstances({ selection: 'tag:env=prod' });
    const first = compare(undefined, lookAt(T0, [running]), selective);
    const asked = new Map([['i-1', running]]);
    const second = compare(first.snapshot, lookAt(T0 + MINUTE, []), selective);
    const third = compare(second.snapshot, lookAt(missedTwice, [], asked), selective);
    expect(third.snapshot.instances.has('i-1')).toBe(true);
    const last = compare(third.snapshot, lookAt(T0 + MINUTE + LAG_MS, [], asked), selective);
    expect(changes(last)).toEqual([]);
    expect(last.snapshot.instances.has('i-1')).toBe(false);
  });

  it('is not terminated for one answer by id that does not know it, where a selection may be why listings miss it', () => {
    const selective = circumstances({ selection: 'tag:env=prod' });
    const gone = new Map([['i-1', undefined]]);
    const alive = new Map([['i-1', running]]);
    const lookAgain = (minute: number, previous: Snapshot, asked: ReadonlyMap<string, Instance | undefined>) =>
      compare(previous, lookAt(T0 + minute * MINUTE, [], asked), selective);
    const missed = lookAgain(1, compare(undefined, lookAt(T0, [running]), selective).snapshot, new Map());
    const once = lookAgain(2, missed.snapshot, gone);
    expect(changes(once)).toEqual([]);
    const found = lookAgain(3, once.snapshot, alive);
    const onceMore = lookAgain(4, found.snapshot, gone);
    expect([found, onceMore].map(changes)).toEqual([[], []]);
    expect(changes(lookAgain(5, onceMore.snapshot, gone))).toEqual(['running -> terminated?']);
  });

  it('is not terminated for one answer by id either when the selection has just changed', () => {
    const selective = circumstances({ selection: 'tag:env=prod' });
    const gone = new Map([['i-1', undefined]]);
    const missed = compare(
      compare(undefined, lookAt(T0, [running]), selective).snapshot,
      lookAt(T0 + MINUTE, []),
      selective,
    );
    const once = compare(missed.snapshot, lookAt(missedTwice, [], gone), circumstances());
    expect(changes(once)).toEqual([]);
    const atOnce = compare(once.snapshot, lookAt(missedTwice + SECOND, [], gone), circumstances());
    expect(changes(atOnce)).toEqual([]);
    const twice = compare(once.snapshot, lookAt(T0 + 3 * MINUTE, [], gone), circumstances());
    expect(changes(twice)).toEqual(['running -> terminated?']);
  });

  it('comes back without a word when the listing shows it again', () => {
    const looks = life([running], [], [running]);
    expect(looks.map(changes)).toEqual([[], [], []]);
    expect(looks[2]?.snapshot.instances.get('i-1')?.missing).toBeUndefined();
  });

  it('may have changed at any time since the last look that showed it, when it comes back changed', () => {
    const [, , third] = life([running], [], [sight('i-1', 'stopped')]);
    expect(changes(third)).toEqual(['running -> stopped']);
    expect(third?.transitions[0]).toMatchObject({ after: T0, before: T0 + 2 * MINUTE + 2 * SECOND });
    const [, , again] = life([running], [], [sight('i-1', 'running', { launchTime: T0 + 30 * SECOND })]);
    expect(again?.transitions[0]).toMatchObject({ to: 'stopped', after: T0, before: T0 + 30 * SECOND });
  });

  it('is forgotten some time after it was terminated, so that a late answer does not revive it', () => {
    const looks = life([running], [sight('i-1', 'terminated')], [], [running]);
    expect(looks.map(changes)).toEqual([[], ['running -> terminated'], [], []]);
    const gone = compare(looks[2]?.snapshot, lookAt(missedTwice + REMEMBER_ENDED_MS + SECOND, []), circumstances());
    expect(changes(gone)).toEqual([]);
    expect(gone.snapshot.instances.has('i-1')).toBe(false);
  });
});

describe('a selection that changed since the snapshot', () => {
  it('adopts what it takes in and raises no storm about what it leaves out', () => {
    const fleet = Array.from({ length: 50 }, (_, index) => sight(`i-${index}`, 'running'));
    const selective = circumstances({ selection: 'tag:env=prod' });
    const narrowed = compare(baseline(...fleet), lookAt(T0 + MINUTE, fleet.slice(0, 5)), selective);
    expect(changes(narrowed)).toEqual([]);
    expect(narrowed.changed).toBe(true);
    const widened = compare(
      compare(undefined, lookAt(T0, fleet.slice(0, 5)), selective).snapshot,
      lookAt(T0 + MINUTE, fleet),
      circumstances(),
    );
    expect(changes(widened)).toEqual([]);
    expect(widened.snapshot.instances.size).toBe(50);
  });

  it('adopts what it takes in also when the first listing under it was late', () => {
    const selective = circumstances({ selection: 'tag:env=prod' });
    const late = sight('i-1', 'running', { launchTime: T0 + MINUTE });
    const at = (minutes: number, previous: Snapshot, seen: readonly Instance[], under = circumstances()) =>
      compare(previous, lookAt(T0 + minutes * MINUTE, seen), under);
    const narrow = at(20, compare(undefined, lookAt(T0, []), selective).snapshot, [], selective);
    const widened = at(21, narrow.snapshot, []);
    const second = at(22, widened.snapshot, [late]);
    expect([widened, second].map(changes)).toEqual([[], []]);
    expect(second.snapshot.instances.has('i-1')).toBe(true);
    const launched = sight('i-2', 'running', { launchTime: T0 + 21.5 * MINUTE });
    expect(changes(at(22, widened.snapshot, [launched]))).toEqual(['none -> running']);
  });

  it('still announces what changed meanwhile in what it keeps', () => {
    const narrowed = compare(
      baseline(sight('i-1', 'running'), sight('i-2', 'running')),
      lookAt(T0 + MINUTE, [sight('i-1', 'stopped')]),
      circumstances({ selection: 'tag:env=prod' }),
    );
    expect(changes(narrowed)).toEqual(['running -> stopped']);
  });
});

describe('a state that this version does not know', () => {
  it('is announced when the next look repeats it, since nobody can say whether it is a step back', () => {
    const frozen = sight('i-1', 'frozen');
    const looks = life(
      [sight('i-1', 'running')],
      [frozen],
      [frozen],
      [sight('i-1', 'running')],
      [sight('i-1', 'running')],
    );
    expect(looks.map(changes)).toEqual([[], [], ['running -> frozen'], [], ['frozen -> running']]);
  });

  it('is told to people, who would never hear of it otherwise', () => {
    const frozen = sight('i-1', 'frozen');
    const [, , third] = life([sight('i-1', 'running')], [frozen], [frozen]);
    expect(third?.transitions[0]?.owed).toEqual(['Transitions', 'Alerts']);
  });
});

describe('tags', () => {
  it('stay as last known when an answer has none', () => {
    const [, second] = life(
      [sight('i-1', 'running', { name: 'web-1' })],
      [sight('i-1', 'terminated', { untagged: true })],
    );
    expect(second?.transitions[0]?.subject).toMatchObject({ name: 'web-1' });
    expect(second?.transitions[0]?.subject).not.toHaveProperty('untagged');
  });

  it('are gone when others are left: a member that was detached is none any more', () => {
    const [, second] = life([sight('i-1', 'running', { autoScalingGroup: 'web' })], [sight('i-1', 'running')]);
    expect(second?.snapshot.instances.get('i-1')?.seen).not.toHaveProperty('autoScalingGroup');
  });

  it('follow when they change', () => {
    const [, second] = life([sight('i-1', 'running', { name: 'web-1' })], [sight('i-1', 'running', { name: 'web-2' })]);
    expect(second?.snapshot.instances.get('i-1')?.seen.name).toBe('web-2');
    expect(second?.changed).toBe(true);
  });
});

describe('how long an instance was in the old state', () => {
  it('counts from its launch', () => {
    const [, second] = life([sight('i-1', 'running')], [sight('i-1', 'stopped')]);
    expect(second?.transitions[0]?.inOldState).toEqual({ ms: 2 * HOUR + MINUTE + 2 * SECOND, atLeast: false });
  });

  it('is "at least" when it was in it before anybody watched', () => {
    const started = sight('i-1', 'running', { launchTime: T0 + 50 * SECOND });
    const [, second] = life([sight('i-1', 'stopped')], [started]);
    expect(second?.transitions[0]?.inOldState).toEqual({ ms: 50 * SECOND, atLeast: true });
  });

  it('ends when the reason says that it ended', () => {
    const reason = { code: 'Client.UserInitiatedShutdown', text: 'User initiated', at: T0 + 20 * SECOND };
    const [, second] = life([sight('i-1', 'running')], [sight('i-1', 'stopping', { reason })]);
    expect(second?.transitions[0]).toMatchObject({
      after: T0 + 20 * SECOND,
      inOldState: { ms: 2 * HOUR + 20 * SECOND, atLeast: false },
    });
  });
});

describe('the id of a transition', () => {
  const stop = (snapshot: Snapshot, at: number, sweepId = 'sweep-1'): string | undefined =>
    compare(snapshot, lookAt(at, [sight('i-1', 'stopped')]), circumstances({ sweepId })).transitions[0]?.id;

  it('depends on the snapshot and the sweep that writes it, and not on the clock', () => {
    const snapshot = baseline(sight('i-1', 'running'));
    expect(stop(snapshot, T0 + MINUTE)).toBe(stop(snapshot, T0 + 2 * MINUTE));
    expect(stop(snapshot, T0 + MINUTE)).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is another one after a new baseline, another generation, or for another instance', () => {
    const snapshot = baseline(sight('i-1', 'running'));
    const ids = [
      stop(snapshot, T0 + MINUTE),
      stop({ ...snapshot, generation: 7 }, T0 + MINUTE),
      // The same generation is written again after an older version was restored by hand.
      stop(snapshot, T0 + MINUTE, 'sweep-2'),
      stop({ ...snapshot, baselineAt: T0 - HOUR }, T0 + MINUTE),
      compare(baseline(sight('i-2', 'running')), lookAt(T0 + MINUTE, [sight('i-2', 'stopped')]), circumstances())
        .transitions[0]?.id,
    ];
    expect(new Set(ids).size).toBe(5);
  });
});

describe('laws', () => {
  const state = fc.constantFrom(...STATES, 'frozen');
  const listing = fc.uniqueArray(
    fc.record({
      number: fc.nat(8),
      state,
      launch: fc.constantFrom(-2 * HOUR, -HOUR, 30 * SECOND),
      name: fc.option(fc.string()),
    }),
    { selector: ({ number }) => number },
  );
  const instancesOf = (
    entries: readonly { number: number; state: string; launch: number; name: string | null }[],
  ): Instance[] =>
    entries.map(({ number, state: now, launch, name }) =>
      sight(`i-${number}`, now, { launchTime: T0 + launch, ...(name === null ? {} : { name }) }),
    );
  const statesOf = (instances: ReadonlyMap<string, Known>): Record<string, string> =>
    Object.fromEntries([...instances].map(([id, { seen }]) => [id, seen.state]));

  it('comparing a look with itself finds nothing and changes nothing', () => {
    fc.assert(
      fc.property(listing, (entries) => {
        const first = baseline(...instancesOf(entries));
        const { transitions, changed } = compare(first, lookAt(T0 + MINUTE, instancesOf(entries)), circumstances());
        expect(transitions).toEqual([]);
        // Whoever has been pending for so long is stuck, which people are told once.
        expect(changed).toBe(entries.some(({ state, launch }) => state === 'pending' && -launch >= STUCK_AFTER_MS));
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('applying the transitions to the states before gives the states after', () => {
    fc.assert(
      fc.property(fc.array(listing, { minLength: 2, maxLength: 6 }), (listings) => {
        const looks = life(...listings.map(instancesOf));
        for (const [index, { transitions, snapshot }] of looks.entries()) {
          const before = index === 0 ? {} : statesOf(looks[index - 1]?.snapshot.instances ?? new Map());
          const after = statesOf(snapshot.instances);
          const applied: Record<string, string> = { ...before };
          for (const { subject: instance, from, to } of transitions) {
            expect(applied[instance.id] ?? 'none').toBe(from);
            applied[instance.id] = to;
          }
          // Adopted in silence: a baseline, or older than it. Everything else is explained by the transitions.
          for (const id of Object.keys(after)) if (!(id in applied)) applied[id] = after[id] ?? '';
          expect(applied).toEqual(after);
        }
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('every window holds the moment it speaks of, and steps of an instance do not overtake one another', () => {
    fc.assert(
      fc.property(fc.array(listing, { minLength: 2, maxLength: 6 }), (listings) => {
        for (const { transitions } of life(...listings.map(instancesOf))) {
          for (const { after, before, inOldState } of transitions) {
            expect(after ?? before).toBeLessThanOrEqual(before);
            expect(inOldState?.ms ?? 0).toBeGreaterThanOrEqual(0);
          }
        }
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('sequences of an instance grow by one, and ids never repeat', () => {
    fc.assert(
      fc.property(fc.array(listing, { minLength: 2, maxLength: 8 }), (listings) => {
        const all = life(...listings.map(instancesOf)).flatMap(({ transitions }) => transitions);
        expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
        const counted = new Map<string, number>();
        for (const { subject: instance, sequence } of all) {
          expect(sequence).toBe((counted.get(instance.id) ?? 0) + 1);
          counted.set(instance.id, sequence);
        }
      }),
      { seed: 4, numRuns: 200 },
    );
  });
});

describe('a look that finds more than there is room for', () => {
  const ids = Array.from({ length: 10 }, (_, index) => `i-${index}`);
  const running = ids.map((id) => sight(id, 'running'));
  const stopped = ids.map((id) => sight(id, 'stopped'));
  const roomFor = (room: number) => circumstances({ room });

  it('records whole instances until it is full, counts the others, and the next looks find those', () => {
    const first = compare(baseline(...running), lookAt(T0 + MINUTE, stopped), roomFor(4));
    expect(changes(first)).toHaveLength(4);
    expect(first.postponed).toBe(6);
    const second = compare(first.snapshot, lookAt(T0 + 2 * MINUTE, stopped), roomFor(4));
    const third = compare(second.snapshot, lookAt(T0 + 3 * MINUTE, stopped), roomFor(4));
    expect([second, third].map(({ transitions, postponed }) => [transitions.length, postponed])).toEqual([
      [4, 2],
      [2, 0],
    ]);
    const all = [first, second, third].flatMap(({ transitions }) => transitions.map(({ subject }) => subject.id));
    expect(all.sort()).toEqual([...ids].sort());
  });

  it('does not narrow the windows of what it left for later', () => {
    const first = compare(baseline(...running), lookAt(T0 + MINUTE, stopped), roomFor(4));
    const second = compare(first.snapshot, lookAt(T0 + 2 * MINUTE, stopped), roomFor(10));
    expect(second.transitions.map(({ after }) => after)).toEqual(Array(6).fill(T0));
    expect(second.snapshot.wholeAt).toBeUndefined();
  });

  it('says that something is new although nothing could be recorded, so that the window survives a restart', () => {
    const none = compare(baseline(...running), lookAt(T0 + MINUTE, stopped), roomFor(0));
    expect(none).toMatchObject({ changed: true, postponed: 10, transitions: [] });
    expect(none.snapshot.wholeAt).toBe(T0);
    const again = compare(none.snapshot, lookAt(T0 + 2 * MINUTE, stopped), roomFor(0));
    expect(again.changed).toBe(false);
  });

  it('finds a newcomer and an end that it left for later', () => {
    const newcomer = sight('i-new', 'running', { launchTime: T0 + 30 * SECOND });
    const first = compare(baseline(...running), lookAt(T0 + MINUTE, [...running, newcomer]), roomFor(0));
    expect(first.snapshot.instances.has('i-new')).toBe(false);
    const late = compare(first.snapshot, lookAt(T0 + HOUR, [...running, newcomer]), roomFor(1));
    expect(changes(late)).toEqual(['none -> running']);
  });

  it('remembers a newcomer that waits, though a listing misses it meanwhile', () => {
    const newcomer = sight('i-new', 'running', { launchTime: T0 + 30 * SECOND });
    const around = (room: number) => circumstances({ room, selection: 'tag:env=prod' });
    const first = compare(undefined, lookAt(T0, running), around(10)).snapshot;
    const seen = compare({ ...first, outbox: [] }, lookAt(T0 + 4 * MINUTE, [...running, newcomer]), around(0));
    const missed = compare(seen.snapshot, lookAt(T0 + 8 * MINUTE, running), around(9));
    const again = compare(missed.snapshot, lookAt(T0 + 12 * MINUTE, [...running, newcomer]), around(9));
    expect(changes(again)).toEqual(['none -> running']);
    expect(again.transitions[0]).toMatchObject({ after: T0 + 30 * SECOND });
    expect(again.snapshot).toMatchObject({ wholeAt: undefined, newcomers: undefined });
  });

  it('does not take what enters the selection for a launch, though others have waited for long', () => {
    const selective = (room: number) => circumstances({ room, selection: 'tag:env=prod' });
    const first = compare(undefined, lookAt(T0, running), selective(10)).snapshot;
    const full = compare({ ...first, outbox: [] }, lookAt(T0 + MINUTE, stopped), selective(0));
    const entered = sight('i-entered', 'running', { launchTime: T0 + 30 * SECOND });
    const still = compare(full.snapshot, lookAt(T0 + HOUR / 2, stopped), { ...selective(0), lastLookAt: T0 + MINUTE });
    const unwritten = { ...selective(0), lastLookAt: T0 + HOUR / 2 };
    const later = compare(still.snapshot, lookAt(T0 + HOUR, [...stopped, entered]), unwritten);
    const last = compare(later.snapshot, lookAt(T0 + HOUR + MINUTE, [...stopped, entered]), selective(99));
    expect(last.transitions.map(({ subject }) => subject.id)).not.toContain('i-entered');
    expect(last.snapshot.instances.has('i-entered')).toBe(true);
  });

  it('lets none wait for ever behind instances that change again and again', () => {
    let snapshot: Snapshot = baseline(...running);
    const seen = new Set<string>();
    for (let minute = 1; minute <= 40; minute += 1) {
      const launchTime = T0 + minute * MINUTE - 30 * SECOND;
      const restarted = ids.map((id) => sight(id, 'running', { launchTime }));
      const look = compare(snapshot, lookAt(T0 + minute * MINUTE, restarted), roomFor(2));
      for (const { subject } of look.transitions) seen.add(subject.id);
      snapshot = { ...look.snapshot, outbox: [] };
    }
    expect(seen.size).toBe(ids.length);
  });
});
