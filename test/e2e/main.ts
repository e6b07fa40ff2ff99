/** npm run e2e: the real deployment into someone else's emulator of AWS, and everything that it should do, seen. */
import { deepEqual } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { optionsOrExit, type Program, readOptions, type Values } from '../../bin/terminal/options.ts';
import { Aws } from './aws.ts';
import { Cdk } from './cdk.ts';
import { Checks } from './checks.ts';
import { MissingTool } from './commands.ts';
import { checkDashboard } from './dashboard.ts';
import { EmulatedDeployment } from './emulated-deployment.ts';
import { EmulatedFleet } from './emulated-fleet.ts';
import { checkDestroyed, checkMessages, checkMetrics } from './ending.ts';
import { checkHintPath, takeBack } from './hints.ts';
import { watchThreeAccounts } from './members.ts';
import { ACCOUNT, HOME_REGION, MiniStack } from './ministack.ts';
import { operatorShell } from './operator-shell.ts';
import { checkPlainTemplate } from './plain-template.ts';
import { checkResourcePolicies, checkRoles, checkSilencePolicy } from './policies.ts';
import { pythonWithEmulators } from './python.ts';
import { checkAlarms, checkMachinery, checkWhatMiniStackDrops } from './resources.ts';
import { checkRouting } from './routing.ts';
import { rehearseRemoval, rehearseRunbook, runbookVariables } from './runbook.ts';
import { quoted, type Shell } from './shell.ts';
import { silenceStaging } from './silences.ts';
import { giveRoleToOrganization } from './stack-set.ts';
import {
  allowMetrics,
  anotherSelection,
  deafAndBlind,
  firstLook,
  type Props,
  populate,
  SETTINGS,
  testMessage,
  whatTheSchedulerFinds,
} from './story.ts';
import { Subscribers } from './subscribers.ts';

/** All of it has to be over by then; four minutes are usual. */
const DEADLINE_MINUTES = 12;
const KEEP_MINUTES = 60;

/** Where it happens. */
interface Setting {
  readonly emulator: MiniStack;
  readonly shell: Shell;
  /** A folder that everything is written to. */
  readonly home: string;
  /** Of the virtual environment. */
  readonly python: string;
  /** Whether the deployment stays. */
  readonly keep: boolean;
}

async function tell(props: Props, { emulator, shell, home, python, keep }: Setting): Promise<void> {
  const { aws, cdk, checks } = props;
  await checks.check('MiniStack listens on loopback only', async () => deepEqual(await emulator.reachableAt(), []));
  await populate(props);
  const subscribers = await Subscribers.make(aws, checks);

  checks.section('cdk bootstrap, cdk deploy');
  await cdk.run('bootstrap', `aws://${ACCOUNT}/${HOME_REGION}`);
  const leftOut = await cdk.deploy(SETTINGS);
  checks.differs(`CloudFormation knows no saved queries of logs; the test leaves out ${leftOut.join(', ')}`);
  checks.differs('CloudFormation knows no metric math; the test lets those alarms watch the metric without FILL');
  const deployedAt = Date.now();
  const deployed = await EmulatedDeployment.read(aws);
  checks.saw(
    ...deployed.resources.map(({ ResourceType, PhysicalResourceId }) => `${ResourceType}  ${PhysicalResourceId}`),
  );
  await checkRoles(aws, deployed, checks);
  await allowMetrics(props, deployed, true);

  checks.section('The first look');
  await subscribers.subscribe(deployed);
  await firstLook(props, deployed, subscribers);

  checks.section('A test message');
  await testMessage(props, deployed, subscribers);

  checks.section('Instances change, and the Scheduler starts a sweep');
  const seenAt = await whatTheSchedulerFinds(props, deployed, subscribers, deployedAt);

  checks.section('EC2 takes an instance back, and its events say so');
  await takeBack(props, deployed, subscribers);

  checks.section('What was deployed, read back');
  await checkMachinery(aws, deployed, SETTINGS, checks);
  await checkHintPath(aws, deployed, SETTINGS, checks);
  await checkResourcePolicies(aws, deployed, checks);
  await checkSilencePolicy(aws, deployed, checks);
  await checkAlarms(aws, deployed, checks);
  await checkWhatMiniStackDrops(aws, deployed, checks);

  checks.section('cdk deploy again, -c regions=all -c select=… -c exclude=…');
  const again = await anotherSelection(props, subscribers, seenAt);
  await checks.check('the second deployment replaced nothing', () => deepEqual(again.outputs, deployed.outputs));

  checks.section('A topic and a region refuse');
  await deafAndBlind(props, again, subscribers);

  checks.section('Who got what');
  await checkRouting(aws, again, subscribers, checks);

  checks.section('Somebody silences staging, and ends it');
  await silenceStaging({ ...props, shell }, again, subscribers);

  checks.section('What was published');
  await checkMessages(subscribers, checks);
  const published = await checkMetrics(props);
  checks.section('The dashboard');
  await checkDashboard(aws, again, published, checks);

  checks.section('npm run template, and a second stack without CDK');
  await checkPlainTemplate(props, shell, home);

  checks.section('Another stack watches three accounts');
  const elsewhere = { python, env: emulator.clientEnv, home };
  await watchThreeAccounts(props, elsewhere);

  checks.section('A StackSet gives the role to an organization');
  await giveRoleToOrganization(props, elsewhere);

  checks.section('The runbook');
  const operation = { ...props, shell };
  const rehearsal = await rehearseRunbook(operation, again);
  if (keep) return;

  checks.section('cdk destroy');
  await allowMetrics(props, again, false);
  await checkRoles(aws, again, checks);
  await rehearseRemoval(rehearsal, operation, again, () => checkDestroyed(props, again));
}

