import { CONFIRM_AFTER_MS, LAG_MS } from '../../../../lambda/core/compare/patience.ts';
import type { Health, ScheduledEvent } from '../../../../lambda/core/known/health.ts';
import type { Instance } from '../../../../lambda/core/known/instance.ts';
import type { Snapshot } from '../../../../lambda/core/known/snapshot.ts';
import {
  baseline,
  type Compared,
  circumstances,
  compare,
  HOUR,
  health,
  lookAt,
  MINUTE,
  SECOND,
  sight,
  T0,
} from '../sights.ts';

const RUNNING = sight('i-1', 'running');
const DAY = 24 * HOUR;

/** What one look shows: the health of i-1 (`undefined`: EC2 does not answer), and the fleet, if it is not i-1 running. */
type Shown = readonly [seen: Health | undefined, instances?: readonly Instance[]];

/** Looks a minute apart, the first a minute after the baseline. */
function looks(...shown: readonly Shown[]): Compared[] {
  let snapshot: Snapshot = baseline(RUNNING);
  return shown.map(([seen, instances = [RUNNING]], index) => {
    const look = lookAt(T0 + (index + 1) * MINUTE, instances, new Map(), seen && [seen]);
    const compared = compare(snapshot, look, circumstances());
    snapshot = compared.snapshot;
    return compared;
  });
}

/** `2: opened impaired:system`: in which look what happened. */
function told(compared: readonly Compared[]): string[] {
  return compared.flatMap(({ conditions }, index) =>
    conditions.map(({ news, condition, why }) =>
      [`${index + 1}:`, news, `${condition.type}:${condition.of}`, ...(why === undefined ? [] : [why])].join(' '),
    ),
  );
}

const well = [health('i-1')] as const;
const impaired = (check = 'system', impairedSince?: number): Shown => [
  health('i-1', { [check]: { status: 'impaired', impairedSince } }),
];

