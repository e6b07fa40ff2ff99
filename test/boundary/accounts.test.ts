import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATUS } from '../../bin/status/options.ts';
import { MEMBER_ACTIONS, MEMBER_ROLE } from '../../lambda/contract/member.ts';
import { memberTemplate } from '../../lib/member-role.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/accounts.md'), 'utf8');
const [terraform = ''] = /```hcl\n[\s\S]*?```/.exec(page) ?? [];

/** Every text in a value that CloudFormation or IAM reads. */
const textsIn = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)])
    : [String(value)];

test('Terraform makes the same role as the template', () => {
  const role = { name: MEMBER_ROLE, hub: '111122223333', trustedRole: 'Monitor', organization: 'o-a1b2c3d4e5' };
  const { RoleName, AssumeRolePolicyDocument, Policies } = memberTemplate(role).Resources.MemberRole.Properties;
  const plain = terraform
    .replaceAll(/\$\{data\.aws_partition\.current\.partition\}/g, `\${AWS::Partition}`)
    .replaceAll(/\$\{local\.hub\}/g, role.hub)
    .replaceAll(/\$\{local\.trusted_role\}/g, role.trustedRole);
  const texts = textsIn([RoleName, AssumeRolePolicyDocument, Policies[0]?.PolicyDocument]);
  const missing = texts.filter((text) => !/^\d$|^Fn::Sub$/.test(text) && !plain.includes(text));
  expect(missing).toEqual([]);
  expect([...terraform.matchAll(/"(\w+:Describe\w+)"/g)].map(([, action]) => action)).toEqual([...MEMBER_ACTIONS]);
});

test('docs/accounts.md names what the caller needs, and only options that there are', () => {
  for (const text of [...MEMBER_ACTIONS, MEMBER_ROLE, 'sts:AssumeRole']) expect(page).toContain(text);
  for (const [, option = ''] of page.matchAll(/npm run status -- --([\w-]+)/g)) {
    expect(Object.keys(STATUS.options)).toContain(option);
  }
});
