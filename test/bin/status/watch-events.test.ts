import { eventsOf, exitCodeOf, instancesIn } from '../../../bin/status/watch-events.ts';
import {
  BARE,
  BARE_ACCOUNT,
  IMPAIRED,
  known,
  notOpened,
  notSeen,
  PROD,
  STOPPED,
  seen,
  seenWithoutHealth,
  WEB,
} from './sights.ts';

const both = seen('eu-west-1', [known(WEB), known(BARE)]);
const later = { isBaseline: false } as const;

test('the first look tells of all regions together, those too that were not seen', () => {
  const sights = [both, notSeen('us-east-1')];
  expect(eventsOf(undefined, sights, [])).toEqual([{ kind: 'listing', sights }]);
});

test('a look that finds nothing new tells nothing', () => {
  const sights = [seen('eu-west-1', [known(WEB)], later), notSeen('us-east-1')];
  expect(eventsOf([both, notSeen('us-east-1')], sights, [])).toEqual([]);
});

test('every transition is told', () => {
  const sight = seen('eu-west-1', [], { ...later, transitions: [STOPPED, { ...STOPPED, sequence: 2 }] });
  expect(eventsOf([both], [sight], [])).toEqual([
    { kind: 'transition', region: 'eu-west-1', transition: STOPPED },
    { kind: 'transition', region: 'eu-west-1', transition: { ...STOPPED, sequence: 2 } },
  ]);
});

test.each([
  [['running'], 1],
  [['stopping', 'stopped'], 1],
  [['pending', 'stopped'], 0],
])('of states %j only transitions from and to them are told', (states, count) => {
  const sight = seen('eu-west-1', [], { ...later, transitions: [STOPPED] });
  expect(eventsOf([both], [sight], states)).toHaveLength(count);
});

test('every condition that opened, changed or closed is told, after the transitions', () => {
  const sight = seen('eu-west-1', [], { ...later, transitions: [STOPPED], conditions: [IMPAIRED] });
  expect(eventsOf([both], [sight], [])).toEqual([
    { kind: 'transition', region: 'eu-west-1', transition: STOPPED },
    { kind: 'condition', region: 'eu-west-1', condition: IMPAIRED },
  ]);
});

test.each([
  [['running'], 2],
  [['stopped'], 1],
  [['stopping'], 1],
  [['pending'], 0],
])('of states %j only conditions of instances that are or were in them are told', (states, count) => {
  const closed = { ...IMPAIRED, news: 'closed', why: 'stopped', subject: { ...WEB, state: 'stopped' } } as const;
  const stuck = { ...IMPAIRED, condition: { type: 'stuck', of: 'stopping' } } as const;
  const conditions = [closed, { ...stuck, subject: { ...WEB, state: 'stopping' } }, IMPAIRED];
  const sight = seen('eu-west-1', [], { ...later, conditions });
  expect(eventsOf([both], [sight], states)).toHaveLength(count);
});

test('that the health of a region is not known any more is told once, and when it is known again', () => {
  const known = { ...both, isBaseline: false };
  const lost = { ...seenWithoutHealth('eu-west-1', []), isBaseline: false };
  const timeout = { ...lost, healthTrouble: notSeen('eu-west-1').trouble };
  expect(eventsOf([known], [lost], [])).toEqual([{ kind: 'health', sight: lost }]);
  expect(eventsOf([lost], [lost], [])).toEqual([]);
  expect(eventsOf([lost], [timeout], [])).toEqual([{ kind: 'health', sight: timeout }]);
  expect(eventsOf([timeout], [known], [])).toEqual([{ kind: 'health', sight: known }]);
  expect(eventsOf([notSeen('eu-west-1')], [lost], [])).toEqual([{ kind: 'seen-again', sight: lost }]);
});

test('a region that cannot be seen any more is told once, and again for another reason', () => {
  const timeout = notSeen('eu-west-1');
  const refused = notSeen('eu-west-1', Object.assign(new Error('x'), { name: 'AuthFailure' }));
  expect(eventsOf([both], [timeout], [])).toEqual([{ kind: 'not-seen', sight: timeout }]);
  expect(eventsOf([timeout], [timeout], [])).toEqual([]);
  expect(eventsOf([timeout], [refused], [])).toEqual([{ kind: 'not-seen', sight: refused }]);
});