describe('a status check that fails', () => {
  it.each(['system', 'instance', 'attached-ebs', 'application', 'performance', 'a-check-of-tomorrow'])(
    'is believed when a second look shows it: %s',
    (check) => {
      expect(told(looks(impaired(check), impaired(check), impaired(check)))).toEqual([`2: opened impaired:${check}`]);
    },
  );

  it('of one look only, as at a reboot, is no news', () => {
    const [first, second] = looks(impaired('instance'), well);
    expect(first?.changed).toBe(true);
    expect(second?.snapshot.instances.get('i-1')?.conditions).toBeUndefined();
    expect(told(looks(impaired('instance'), well, impaired('instance'), well))).toEqual([]);
  });

  it('is not believed by two answers of one moment', () => {
    const { snapshot } = compare(
      baseline(RUNNING),
      lookAt(T0 + MINUTE, [RUNNING], new Map(), impaired()[0] && [impaired()[0] as Health]),
      circumstances(),
    );
    const soon = lookAt(T0 + MINUTE + 3 * SECOND + CONFIRM_AFTER_MS - 1, [RUNNING], new Map(), [
      impaired()[0] as Health,
    ]);
    expect(compare(snapshot, soon, circumstances()).conditions).toEqual([]);
  });

  it('began when EC2 says, otherwise between the launch and the first look that showed it', () => {
    const since = T0 + 30 * SECOND;
    expect(looks(impaired('system', since), impaired('system', since))[1]?.conditions[0]?.began).toEqual({
      after: since,
      before: since,
    });
    expect(looks(impaired(), impaired())[1]?.conditions[0]?.began).toEqual({
      after: RUNNING.launchTime,
      before: T0 + MINUTE + 3 * SECOND,
    });
  });

  it.each(['initializing', 'insufficient-data', 'not-applicable', 'a-status-of-tomorrow'])(
    'opens by no other status, and closes by none: %s',
    (status) => {
      const other = [health('i-1', { system: status })] as const;
      expect(told(looks(other, other, other))).toEqual([]);
      expect(told(looks(impaired(), other, other, impaired()))).toEqual(['4: opened impaired:system']);
      expect(told(looks(impaired(), impaired(), other, other, other))).toEqual(['2: opened impaired:system']);
    },
  );

  it('is over when two looks show that it passes', () => {
    const compared = looks(impaired(), impaired(), well, well);
    expect(told(compared)).toEqual(['2: opened impaired:system', '4: closed impaired:system ok']);
    const [opened, closed] = compared.flatMap(({ conditions }) => conditions);
    expect(closed).toMatchObject({ incident: opened?.incident, before: T0 + 3 * MINUTE + 3 * SECOND });
    expect(opened?.id).toBe(opened?.incident);
    expect(closed?.id).not.toBe(opened?.id);
  });

  it('that flaps stays one incident', () => {
    expect(told(looks(impaired(), impaired(), well, impaired(), well, impaired()))).toEqual([
      '2: opened impaired:system',
    ]);
  });

  it('stays open while health is unknown, or the answer leaves the instance out', () => {
    const none: Shown = [undefined];
    const elsewhere: Shown = [health('i-other')];
    expect(told(looks(impaired(), impaired(), none, none, elsewhere, elsewhere))).toEqual([
      '2: opened impaired:system',
    ]);
    expect(told(looks(none, none, none))).toEqual([]);
  });

  it('is over when the instance stops, ends, or is started anew', () => {
    const stopping: Shown = [undefined, [sight('i-1', 'stopping')]];
    const ended: Shown = [undefined, [sight('i-1', 'terminated')]];
    const restarted: Shown = [impaired()[0], [sight('i-1', 'running', { launchTime: T0 + 150 * SECOND })]];
    const opened = '2: opened impaired:system';
    expect(told(looks(impaired(), impaired(), stopping))).toEqual([opened, '3: closed impaired:system stopped']);
    expect(told(looks(impaired(), impaired(), ended))).toEqual([opened, '3: closed impaired:system terminated']);
    expect(told(looks(impaired(), impaired(), restarted))).toEqual([opened, '3: closed impaired:system restarted']);
  });

  it('is no news if the instance stops after the first look that showed it', () => {
    expect(told(looks(impaired(), [undefined, [sight('i-1', 'stopping')]]))).toEqual([]);
  });

  it('is not opened again by a late answer, but by a new failure', () => {
    const since = T0 + 30 * SECOND;
    const late = impaired('system', since);
    const again = impaired('system', T0 + 5 * MINUTE);
    const closedBy4 = [late, late, well, well] as const;
    expect(told(looks(...closedBy4, late, late)).slice(2)).toEqual([]);
    expect(told(looks(...closedBy4, well, again, again)).slice(2)).toEqual(['7: opened impaired:system']);
  });

  it('of the new life is none of the old one, though both are found at once', () => {
    const launchTime = T0 + 150 * SECOND;
    const again: Shown = [impaired('system', launchTime)[0], [sight('i-1', 'running', { launchTime })]];
    expect(told(looks(impaired(), impaired(), again, again, again))).toEqual([
      '2: opened impaired:system',
      '3: closed impaired:system restarted',
      '5: opened impaired:system',
    ]);
  });

  it('that began before the instance was launched is of an earlier life', () => {
    const launchTime = T0 + 90 * SECOND;
    const late: Shown = [impaired('system', T0 + 30 * SECOND)[0], [sight('i-1', 'running', { launchTime })]];
    expect(told(looks(impaired('system', T0 + 30 * SECOND), late, late, late))).toEqual([]);
  });

  it('that flaps so that each look shows another failure is told, since the first of them', () => {
    const [first, second] = [T0 + 30 * SECOND, T0 + 90 * SECOND];
    const compared = looks(impaired('system', first), impaired('system', second));
    expect(compared[1]?.conditions).toMatchObject([{ news: 'opened', began: { before: first } }]);
  });

  it('is forgotten once no answer can be that late', () => {
    const many = Array.from({ length: LAG_MS / MINUTE + 1 }, () => well);
    const last = looks(impaired(), impaired(), well, well, ...many).at(-1);
    expect(last?.snapshot.instances.get('i-1')?.conditions).toBeUndefined();
  });

  it('counts for each check on its own', () => {
    const both: Shown = [health('i-1', { system: 'impaired', instance: 'impaired' })];
    const one: Shown = [health('i-1', { system: 'impaired' })];
    expect(told(looks(both, both, one, one))).toEqual([
      '2: opened impaired:system',
      '2: opened impaired:instance',
      '4: closed impaired:instance ok',
    ]);
  });

  it('of an instance that appears is found as soon as it is', () => {
    const fresh = sight('i-2', 'running', { launchTime: T0 + 30 * SECOND });
    const shown: Shown = [health('i-2', { system: 'impaired' }), [RUNNING, fresh]];
    expect(told(looks(shown, shown))).toEqual(['2: opened impaired:system']);
  });

  it('is written only when something about it changed', () => {
    const changed = looks(impaired(), impaired(), impaired(), well, well, well).map((each) => each.changed);
    expect(changed).toEqual([true, true, false, true, true, false]);
  });

  it('is not looked at when watching begins: the next two looks find it', () => {
    const first = compare(
      undefined,
      lookAt(T0, [RUNNING], new Map(), [impaired('system', T0 - HOUR)[0] as Health]),
      circumstances(),
    );
    expect(first.conditions).toEqual([]);
    expect(first.snapshot.instances.get('i-1')?.conditions).toBeUndefined();
  });
});

