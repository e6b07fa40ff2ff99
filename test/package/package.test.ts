import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { MonitorStackProps } from '../../lib/monitor-stack.ts';
import { readAssembly } from '../../local/function/assembly.ts';
import { closeDeployed, DESTINATION, deploy, removeSynthesized, synthesizeWithBundle } from '../boundary/deployed.ts';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLE = join(ROOT, 'examples/in-your-app');
/** The kinds of CDK app that there are, by what `type` says in their package.json. */
const KINDS = ['commonjs', 'module'] as const;

const folder = mkdtempSync(join(tmpdir(), 'ec2-state-monitor-'));
const theirs = join(folder, 'theirs');
const installed = join(theirs, 'node_modules/ec2-state-monitor');

afterEach(closeDeployed);
afterAll(() => {
  removeSynthesized();
  rmSync(folder, { recursive: true, force: true });
});

/** What a program writes, run until it ends. */
function run(cwd: string, program: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    shell: process.platform === 'win32' && program === 'npm',
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stdout + stderr}`);
  return stdout;
}

/** The JSON in a file. */
const read = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

/** `npm pack`, as anybody would call it. */
function pack(packed: string, ...flags: string[]): string {
  const before = readdirSync(folder);
  run(ROOT, 'npm', ['pack', packed, '--pack-destination', folder, ...flags]);
  const [tarball] = readdirSync(folder).filter((file) => !before.includes(file));
  if (tarball === undefined) throw new Error(`npm pack ${packed} made nothing.`);
  return join(folder, tarball);
}

/**
 * Installs the tarball into an empty folder, and puts their app there, once of each kind.
 *
 * Without a network: zod comes out of this checkout as a tarball, and of the peers, which are hundreds of megabytes, there
 * are only links. So this does not show that npm finds a version of CDK that fits.
 */
function install(tarball: string): void {
  mkdirSync(theirs);
  const zod = pack(join(ROOT, 'node_modules/zod'), '--ignore-scripts');
  const manifest = { dependencies: { 'ec2-state-monitor': `file:${tarball}` }, overrides: { zod: `file:${zod}` } };
  writeFileSync(join(theirs, 'package.json'), JSON.stringify(manifest));
  const cache = join(folder, 'cache');
  run(theirs, 'npm', ['install', '--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', '--cache', cache]);
  for (const kind of KINDS) {
    const app = join(theirs, kind);
    cpSync(EXAMPLE, app, { recursive: true, filter: (path) => !/[\\/](node_modules|dist|cdk\.out)$/.test(path) });
    cpSync(join(import.meta.dirname, 'consumer'), app, { recursive: true });
    writeFileSync(join(app, 'package.json'), JSON.stringify({ ...read(EXAMPLE, 'package.json'), type: kind }));
  }
}

/** Gives them what the package wants from its surroundings: CDK, and for the compiler the types of Node.js. */
function linkPeers(): void {
  mkdirSync(join(theirs, 'node_modules/@types'));
  for (const name of ['aws-cdk-lib', 'constructs', '@types/node']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(theirs, 'node_modules', name), 'junction');
  }
}

/** Runs a compiled program of theirs as the CDK CLI would. @returns the folder of its cloud assembly */
function synthesize(kind: string, program: string, ...args: string[]): string {
  const assembly = join(folder, `${kind}-${program}`);
  run(join(theirs, kind), process.execPath, [join('dist', program), ...args], {
    CDK_OUTDIR: assembly,
    CDK_VALIDATION: 'false',
  });
  return assembly;
}

const tarball = pack('.');
install(tarball);
const inNodeModules = readdirSync(join(theirs, 'node_modules')).filter((name) => !name.startsWith('.'));
const files = readdirSync(installed, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) =>
    join(entry.parentPath, entry.name)
      .slice(installed.length + 1)
      .replaceAll('\\', '/'),
  );
linkPeers();

describe('the tarball', () => {
  test('has what is compiled, what it says of itself, and nothing else', () => {
    const meant = [
      /^(package\.json|README(\.\w+)?\.md|LICENSE|CHANGELOG\.md)$/,
      /^dist\/(index\.js|package\.json|THIRD-PARTY-LICENSES)$/,
      /^dist\/function\/[\w-]+\.mjs(\.map)?$/,
      /^dist\/(lib|lambda\/contract)\/[\w/-]+\.d\.ts$/,
    ];
    expect(files.filter((file) => !meant.some((pattern) => pattern.test(file)))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        'README.md',
        'LICENSE',
        'dist/index.js',
        'dist/lib/index.d.ts',
        'dist/function/index.mjs',
      ]),
    );
  });

  test('is small', () => {
    expect(statSync(tarball).size).toBeLessThan(400_000);
  });

  test('knows nothing of the machine that it was made on', () => {
    expect(files.filter((file) => readFileSync(join(installed, file)).includes(ROOT))).toEqual([]);
  });

  test('names the licence of what is bundled', () => {
    const licences = readFileSync(join(installed, 'dist/THIRD-PARTY-LICENSES'), 'utf8');
    expect(licences).toMatch(/^@aws-sdk\/client-ec2 /m);
    expect(licences).toMatch(/^zod [\s\S]*Permission is hereby granted/m);
  });
});

test('nothing is installed with it but zod: no SDK, no bundler, no compiler', () => {
  expect(inNodeModules).toEqual(['ec2-state-monitor', 'zod']);
});

test('it needs what it names, and names what it needs', () => {
  const { dependencies, peerDependencies } = read(installed, 'package.json');
  const code = readFileSync(join(installed, 'dist/index.js'), 'utf8');
  const required = [...code.matchAll(/require\("(?!node:)([^"/]+)/g)].map(([, name]) => name);
  expect(new Set(required)).toEqual(new Set(Object.keys({ ...dependencies, ...peerDependencies })));
});

test('its exports are the constructs and the error, to whoever asks', () => {
  const exported = ['Ec2StateMonitor', 'HintForwarder', 'MonitorStack', 'SettingsError'];
  const required = "console.log(Object.keys(require('ec2-state-monitor')).sort().join())";
  expect(run(theirs, process.execPath, ['--input-type=commonjs', '-e', required]).trim()).toBe(exported.join());
  const imported = `import { ${exported} } from 'ec2-state-monitor'; console.log([${exported}].every(Boolean))`;
  expect(run(theirs, process.execPath, ['--input-type=module', '-e', imported]).trim()).toBe('true');
});

describe.each(KINDS)('an app of the type %s', (kind) => {
  beforeAll(() => {
    // Once with all declarations checked, not only what the app uses of them. They are the same for both kinds.
    run(join(theirs, kind), process.execPath, [
      join(ROOT, 'node_modules/typescript/bin/tsc'),
      '--skipLibCheck',
      `${kind !== 'module'}`,
    ]);
  });

  test('synthesizes with its own key, topic and alarm', () => {
    const template = Template.fromJSON(read(synthesize(kind, 'app.js'), 'Platform.template.json'));
    template.resourceCountIs('AWS::KMS::Key', 1);
    template.resourceCountIs('AWS::SNS::Topic', 3);
    template.allResourcesProperties('AWS::SNS::Topic', {
      KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'Platform',
      MetricName: 'Instances',
      Statistic: 'Minimum',
      Period: 300,
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^OnCall') }],
      Threshold: 4,
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: Match.arrayWith([
        Match.objectLike({ MetricStat: Match.objectLike({ Metric: { MetricName: 'Sweeps', Namespace: 'Platform' } }) }),
      ]),
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^OnCall') }],
    });
    template.hasResourceProperties('AWS::Lambda::Function', { Handler: 'index.handler' });
  });

  test('what reads messages needs the types only', () => {
    expect(readFileSync(join(theirs, kind, 'dist/ended.js'), 'utf8')).not.toContain("'ec2-state-monitor'");
  });
});

describe('moving from a checkout to the package', () => {
  const props: MonitorStackProps = {
    regions: ['eu-west-1', 'us-east-1'],
    email: ['ops@example.com'],
    chat: true,
    group: 'team',
    groupMetrics: true,
    minimumRunning: ['us-east-1/web=2'],
    select: ['tag:env=prod*'],
    subscribe: [{ topic: 'Alerts', endpoint: 'oncall@example.com', filter: { severity: ['critical'] } }],
  };
  const assembly = () => synthesize('commonjs', 'stack.js', JSON.stringify(props));

  test('changes nothing of a running deployment but how its code is called', () => {
    const withoutHashes = (template: unknown) => JSON.stringify(template, null, 1).replaceAll(/[0-9a-f]{64}/g, 'HASH');
    const { template } = synthesizeWithBundle(props);
    expect(withoutHashes(read(assembly(), 'Ec2StateMonitor.template.json'))).toBe(withoutHashes(template));
  });

  test('the function of the package sweeps, announces and counts', async () => {
    const { cloud, tick } = await deploy({
      stack: readAssembly(assembly(), DESTINATION),
      template: { Resources: {} },
    });
    expect(await tick()).toMatchObject({ value: { regions: 2, failed: [], instances: 0 } });
    expect(cloud.calls.map(({ operation }) => operation)).toContain('PutMetricData');
  });
});
