import { AwsError } from '../../../local/model/aws-error.ts';
import { virtualClock } from '../../../local/model/clock.ts';
import { Fleet } from '../../../local/model/fleet.ts';
import type { InstanceQuery } from '../../../local/model/instance-query.ts';
import { seeded } from '../../../local/model/random.ts';
import { DEFAULT_REGIONS } from '../../../local/model/regions.ts';

const clockAtSeven = () => virtualClock('2026-11-22T19:00:00.000Z');

function fleetOf(ids: readonly string[], pageSizes: readonly number[] = [], clock = clockAtSeven()): Fleet {
  const fleet = new Fleet({ now: clock.now, random: seeded(7), regions: DEFAULT_REGIONS, pageSizes });
  for (const instanceId of ids) {
    fleet.launch('eu-west-1', { instanceId, tags: { env: `prod-${instanceId}` } });
  }
  return fleet;
}

/** The ids on each page. */
function pages(fleet: Fleet, query: InstanceQuery = {}): string[][] {
  const found: string[][] = [];
  let nextToken: string | undefined;
  do {
    const page = fleet.describe('eu-west-1', { ...query, ...(nextToken === undefined ? {} : { nextToken }) });
    found.push(page.instances.map(({ instanceId }) => instanceId));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof AwsError ? `${error.status} ${error.code}` : String(error);
  }
  return 'no error';
}

const SEVEN = ['i-1', 'i-2', 'i-3', 'i-4', 'i-5', 'i-6', 'i-7'];

test('pages hold at most what was asked, and no token follows the last', () => {
  expect(pages(fleetOf(SEVEN), { maxResults: 5 })).toEqual([SEVEN.slice(0, 5), SEVEN.slice(5)]);
  expect(pages(fleetOf(SEVEN.slice(0, 5)), { maxResults: 5 })).toEqual([SEVEN.slice(0, 5)]);
  expect(pages(fleetOf([]))).toEqual([[]]);
});

test('pages can be smaller than asked, and empty with a token', () => {
  expect(pages(fleetOf(SEVEN, [0, 3, 0, 2]), { maxResults: 1000 })).toEqual([
    [],
    ['i-1', 'i-2', 'i-3'],
    [],
    ['i-4', 'i-5'],
    ['i-6', 'i-7'],
  ]);
  expect(() => fleetOf([], [0])).toThrow('the last size must be positive');
});

test('an instance that vanishes between two pages takes no other with it', () => {
  const clock = clockAtSeven();
  const fleet = fleetOf(SEVEN, [], clock);
  fleet.terminate('i-2');
  clock.pass(20 + 3599);
  const first = fleet.describe('eu-west-1', { maxResults: 5 });
  clock.pass(1);
  const second = fleet.describe('eu-west-1', { maxResults: 5, nextToken: first.nextToken ?? '' });
  expect(first.instances).toHaveLength(5);
  expect(second.instances.map(({ instanceId }) => instanceId)).toEqual(['i-6', 'i-7']);
});

test('regions are listed apart', () => {
  const fleet = fleetOf(['i-1']);
  fleet.launch('us-east-1', { instanceId: 'i-us' });
  expect(pages(fleet)).toEqual([['i-1']]);
});

const one = (name: string, ...values: string[]): InstanceQuery => ({ filters: [{ name, values }] });

test.each<[string, InstanceQuery, string[]]>([
  ['an id', one('instance-id', 'i-2', 'i-404'), ['i-2']],
  ['a tag', one('tag:env', 'prod-i-3'), ['i-3']],
  ['a tag with *', one('tag:env', 'pro*-3', '*-1'), ['i-1', 'i-3']],
  ['a tag with ?', one('tag:env', 'prod-i-?'), ['i-1', 'i-2', 'i-3']],
  ['a tag with an escaped *', one('tag:env', 'prod-i-\\*'), []],
  ['a tag, its case', one('tag:env', 'PROD-*'), []],
  ['a tag that none has', one('tag:constructor', '*'), []],
  ['a state', one('instance-state-name', 'pending', 'running'), ['i-1', 'i-2', 'i-3']],
  ['another state', one('instance-state-name', 'stopped'), []],
  [
    'all of several',
    {
      filters: [
        { name: 'instance-id', values: ['i-1', 'i-2'] },
        { name: 'tag:env', values: ['*2'] },
      ],
    },
    ['i-2'],
  ],
  ['ids', { instanceIds: ['i-3', 'i-1'] }, ['i-1', 'i-3']],
])('filters by %s', (_, query, expected) => {
  expect(pages(fleetOf(['i-1', 'i-2', 'i-3']), query)).toEqual([expected]);
});

