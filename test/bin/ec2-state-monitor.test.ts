import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const outdir = mkdtempSync(join(tmpdir(), 'ec2-state-monitor-'));
afterAll(() => rmSync(outdir, { recursive: true }));

/** Runs the app of cdk.json as the CDK CLI does, with context from `-c`, without bundling. */
function synth(context: Record<string, unknown>, environment: NodeJS.ProcessEnv = {}) {
  const { app } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));
  return spawnSync(app, {
    shell: true,
    cwd: ROOT,
    encoding: 'utf8',
    env: {
      ...process.env,
      ...environment,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, 'aws:cdk:bundling-stacks': [] }),
    },
  });
}

/** All that is said where nothing is to be warned of. */
const COST = /^About \$\d+\.\d\d a month with instances in one region[^\n]*\n$/;

// What is wrong with which setting: test/lib/read-settings.test.ts. A second of CPU each, so here only that it ends well.
test.each([
  ['an unknown key', { region: 'us-east-1' }, "'region' is not a setting. Did you mean 'regions'?"],
  ['wrong values', { every: '0', email: 'ops' }, 'email: '],
])('%s: one message and nothing left behind', (_, context, named) => {
  const { status, stderr, stdout } = synth(context);
  expect(stderr).toContain(named);
  expect(stderr).toContain('Allowed: ');
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe('');
  expect(status).toBe(1);
  expect(readdirSync(outdir)).toEqual([]);
});

test('good settings end in one stack of that name, in which the validator of CDK finds nothing', () => {
  const { status, stderr } = synth({
    regions: 'us-east-1',
    every: '5',
    email: 'ops@example.com',
    namespace: 'Staging',
  });
  expect(stderr).toMatch(COST);
  expect(status).toBe(0);
  const stacks = readdirSync(outdir).filter((name) => name.endsWith('.template.json'));
  expect(stacks).toEqual(['Staging.template.json']);
  const template = readFileSync(join(outdir, 'Staging.template.json'), 'utf8');
  expect(template).toContain(String.raw`\"regions\":[\"us-east-1\"]`);
  expect(template).toContain('"rate(5 minutes)"');
  expect(template).toContain('"ops@example.com"');
});

test('each further region in hints is one more stack, if the CDK CLI says where home is, and an explanation otherwise', () => {
  const settings = { hints: 'us-east-1', email: 'ops@example.com', namespace: 'Hinted' };
  const nowhere = synth(settings, { CDK_DEFAULT_ACCOUNT: undefined, CDK_DEFAULT_REGION: undefined });
  expect(nowhere.stderr).toMatch(/hints: .*CDK_DEFAULT_ACCOUNT/);
  expect(nowhere.status).toBe(1);
  const { status, stderr } = synth(settings, { CDK_DEFAULT_ACCOUNT: '111122223333', CDK_DEFAULT_REGION: 'eu-west-1' });
  expect(stderr).toMatch(COST);
  expect(status).toBe(0);
  const { artifacts } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8'));
  const names = Object.values<{ displayName?: string; environment?: string }>(artifacts).flatMap(
    ({ displayName, environment }) => (displayName?.startsWith('Hinted') ? [`${displayName} ${environment}`] : []),
  );
  expect(names.sort()).toEqual([
    'Hinted aws://111122223333/eu-west-1',
    'Hinted/Hints-us-east-1 aws://111122223333/us-east-1',
  ]);
});

test('the cost is said once, also beside a warning: CDK would leave it out there, and is given nothing to say again', () => {
  const { status, stderr } = synth({}, { CDK_VALIDATION: 'false' });
  expect(stderr).toContain('WARNING Nobody is told of anything');
  expect(stderr.match(/About \$\d+/g)).toHaveLength(1);
  expect(status).toBe(0);
  const written = readdirSync(outdir).filter((name) => name.endsWith('.json'));
  for (const file of written) expect(readFileSync(join(outdir, file), 'utf8')).not.toMatch(/About \$\d+/);
});

test('a region that may be newer than the library is a warning', () => {
  const { status, stderr } = synth({ regions: 'us-east-9' }, { CDK_VALIDATION: 'false' });
  expect(stderr).toContain("WARNING The region 'us-east-9' is not known");
  expect(status).toBe(0);
});