describe('an event that AWS schedules', () => {
  const retirement: ScheduledEvent = {
    id: 'instance-event-1',
    code: 'instance-retirement',
    description: 'The instance is running on degraded hardware',
    notBefore: T0 + 7 * DAY,
  };
  const shows = (...events: readonly ScheduledEvent[]): Shown => [health('i-1', {}, events)];
  const moved = { ...retirement, notBefore: T0 + 9 * DAY };
  const opened = '2: opened event:instance-retirement';
  const ahead = [shows(retirement), shows(retirement)] as const;

  it('is announced when a second look shows it, and once', () => {
    const compared = looks(...ahead, shows(retirement));
    expect(told(compared)).toEqual([opened]);
    expect(compared[1]?.conditions[0]).toMatchObject({
      condition: { id: 'instance-event-1', notBefore: retirement.notBefore },
      began: { before: T0 + MINUTE + 3 * SECOND },
    });
  });

  it('that is moved is announced when a second look shows it, as the same incident', () => {
    const compared = looks(...ahead, shows(moved), shows(moved), shows(moved));
    expect(told(compared)).toEqual([opened, '4: changed event:instance-retirement']);
    const [first, change] = compared.flatMap(({ conditions }) => conditions);
    expect(change).toMatchObject({ incident: first?.incident, condition: { notBefore: moved.notBefore } });
    expect(told(looks(...ahead, shows(moved), shows(retirement), shows(moved)))).toEqual([opened]);
  });

  it('that is moved before it is believed is suspected anew', () => {
    const compared = looks(shows(retirement), shows(moved), shows(moved));
    expect(told(compared)).toEqual(['3: opened event:instance-retirement']);
    expect(compared[2]?.conditions).toMatchObject([{ condition: { notBefore: moved.notBefore } }]);
  });

  it('is not moved by other words', () => {
    expect(told(looks(...ahead, shows({ ...retirement, description: 'x' }), shows(retirement)))).toEqual([opened]);
  });

  it('is over at once when EC2 says so', () => {
    for (const over of ['completed', 'canceled'] as const) {
      const done = shows({ ...retirement, over });
      expect(told(looks(...ahead, done, done))).toEqual([opened, `3: closed event:instance-retirement ${over}`]);
    }
  });

  it('that was over before anybody saw it is no news', () => {
    const done = shows({ ...retirement, over: 'completed' });
    const [first] = looks(done, done);
    expect(told(looks(done, done, done))).toEqual([]);
    expect(first?.changed).toBe(false);
  });

  it('is over when two looks no longer show it', () => {
    expect(told(looks(...ahead, well, well))).toEqual([opened, '4: closed event:instance-retirement canceled']);
    expect(told(looks(...ahead, well, shows(retirement), well))).toEqual([opened]);
  });

  it('is over when the instance stops, and a late answer does not open it again', () => {
    const stopped: Shown = [undefined, [sight('i-1', 'stopped')]];
    const again: Shown = [shows(retirement)[0], [sight('i-1', 'running', { launchTime: T0 + 210 * SECOND })]];
    expect(told(looks(...ahead, stopped, again, again))).toEqual([
      opened,
      '3: closed event:instance-retirement stopped',
    ]);
  });

  it('that EC2 goes on to show after the instance was stopped and started because of it is no new one', () => {
    const restarted = [sight('i-1', 'running', { launchTime: T0 + 210 * SECOND })];
    const still: Shown = [shows(retirement)[0], restarted];
    const other: Shown = [shows(moved)[0], restarted];
    const stopped: Shown = [undefined, [sight('i-1', 'stopped')]];
    const without: Shown = [health('i-1'), restarted];
    const many = Array.from({ length: 10 }, (_, index) => (index === 7 ? without : still));
    expect(told(looks(...ahead, stopped, ...many))).toHaveLength(2);
    expect(told(looks(...ahead, stopped, ...many, other, other)).slice(2)).toEqual([
      '15: opened event:instance-retirement',
    ]);
  });

  it('with a code of tomorrow, or with others beside it, is one of its own', () => {
    const other = { ...retirement, id: 'instance-event-2', code: 'a-code-of-tomorrow' };
    expect(told(looks(shows(retirement, other), shows(retirement, other)))).toEqual([
      opened,
      '2: opened event:a-code-of-tomorrow',
    ]);
  });
});