test('a region that can be seen again is told before what changed in the meantime', () => {
  const sight = seen('eu-west-1', [], { ...later, transitions: [STOPPED] });
  expect(eventsOf([notSeen('eu-west-1')], [sight], [])).toEqual([
    { kind: 'seen-again', sight },
    { kind: 'transition', region: 'eu-west-1', transition: STOPPED },
  ]);
});

test('a region that is seen for the first time later on is listed then', () => {
  const elsewhere = seen('us-east-1', [], later);
  expect(eventsOf([notSeen('eu-west-1'), elsewhere], [both, elsewhere], [])).toEqual([
    { kind: 'listing', sights: [both] },
  ]);
});

test('instances are those in the states of interest', () => {
  expect(instancesIn(both, []).map((each) => each.seen.id)).toEqual(['i-0aaa', 'i-0bbb']);
  expect(instancesIn(both, ['stopped', 'gone']).map((each) => each.seen.id)).toEqual(['i-0bbb']);
  expect(instancesIn(notSeen('eu-west-1'), [])).toEqual([]);
});

test.each([
  [[both, both], true, 0],
  [[both, both], false, 3],
  [[both, notSeen('us-east-1')], true, 3],
  [[notSeen('us-east-1')], false, 1],
  [[], true, 1],
])('the exit code tells whether all was seen and is well, %#', (sights, isWell, code) => {
  expect(exitCodeOf(sights, isWell)).toBe(code);
});

describe('of several accounts', () => {
  const inProd = seen('eu-west-1', [known(WEB)], { ...later, account: PROD });
  const inOther = seen('eu-west-1', [], { ...later, account: BARE_ACCOUNT });

  test('a region is that of its account: the same one of another is no news', () => {
    const lost = { ...notSeen('eu-west-1'), account: BARE_ACCOUNT };
    expect(eventsOf([inProd, inOther], [inProd, lost], [])).toEqual([{ kind: 'not-seen', sight: lost }]);
    expect(eventsOf([inProd, lost], [inProd, lost], [])).toEqual([]);
    expect(eventsOf([inProd, lost], [inProd, inOther], [])).toEqual([{ kind: 'seen-again', sight: inOther }]);
  });

  test('what happened says in which account', () => {
    const sight = { ...inProd, transitions: [STOPPED], conditions: [IMPAIRED] };
    expect(eventsOf([inProd, inOther], [sight, inOther], [])).toEqual([
      { kind: 'transition', account: PROD, region: 'eu-west-1', transition: STOPPED },
      { kind: 'condition', account: PROD, region: 'eu-west-1', condition: IMPAIRED },
    ]);
  });

  test('an account that is lost is told once, again for another reason, and its regions when they are back', () => {
    const lost = notOpened(PROD);
    const refused = notOpened(PROD, Object.assign(new Error('x'), { name: 'AuthFailure' }));
    expect(eventsOf([inProd], [lost], [])).toEqual([{ kind: 'not-seen', sight: lost }]);
    expect(eventsOf([lost], [lost], [])).toEqual([]);
    expect(eventsOf([lost], [refused], [])).toEqual([{ kind: 'not-seen', sight: refused }]);
    expect(eventsOf([refused], [inProd], [])).toEqual([{ kind: 'seen-again', sight: inProd }]);
  });

  test('accounts that are not looked at are told with the first listing, and no more', () => {
    const setAside = [{ id: '222233334444', name: 'old', state: 'SUSPENDED' }];
    expect(eventsOf(undefined, [inProd], [], setAside)).toEqual([{ kind: 'listing', sights: [inProd], setAside }]);
    const baseline = { ...inProd, isBaseline: true };
    expect(eventsOf([], [baseline], [], setAside)).toEqual([{ kind: 'listing', sights: [baseline] }]);
  });
});