test.each<[string, InstanceQuery, string]>([
  ['an unknown filter', one('vpc-id', 'vpc-1'), '400 InvalidParameterValue'],
  ['too small a page', { maxResults: 4 }, '400 InvalidParameterValue'],
  ['too large a page', { maxResults: 1001 }, '400 InvalidParameterValue'],
  ['a token of its own making', { nextToken: 'mine' }, '400 InvalidNextToken'],
  ['201 values', one('instance-id', ...Array.from({ length: 201 }, (_, i) => `i-${i}`)), '400 FilterLimitExceeded'],
  ['an unknown id', { instanceIds: ['i-1', 'i-404'] }, '400 InvalidInstanceID.NotFound'],
  ['ids and a page size', { instanceIds: ['i-1'], maxResults: 5 }, '400 InvalidParameterCombination'],
])('refuses %s', (_, query, expected) => {
  expect(refusal(() => fleetOf(['i-1']).describe('eu-west-1', query))).toBe(expected);
});

describe('disturbances', () => {
  test('a lagging instance is shown as it was, until it catches up; the journal knows better', () => {
    const clock = clockAtSeven();
    const fleet = fleetOf(['i-1', 'i-2'], [], clock);
    clock.pass(60);
    fleet.disturb('i-1', { kind: 'lag', seconds: 30, until: clock.now() + 60_000 });
    fleet.stop('i-1');
    fleet.stop('i-2');
    const states = () => fleet.describe('eu-west-1').instances.map(({ state }) => state);
    clock.pass(29);
    expect(states()).toEqual(['running', 'stopping']);
    clock.pass(1);
    expect(states()).toEqual(['stopping', 'stopped']);
    clock.pass(30);
    expect(states()).toEqual(['stopped', 'stopped']);
    expect(fleet.journal().at(-1)).toMatchObject({ to: 'stopped' });
  });

  test('an instance that lags behind its own launch is not there yet', () => {
    const clock = clockAtSeven();
    const fleet = fleetOf(['i-1'], [], clock);
    fleet.disturb('i-1', { kind: 'lag', seconds: 10, until: clock.now() + 60_000 });
    expect(pages(fleet)).toEqual([[]]);
    clock.pass(10);
    expect(pages(fleet)).toEqual([['i-1']]);
  });

  test('a missing instance is found by id, unless it is missing there too', () => {
    const clock = clockAtSeven();
    const fleet = fleetOf(['i-1', 'i-2', 'i-3'], [], clock);
    const until = clock.now() + 60_000;
    fleet.disturb('i-1', { kind: 'missing', until });
    fleet.disturb('i-2', { kind: 'missing', until, byIdToo: true });
    expect(pages(fleet)).toEqual([['i-3']]);
    expect(pages(fleet, one('instance-id', 'i-1', 'i-2'))).toEqual([['i-1']]);
    clock.pass(60);
    expect(pages(fleet)).toEqual([['i-1', 'i-2', 'i-3']]);
  });

  test('tags can be missing from an answer', () => {
    const clock = clockAtSeven();
    const fleet = fleetOf(['i-1'], [], clock);
    fleet.disturb('i-1', { kind: 'tagless', until: clock.now() + 1000 });
    expect(fleet.describe('eu-west-1').instances[0]?.tags).toEqual({});
    expect(pages(fleet, one('tag:env', '*'))).toEqual([[]]);
    clock.pass(1);
    expect(pages(fleet, one('tag:env', '*'))).toEqual([['i-1']]);
  });
});

describe('instances that an AWS service manages', () => {
  const fleet = fleetOf(['i-own']);
  fleet.launch('eu-west-1', { instanceId: 'i-managed', tags: { env: 'prod-i-own' }, operator: 'eks.amazonaws.com' });
  const both = ['i-own', 'i-managed'];
  const queries: Readonly<Record<string, InstanceQuery>> = {
    'a listing': {},
    'a filter': { filters: [{ name: 'tag:env', values: ['prod-i-own'] }] },
    'a filter by id': { filters: [{ name: 'instance-id', values: both }] },
  };

  test.each(Object.entries(queries))('%s shows them unless the account hides them', (_, query) => {
    fleet.managedVisibility = 'visible';
    expect(pages(fleet, query)).toEqual([both]);
    fleet.managedVisibility = 'hidden';
    expect(pages(fleet, query)).toEqual([['i-own']]);
  });

  test.each(Object.entries(queries))('%s that asks for them shows them always', (_, query) => {
    for (const visibility of ['visible', 'hidden'] as const) {
      fleet.managedVisibility = visibility;
      expect(pages(fleet, { ...query, includeManagedResources: true })).toEqual([both]);
    }
  });

  test('who names them sees them', () => {
    fleet.managedVisibility = 'hidden';
    expect(pages(fleet, { instanceIds: ['i-managed'] })).toEqual([['i-managed']]);
  });

  test('are always shown where EC2 does not know the parameter, and refuses it', () => {
    fleet.managedVisibility = 'unsupported';
    expect(pages(fleet)).toEqual([both]);
    expect(refusal(() => fleet.describe('eu-west-1', { includeManagedResources: true }))).toBe('400 UnknownParameter');
  });
});