/** Prints what a shell needs to work with the deployment, and waits until it is interrupted, or the time is over. */
async function keepRunning(emulator: MiniStack, shell: Shell, interrupted: AbortSignal): Promise<void> {
  const variables = Object.entries(emulator.clientEnv).filter(([name]) => /^AWS_|^NODE_EXTRA/.test(name));
  console.log(`
The deployment stays for ${KEEP_MINUTES} minutes, or until Ctrl-C. For docs/runbook.md, paste into another shell (the
AWS CLI version 1 is in test/e2e/.venv/bin; the runbook's \`aws logs tail\` needs version 2):

unset AWS_PROFILE AWS_SESSION_TOKEN
${variables.map(([name, value = '']) => `export ${name}=${quoted(value)}`).join('\n')}
${(await runbookVariables(shell)).join('\n')}
`);
  await pause(KEEP_MINUTES * 60_000, undefined, { signal: interrupted }).catch(() => {});
}

const E2E = {
  command: 'npm run e2e',
  purpose:
    'deploys the stack into MiniStack on this machine, its StackSet into moto, and reads everything back, in about four minutes',
  options: {
    keep: {
      kind: 'flag',
      meaning: `keeps the deployment running after the checks, for ${KEEP_MINUTES} minutes or until Ctrl-C, and prints the variables for docs/runbook.md`,
    },
  },
  notes:
    'It needs Python 3.11 or newer and openssl, and is not to be run twice at the same time in one checkout. Exit codes: 0 when all checks passed, 1 when not, 2 for wrong options, 130 when interrupted.',
} as const satisfies Program;

/** @returns the exit code */
async function main({ keep }: Values<typeof E2E.options>): Promise<number> {
  const startedAt = Date.now();
  const checks = new Checks();
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupted.abort(new Error(name)));
  const deadline = AbortSignal.timeout(DEADLINE_MINUTES * 60_000);
  const signal = AbortSignal.any([interrupted.signal, deadline]);

  const home = mkdtempSync(join(tmpdir(), 'ec2-state-monitor-e2e-'));
  let emulator: MiniStack | undefined;
  let aws: Aws | undefined;
  let shell: Shell | undefined;
  try {
    checks.section('MiniStack');
    const python = await pythonWithEmulators(signal, (line) => checks.saw(`making ${line}`));
    emulator = await MiniStack.start(python, home, signal);
    checks.saw(
      `process ${emulator.pid} at ${emulator.clientEnv['AWS_ENDPOINT_URL']}, IAM enforced, functions on Node.js ${emulator.functionsRunOn}`,
    );
    aws = new Aws(python, emulator.clientEnv, signal);
    const assembly = join(home, 'cdk.out');
    const cdk = new Cdk(emulator.clientEnv, assembly, signal);
    shell = await operatorShell({ python, home, env: emulator.clientEnv, assembly, signal });
    await tell(
      { aws, cdk, checks, signal, startedAt, fleet: new EmulatedFleet(aws) },
      { emulator, shell, home, python, keep },
    );
    if (keep) await keepRunning(emulator, shell, interrupted.signal);
  } catch (error) {
    if (error instanceof MissingTool) {
      console.error(error.message);
      return 1;
    }
    if (interrupted.signal.aborted) {
      console.error('Interrupted.');
      return 130;
    }
    if (deadline.aborted) checks.broken(`It was not over after ${DEADLINE_MINUTES} minutes.`);
    checks.broken(error instanceof Error ? (error.stack ?? error.message) : String(error));
    if (emulator !== undefined) console.log(`\nThe end of MiniStack's log:\n${emulator.log()}`);
  } finally {
    aws?.close();
    shell?.close();
    await emulator?.stop();
    rmSync(home, { recursive: true, force: true });
  }
  checks.close();
  return checks.ok ? 0 : 1;
}

process.exitCode = await main(optionsOrExit(E2E, (args) => readOptions(E2E, args)));
