import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { memberTemplate } from '../../lib/member-role.ts';

function run(args: string) {
  const program = ['--import', 'tsx', 'bin/member-template.ts', ...args.split(' ').filter(Boolean)];
  const { status, stdout, stderr } = spawnSync(process.execPath, program, {
    cwd: join(import.meta.dirname, '../..'),
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('prints the template, and nothing else', () => {
  const { status, stdout, stderr } = run('--hub 111122223333 --trusted-role service/Monitor --external-id a:b/c');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual(
    memberTemplate({
      name: 'Ec2StateMonitorMember',
      hub: '111122223333',
      trustedRole: 'service/Monitor',
      externalId: 'a:b/c',
    }),
  );
});

const GOOD = '--hub 111122223333 --trusted-role Monitor --organization o-a1b2c3d4e5';

test.each([
  ['', /^--hub is missing: give both, such as --hub 111122223333 --trusted-role Monitor\.$/],
  ['--hub 111122223333', /^--trusted-role is missing: /],
  ['--hub 111122223333 --trusted-role Monitor', /^--organization and --external-id are both missing: give one of them/],
  [`${GOOD} --hub 11112222333`, /^--hub is '11112222333': give an account id of twelve digits/],
  [
    `${GOOD} --trusted-role *`,
    /^--trusted-role is '\*': give the name of a role, such as Monitor or service\/Monitor\.$/,
  ],
  [`${GOOD} --trusted-role arn:aws:iam::111122223333:role/Monitor`, /^--trusted-role is 'arn:/],
  [`${GOOD} --organization r-ab12`, /^--organization is 'r-ab12': give the id of an organization, such as o-/],
  [`${GOOD} --external-id x`, /^--external-id is 'x': give 2 to 1224 letters/],
  [`${GOOD} --role-name a/b`, /^--role-name is 'a\/b': give at most 64 letters/],
])('%s: one sentence, and nothing is printed', (args, sentence) => {
  const { status, stdout, stderr } = run(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.trimEnd()).toMatch(sentence);
  expect(stderr.match(/\n/g)).toHaveLength(1);
});
