import { conditionsIn, healthIn, isWell, troubleCounts } from '../../../bin/status/shown-health.ts';
import { AILING, BARE, healths, known, NOON, notSeen, seen, seenWithoutHealth, WEB } from './sights.ts';

const web = known(WEB);

test('every check that is impaired is shown, then every event that is not over', () => {
  const [event] = AILING.events;
  const health = {
    ...AILING,
    checks: { ...AILING.checks, 'brand-new': { status: 'impaired' }, other: { status: 'wobbly' } },
    events: AILING.events.flatMap((each) => [{ ...each, over: 'completed' as const }, each]),
  };
  const sight = seen('eu-west-1', [web], { health: healths(health) });
  const since = NOON - 3_600_000;
  expect(conditionsIn(sight, web)).toEqual([
    { condition: { type: 'impaired', of: 'system' }, began: { after: since, before: since }, before: NOON },
    { condition: { type: 'impaired', of: 'brand-new' }, began: { before: NOON }, before: NOON },
    {
      condition: { type: 'event', of: 'instance-retirement', ...event, code: undefined },
      began: { before: NOON },
      before: NOON,
    },
  ]);
});

test('only what runs has health, and only where it is known', () => {
  const health = healths(AILING);
  expect(healthIn(seen('eu-west-1', [web], { health }), web)).toBe(AILING);
  expect(healthIn(seen('eu-west-1', [web]), web)).toBeUndefined();
  expect(healthIn(seenWithoutHealth('eu-west-1', [web]), web)).toBeUndefined();
  const stopping = known({ ...WEB, state: 'stopping' });
  expect(conditionsIn(seen('eu-west-1', [stopping], { health }), stopping)).toEqual([]);
});

test('instances and events are counted in all regions, of what is listed only', () => {
  const twice = { ...AILING, checks: { system: { status: 'impaired' }, instance: { status: 'impaired' } } };
  const sights = [
    seen('eu-west-1', [web, known(BARE)], { health: healths(twice, { ...AILING, id: 'i-0hidden' }) }),
    seen('us-east-1', [web], { health: healths({ ...AILING, checks: {} }) }),
    notSeen('us-west-2'),
  ];
  expect(troubleCounts(sights, [])).toEqual({ impaired: 1, ahead: 2 });
  expect(troubleCounts(sights, ['stopped'])).toEqual({ impaired: 0, ahead: 0 });
});

test.each([
  ['nothing wrong', [seen('eu-west-1', [web], { health: healths({ ...AILING, checks: {}, events: [] }) })], true],
  ['an impaired instance', [seen('eu-west-1', [web], { health: healths({ ...AILING, events: [] }) })], false],
  ['an event ahead', [seen('eu-west-1', [web], { health: healths({ ...AILING, checks: {} }) })], false],
  ['unknown health', [seen('us-east-1', [web]), seenWithoutHealth('eu-west-1', [web])], false],
  ['an unseen region', [seen('us-east-1', [web]), notSeen('eu-west-1')], false],
])('with %s, whether all is well', (_, sights, expected) => {
  expect(isWell(sights, [])).toBe(expected);
});
