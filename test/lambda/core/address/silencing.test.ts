import { parseSelectors } from '../../../../lambda/contract/silence.ts';
import { coverageOf } from '../../../../lambda/core/address/silencing.ts';
import type { Known } from '../../../../lambda/core/known/snapshot.ts';
import { SCOPE, sight, T0 } from '../sights.ts';

const IMPAIRED: Known = {
  seen: sight('i-1', 'running', { group: 'web', tags: { env: 'staging' } }),
  sequence: 1,
  conditions: [
    { is: 'open', incident: 'inc-1', condition: { type: 'impaired', of: 'system' }, began: { before: T0 } },
    { is: 'closed', why: 'ok', by: T0, condition: { type: 'impaired', of: 'instance' }, began: { before: T0 } },
  ],
};

test.each([
  ['region=eu-*', true],
  ['region=us-east-1', false],
  ['account=123456789012; instance=i-1', true],
  ['group=web,db', true],
  ['tag:env=stag*', true],
  ['tag:env=prod', false],
  ['tag:team=*', false],
  // What every object has is no tag.
  ['tag:constructor=*', false],
  ['incident=inc-1', true],
  ['incident=inc-2', false],
  ['incident=inc-1; group=db', false],
  ['kind=transitions; severity=info', true],
  ['kind=transitions; region=us-east-1', false],
])('a silence with %s can be about the instance: %s', (select, expected) => {
  expect(coverageOf(parseSelectors(select))(SCOPE, IMPAIRED)).toBe(expected);
});

test('an instance of which nothing is known to be wrong has no incident', () => {
  expect(coverageOf(parseSelectors('incident=*'))(SCOPE, { ...IMPAIRED, conditions: undefined })).toBe(false);
});
