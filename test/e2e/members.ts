import { deepEqual, match } from 'node:assert/strict';
import { join } from 'node:path';
import { ACCOUNTS_OF_A_PART, MEMBER_ROLE } from '../../lambda/contract/member.ts';
import { memberTemplate } from '../../lib/member-role.ts';
import { memberRoleOf } from '../../local/function/member-role.ts';
import { Aws } from './aws.ts';
import { Cdk } from './cdk.ts';
import { EmulatedDeployment, STACK } from './emulated-deployment.ts';
import { EmulatedFleet } from './emulated-fleet.ts';
import { ACCOUNT, HOME_REGION } from './ministack.ts';
import { Queue, type Received } from './queue.ts';
import { checkShards } from './shards.ts';
import { allowMetrics, type Props } from './story.ts';

const PROD = '444455556666';
const TEST = '777788889999';
/** Accounts without a role: with them there is one more than fits one shard. */
const FURTHER = Array.from({ length: ACCOUNTS_OF_A_PART }, (_, index) => String(600_000_000_000 + index));
/** Begins like that of the first stack, for the policies of the queues. */
const COMPANY = `${STACK}-Company`;
const EXTERNAL_ID = 'e2e-external-id';

/** What it takes to act in any account of an emulator. */
export interface Elsewhere {
  readonly python: string;
  readonly env: NodeJS.ProcessEnv;
  /** A folder for what is synthesized. */
  readonly home: string;
}

/** A second stack watches three accounts: one has the role, one trusts somebody else at first, and the first takes its role back. */
export async function watchThreeAccounts(props: Props, { python, env, home }: Elsewhere): Promise<void> {
  const { aws, checks, signal } = props;
  checks.differs('aws:PrincipalArn is the session and not its role; the test changes that condition of the members');
  const inAccount = (id: string) => new Aws(python, { ...env, AWS_ACCESS_KEY_ID: id }, signal);
  const [prod, test] = [inAccount(PROD), inAccount(TEST)];
  const cdk = new Cdk(env, join(home, 'company.out'), signal);
  const settings = { namespace: COMPANY, regions: HOME_REGION, hints: 'none', externalId: EXTERNAL_ID };
  try {
    await cdk.deploy({ ...settings, accounts: `${PROD},${TEST}` }, COMPANY);
    const deployment = await EmulatedDeployment.read(aws, COMPANY);
    await allowMetrics(props, deployment, true);
    await story(props, deployment, prod, test);

    checks.section('So many accounts that they are looked at in two shards');
    await cdk.deploy({ ...settings, accounts: [PROD, TEST, ...FURTHER].join() }, COMPANY);
    await checkShards(props, await EmulatedDeployment.read(aws, COMPANY), FURTHER.length);
    await allowMetrics(props, deployment, false);
    await cdk.destroy(COMPANY);
  } finally {
    prod.close();
    test.close();
  }
}

async function story({ aws, checks }: Props, deployment: EmulatedDeployment, prod: Aws, test: Aws): Promise<void> {
  const queue = await Queue.make(aws, 'company');
  await queue.subscribe(deployment.output('AlertsTopic'));
  const news = async () => (await queue.drain()).map(({ subject }) => subject);
  const trustedRole = deployment.output('TrustedRole');
  const fleet = new EmulatedFleet(prod);
  await fleet.launch(HOME_REGION, { 'prod-1': 'prod', 'prod-2': 'prod' });
  await new EmulatedFleet(test).launch(HOME_REGION, { 'test-1': 'staging' });
  await deployMember(prod, trustedRole);
  await deployMember(test, 'somebody-else');
  checks.saw(`${PROD}: two instances, and the role; ${TEST}: one, and a role that trusts another one of the hub`);

  const first = await deployment.sweep();
  await checks.check(
    'one account is watched, and one is not onboarded: a mail says so, nothing is invented',
    async () => {
      deepEqual(
        [first.accounts, first.failed, first.transitions],
        [standing({ watched: 1, 'not-onboarded': 1 }), [], 0],
      );
      deepEqual((await news()).slice(1).sort(), [
        `[info] Account ${PROD} is watched from now on`,
        `[info] Account ${TEST} does not let the monitor look`,
      ]);
    },
  );

  await test.call('iam', 'update_assume_role_policy', {
    RoleName: MEMBER_ROLE,
    PolicyDocument: JSON.stringify(memberRoleOf(JSON.parse(templateOf(trustedRole)), 'aws').trust),
  });
  await fleet.stop('prod-1');
  const second = await deployment.sweep();
  const received: readonly Received[] = await queue.drain();
  await checks.check('it is onboarded, and watched with the next sweep', () => {
    deepEqual(second.accounts, standing({ watched: 2 }));
    deepEqual(second.instances, first.instances + 1);
    deepEqual(
      received.flatMap(({ subject = '' }) => (subject.includes('Account') ? subject : [])),
      [`[info] Account ${TEST} is watched from now on`],
    );
  });
  await checks.check('a change in one account is told with that account', () => {
    const change = received.find(({ subject = '' }) => subject.includes('prod-1 stopped'));
    match(change?.body ?? '', new RegExp(`^Account +${PROD}$`, 'm'));
    deepEqual(change?.attributes['account'], PROD);
  });

  await prod.call('iam', 'delete_role_policy', { RoleName: MEMBER_ROLE, PolicyName: 'ListInstances' });
  await fleet.terminate('prod-2');
  const third = await deployment.sweep();
  await checks.check(
    'an account that takes its permission back is blind: no change of it is told, and the others go on',
    async () => {
      deepEqual([third.accounts, third.transitions], [standing({ watched: 1, blind: 1 }), 0]);
      deepEqual(await news(), [`[warning] Account ${PROD} does not let the monitor look any more`]);
    },
  );
}

function standing(counts: Readonly<Record<string, number>>) {
  return { new: 0, watched: 0, 'not-onboarded': 0, blind: 0, departed: 0, ...counts };
}

/** What `npm run member-template` writes, for an IAM that takes a session for its principal where AWS takes its role. */
function templateOf(trustedRole: string): string {
  const template = memberTemplate({ name: MEMBER_ROLE, hub: ACCOUNT, trustedRole, externalId: EXTERNAL_ID });
  return JSON.stringify(template)
    .replace(`iam::${ACCOUNT}:role/${trustedRole}`, `sts::${ACCOUNT}:assumed-role/${trustedRole}/*`)
    .replace('ArnEquals', 'ArnLike');
}

/** Deploys what `npm run member-template` writes. */
async function deployMember(aws: Aws, trustedRole: string): Promise<void> {
  await aws.call('cloudformation', 'create_stack', {
    StackName: MEMBER_ROLE,
    TemplateBody: templateOf(trustedRole),
    Capabilities: ['CAPABILITY_NAMED_IAM'],
  });
}
