import { allows, type Policy, type PolicyRequest, type Statement } from '../../../local/model/policy.ts';

const ROLE = 'arn:aws:iam::111122223333:role/Monitor';
const REQUEST: PolicyRequest = {
  action: 'sts:AssumeRole',
  resource: 'arn:aws:iam::444455556666:role/Member',
  principalArn: ROLE,
  account: '111122223333',
  context: { 'aws:PrincipalArn': ROLE, 'aws:PrincipalOrgID': 'o-a1b2c3d4e5', 'sts:ExternalId': undefined },
};
const policy = (...statements: Partial<Statement>[]): Policy[] => [
  { Statement: statements.map((each) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...each })) },
];

test.each<[string, Partial<Statement>, boolean]>([
  ['the action', {}, true],
  ['an action by wildcard, whatever its case', { Action: ['ec2:*', 'STS:assume*'] }, true],
  ['another action', { Action: 'ec2:DescribeInstances' }, false],
  ['the account as principal', { Principal: { AWS: 'arn:aws:iam::111122223333:root' } }, true],
  ['the account by its id', { Principal: { AWS: '111122223333' } }, true],
  ['the role as principal, among others', { Principal: { AWS: ['444455556666', ROLE] } }, true],
  ['another account as principal', { Principal: { AWS: 'arn:aws:iam::444455556666:root' } }, false],
  ['the resource by wildcard', { Resource: 'arn:aws:iam::*:role/Member' }, true],
  ['another resource', { Resource: 'arn:aws:iam::*:role/Admin' }, false],
  ['a condition that holds', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }, true],
  ['one of several values', { Condition: { StringLike: { 'aws:PrincipalOrgID': ['o-x*', 'o-a1*'] } } }, true],
  ['a condition that does not hold', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-other' } } }, false],
  ['a condition on what is not there', { Condition: { StringEquals: { 'sts:ExternalId': '' } } }, false],
  [
    'a condition of two that does not hold',
    { Condition: { ArnEquals: { 'aws:PrincipalArn': ROLE }, StringEquals: { 'sts:ExternalId': 'x' } } },
    false,
  ],
  [
    'an ARN by wildcards in its parts',
    { Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:*:iam::*:role/M*' } } },
    true,
  ],
  ['an ARN by a wildcard over its parts', { Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:*:role/*' } } }, false],
])('a statement with %s', (_, statement, expected) => {
  expect(allows(policy(statement), REQUEST)).toBe(expected);
});

test('what nobody allows is denied, and a deny is stronger than all', () => {
  expect(allows([], REQUEST)).toBe(false);
  expect(allows(policy({}, { Effect: 'Deny', Action: '*' }), REQUEST)).toBe(false);
});

test('an operator that is not simulated is an error: ignored, it would allow too much', () => {
  expect(() => allows(policy({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }), REQUEST)).toThrow(
    "The condition operator 'Bool' is not simulated.",
  );
});