describe('an open condition of an instance that is not watched any more', () => {
  it('closes when the instance leaves the selection', () => {
    const around = circumstances({ selection: 'tag:env=prod' });
    let snapshot = { ...baseline(RUNNING), selection: around.selection };
    const shown = impaired('system', T0 - HOUR)[0] as Health;
    for (const minute of [1, 2]) {
      snapshot = compare(snapshot, lookAt(T0 + minute * MINUTE, [RUNNING], new Map(), [shown]), around).snapshot;
    }
    const outcomes = [3, 4, 5, 6, 7, 8, 9].flatMap((minute) => {
      const asked = new Map(minute === 3 ? [] : [['i-1', RUNNING] as const]);
      const compared = compare(snapshot, lookAt(T0 + minute * MINUTE, [], asked), around);
      snapshot = compared.snapshot;
      return compared.conditions.map(({ news, why }) => `${news} ${why}`);
    });
    expect(outcomes).toEqual(['closed unwatched']);
  });

  it('closes when a new baseline does not find the instance, and goes on when it does', () => {
    const [, second] = looks(impaired(), impaired());
    const { snapshot } = second as Compared;
    const late = T0 + 9 * DAY;
    expect(compare(snapshot, lookAt(late, []), circumstances()).conditions).toMatchObject([{ why: 'unwatched' }]);
    const stopped = compare(snapshot, lookAt(late, [sight('i-1', 'stopped')]), circumstances());
    expect(stopped.conditions).toMatchObject([{ why: 'stopped', after: T0 + 2 * MINUTE }]);
    const found = compare(snapshot, lookAt(late, [RUNNING]), circumstances());
    expect(found.conditions).toEqual([]);
    const well = lookAt(late + MINUTE, [RUNNING], new Map(), [health('i-1')]);
    const passes = compare(found.snapshot, well, circumstances()).snapshot;
    const again = lookAt(late + 2 * MINUTE, [RUNNING], new Map(), [health('i-1')]);
    expect(compare(passes, again, circumstances()).conditions).toMatchObject([{ news: 'closed', why: 'ok' }]);
  });
});

describe('when there is no room', () => {
  it('a condition waits, and is found by the next look', () => {
    const around = circumstances({ room: 0 });
    const shown = [impaired('system', T0 - HOUR)[0] as Health];
    const first = compare(baseline(RUNNING), lookAt(T0 + MINUTE, [RUNNING], new Map(), shown), around);
    expect(first.postponed).toBe(0);
    const full = compare(first.snapshot, lookAt(T0 + 2 * MINUTE, [RUNNING], new Map(), shown), around);
    expect(full).toMatchObject({ conditions: [], postponed: 1 });
    const next = compare(full.snapshot, lookAt(T0 + 3 * MINUTE, [RUNNING], new Map(), shown), circumstances());
    expect(next.conditions).toMatchObject([{ news: 'opened' }]);
  });

  it('the tags of its instance do not wait: a silence may select by them', () => {
    const shown = [impaired('system', T0 - HOUR)[0] as Health];
    const first = compare(baseline(RUNNING), lookAt(T0 + MINUTE, [RUNNING], new Map(), shown), circumstances());
    const tagged = { ...RUNNING, tags: { silence: 'tomorrow' } };
    const around = circumstances({ room: 0 });
    const full = compare(first.snapshot, lookAt(T0 + 2 * MINUTE, [tagged], new Map(), shown), around);
    expect(full).toMatchObject({ conditions: [], postponed: 1, changed: true });
    expect(full.snapshot.instances.get('i-1')?.seen.tags).toEqual({ silence: 'tomorrow' });
    const next = compare(full.snapshot, lookAt(T0 + 3 * MINUTE, [tagged], new Map(), shown), circumstances());
    expect(next.conditions).toMatchObject([{ news: 'opened' }]);
  });
});
