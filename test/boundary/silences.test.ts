import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSelectors, parseSilences, SELECTOR_FORM } from '../../lambda/contract/silence.ts';
import { matchesWildcards } from '../../local/model/wildcards.ts';
import { silenceProgram, silenceWorld } from '../bin/silence/silence-world.ts';
import { baseline, sight } from '../lambda/core/sights.ts';
import { resources, type Statement, synthesize } from '../lib/synthesize.ts';
import { closeAll } from '../local/http/served-cloud.ts';
import { closeDeployed, DESTINATION, deploy, removeSynthesized, synthesizeWithBundle } from './deployed.ts';

afterEach(closeAll);
afterEach(closeDeployed);
afterAll(removeSynthesized);

const page = readFileSync(join(import.meta.dirname, '../../docs/silences.md'), 'utf8');

test('the example of the stored form is one', () => {
  const [, example = ''] = /## The stored form.*?```json\n(.*?)```/s.exec(page) ?? [];
  expect(parseSilences(example)).toMatchObject([{ id: 'deploy-4711', select: [{ by: 'tag:app' }, { by: 'region' }] }]);
});

test('the table of selectors has all of them, with examples that can be read', () => {
  const rows = [...page.matchAll(/^\| `([\w:]+)` \| .* \| `([\w:]+=.*)` \|$/gm)];
  const [, names = ''] = /where NAME is (.*)$/.exec(SELECTOR_FORM) ?? [];
  expect(rows.map(([, name]) => name).sort()).toEqual(names.split(', ').sort());
  for (const [, name = '', example = ''] of rows) {
    const [{ by } = { by: '' }] = parseSelectors(example);
    expect(matchesWildcards(name.replace('KEY', '*'), by)).toBe(true);
  }
});

test('the policy for those who silence allows what the program does, and nothing that it never does', async () => {
  const { run, record, stored, cloud } = await silenceWorld();
  await record(baseline(sight('i-0web', 'running')));
  await run(['--select', 'tag:env=*', '--for', '1h', '--why', 'patches', '--yes']);
  await run(['--list']);
  await run(['--end', stored()[0]?.id ?? '']);
  const policies = Object.values(resources(synthesize(), 'AWS::IAM::ManagedPolicy'));
  const granted = policies.flatMap(({ Properties }) =>
    Properties['PolicyDocument'].Statement.flatMap(({ Action }: Statement) => Action),
  );
  // Nobody needs a permission to ask who they are: "GetCallerIdentity", STS API Reference.
  const used = cloud.calls.map(({ iamAction }) => iamAction).filter((action) => action !== 'sts:GetCallerIdentity');
  expect(new Set(granted)).toEqual(new Set(used));
});

test('what the command silences, the next sweep holds back, and tells once the command has ended it', async () => {
  const synthesized = synthesizeWithBundle();
  const { cloud, clock, url, tick } = await deploy(synthesized);
  const { region, stackName } = DESTINATION;
  cloud.stacks.create(region, stackName, { SnapshotBucketName: synthesized.stack.bucket });
  const { run, questions } = silenceProgram({ clock, url });
  const staging = cloud.fleet.launch(region, { name: 'staging', tags: { env: 'staging' } });
  cloud.fleet.launch(region, { name: 'prod', tags: { env: 'prod' } });
  const mails = () =>
    cloud.topics
      .published()
      .filter(({ topicArn, subject }) => topicArn.includes('Alerts') && subject !== null)
      .map(({ subject }) => subject);
  await tick();
  await tick();
  const before = mails().length;

  const { out } = await run(['--select', 'tag:env=staging', '--for', '1h', '--why', 'patches'], true);
  expect(questions).toEqual([expect.stringMatching(/^Silence 1 instance until /)]);
  cloud.fleet.stop(staging);
  await tick();
  await tick();
  expect(mails().slice(before)).toEqual([]);

  const [, id = ''] = /--end (\S+)$/.exec(out.at(-1) ?? '') ?? [];
  await run(['--end', id]);
  await tick();
  expect(mails().slice(before)).toEqual([expect.stringMatching(/After a silence: 1 instance changed/)]);
});
