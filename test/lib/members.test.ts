import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { parseConfig } from '../../lambda/contract/config.ts';
import { Ec2StateMonitor } from '../../lib/ec2-state-monitor.ts';
import type { MonitorStackProps } from '../../lib/monitor-stack.ts';
import { createStack, type Resource, resources, type Statement, statements, synthesize } from './synthesize.ts';

/** As the template of a member has it: CloudFormation fills it in there. */
const PARTITION = ['$', '{AWS::Partition}'].join('');
const ORGANIZATION: MonitorStackProps = { accounts: 'organization' };

function sweeperRole(props: MonitorStackProps): Resource {
  const [role] = Object.entries(resources(synthesize(props), 'AWS::IAM::Role')).filter(([id]) =>
    id.startsWith('MonitorSweeperRole'),
  );
  if (role === undefined) throw new Error('The function has no role.');
  return role[1];
}

const text = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/\{"(?:Ref|Fn::GetAtt)":\[?"([\w:]+)"(?:,"\w+"\])?\}/g, '"<$1>"');
const joined = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.parse(text(value))['Fn::Join'][1].join('');

describe('with accounts=self', () => {
  test('the template is the one without that setting, byte for byte', () => {
    const given = { accounts: 'self', memberRole: 'Ec2StateMonitorMember', accountMetrics: false, memberStackSet: [] };
    expect(JSON.stringify(synthesize(given).toJSON())).toBe(JSON.stringify(synthesize().toJSON()));
  });

  test('nothing in it is about other accounts', () => {
    const template = JSON.stringify(synthesize().toJSON());
    // sts:AssumeRole is what each role says of the service that it is for.
    for (const none of [
      'organizations:',
      'RoleName',
      'accounts.json',
      'StackSet',
      'members',
      'TrustedRole',
      'One account',
    ]) {
      expect(template).not.toContain(none);
    }
    expect(statements(sweeperRole({})).flatMap(({ Action }) => Action)).not.toContain('sts:AssumeRole');
  });
});

describe('what the function may do for other accounts', () => {
  const added = (props: MonitorStackProps) =>
    statements(sweeperRole(props))
      .slice(statements(sweeperRole({})).length)
      .map(({ Action, Resource }: Statement) => [Action, [Resource].flat().map(joined)]);
  const role = (account: string, name = 'Ec2StateMonitorMember') => `arn:<AWS::Partition>:iam::${account}:role/${name}`;
  const object = [
    ['s3:GetObject', 's3:PutObject'],
    [expect.stringMatching(/^<MonitorSnapshots\w+>\/accounts\.json$/), expect.stringMatching(/\/accounts\/\*$/)],
  ];

  test.each<[MonitorStackProps, unknown]>([
    [
      { accounts: '111122223333,444455556666' },
      [['sts:AssumeRole', [role('111122223333'), role('444455556666')]], object],
    ],
    [
      { accounts: 'organization,-111122223333', memberRole: 'Reader' },
      [['sts:AssumeRole', [role('*', 'Reader')]], ['organizations:ListAccounts', ['*']], object],
    ],
    [
      { accounts: 'ou-ab12-11111111,444455556666' },
      [
        ['sts:AssumeRole', [role('*')]],
        [['organizations:ListAccountsForParent', 'organizations:ListOrganizationalUnitsForParent'], ['*']],
        object,
      ],
    ],
  ])('%j', (props, statements) => {
    expect(added(props)).toEqual(statements);
  });
});

describe('the role that members trust', () => {
  const named = (props: MonitorStackProps) => createStack(props).monitor.memberRole?.trustedRole;
  const env = { account: '999999999999', region: 'us-gov-west-1' };

  test('has a name that stays, and differs by region and namespace', () => {
    expect(joined(sweeperRole(ORGANIZATION).Properties.RoleName)).toBe('Ec2StateMonitor-Sweeper-<AWS::Region>');
    expect(sweeperRole({ ...ORGANIZATION, env, namespace: 'Staging' }).Properties.RoleName).toBe(
      'Staging-Sweeper-us-gov-west-1',
    );
    expect(named({})).toBeUndefined();
  });

  test('fits into the 64 characters of IAM, or synthesis says why not', () => {
    const of = (length: number) => () => named({ ...ORGANIZATION, namespace: 'A'.repeat(length) });
    expect(of(41)).not.toThrow();
    expect(of(42)).toThrow(/namespace: 'A+' has 42 characters\. With 'accounts' .* may have 41\. Give a shorter one/);
    expect(named({ ...ORGANIZATION, env, namespace: 'A'.repeat(42) })).toHaveLength(64);
    expect(() => named({ ...ORGANIZATION, env, namespace: 'A'.repeat(43) })).toThrow('may have 42');
  });
});

test('the id of the monitor itself is refused where it is known', () => {
  const accounts = '111122223333,444455556666';
  const env = { account: '444455556666', region: 'eu-west-1' };
  expect(() => createStack({ accounts, env })).toThrow('accounts: 444455556666 is the account of the monitor itself');
  expect(() => createStack({ accounts: 'organization,-444455556666', env })).toThrow('Remove it from the setting');
  expect(() => createStack({ accounts })).not.toThrow();
});

test('a long list of accounts that does not fit into the environment is named', () => {
  const accounts = Array.from({ length: 300 }, (_, index) => String(100_000_000_000 + index));
  expect(() => synthesize({ accounts })).toThrow(
    /- accounts: the environment of the function would take up to \d+ bytes/,
  );
});

describe('the outputs', () => {
  const output = (props: MonitorStackProps, name: string) =>
    joined(synthesize(props).findOutputs('*')[name]?.['Value']);

  test('name the role to trust, and the command for the template of a member', () => {
    expect(output(ORGANIZATION, 'TrustedRole')).toBe('Ec2StateMonitor-Sweeper-<AWS::Region>');
    expect(output({ ...ORGANIZATION, organizationId: 'o-a1b2c3d4e5' }, 'MemberTemplateCommand')).toBe(
      'npm run --silent member-template -- --hub <AWS::AccountId> --trusted-role Ec2StateMonitor-Sweeper-<AWS::Region> --organization o-a1b2c3d4e5 > member.json',
    );
    expect(output({ ...ORGANIZATION, externalId: 'x-1', memberRole: 'Reader' }, 'MemberTemplateCommand')).toMatch(
      / --external-id x-1 --role-name Reader > member\.json$/,
    );
  });

  test('let the shell ask which organization it is, if nobody said', () => {
    expect(output(ORGANIZATION, 'MemberTemplateCommand')).toContain(
      '--organization "$(aws organizations describe-organization --query Organization.Id --output text)" >',
    );
  });
});

describe('the StackSet', () => {
  const props: MonitorStackProps = { ...ORGANIZATION, organizationId: 'o-a1b2c3d4e5', memberStackSet: ['r-ab12'] };
  const stackSets = (given: MonitorStackProps) =>
    Object.values(resources(synthesize(given), 'AWS::CloudFormation::StackSet'));

  test('is there only where it is asked for', () => {
    expect(stackSets(ORGANIZATION)).toEqual([]);
    expect(stackSets(props)).toHaveLength(1);
  });

  test('deploys to the units, once in each account, and to those that join later', () => {
    expect(stackSets(props)[0]?.Properties).toMatchObject({
      StackSetName: 'Ec2StateMonitor-Members',
      PermissionModel: 'SERVICE_MANAGED',
      CallAs: 'SELF',
      AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
      StackInstancesGroup: [
        { DeploymentTargets: { OrganizationalUnitIds: ['r-ab12'] }, Regions: [{ Ref: 'AWS::Region' }] },
      ],
    });
    expect(stackSets({ ...props, memberStackSetCallAs: 'DELEGATED_ADMIN' })[0]?.Properties.CallAs).toBe(
      'DELEGATED_ADMIN',
    );
  });

  test('has the template of a member, which trusts the role of this function', () => {
    const body = joined(stackSets(props)[0]?.Properties.TemplateBody);
    const { MemberRole } = JSON.parse(body).Resources;
    expect(MemberRole.Properties.RoleName).toBe('Ec2StateMonitorMember');
    expect(MemberRole.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: { 'Fn::Sub': `arn:${PARTITION}:iam::<AWS::AccountId>:root` } },
        Action: 'sts:AssumeRole',
        Condition: {
          ArnEquals: {
            'aws:PrincipalArn': {
              'Fn::Sub': `arn:${PARTITION}:iam::<AWS::AccountId>:role/Ec2StateMonitor-Sweeper-<AWS::Region>`,
            },
          },
          StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
        },
      },
    ]);
  });
});

describe('metrics', () => {
  const accountOf = (props: MonitorStackProps) => {
    const { monitor } = createStack(props);
    const { sweeper } = monitor;
    const of = { region: 'us-east-1' };
    return [
      monitor.metricInstances({ state: 'running' }),
      monitor.metricInstances({ state: 'running', ...of }),
      monitor.metricImpaired(),
      monitor.metricImpaired(of),
      monitor.metricTransitions({ ...of, to: 'stopped' }),
      sweeper.metricScopeFailed(of),
      sweeper.metricScheduledEvents({ ...of, event: 'instance-stop' }),
    ].map(({ dimensions }) => dimensions?.['Account']);
  };

  test('are about all accounts together where several are watched', () => {
    expect(new Set(accountOf(ORGANIZATION))).toEqual(new Set(['all']));
    expect(new Set(accountOf({}))).not.toContain('all');
  });

  test('so are the alarms about the fleet', () => {
    const template = synthesize({ ...ORGANIZATION, minimumRunning: ['3', 'us-east-1=1'], maximumImpaired: ['0'] });
    const dimensions = Object.values(resources(template, 'AWS::CloudWatch::Alarm'))
      .filter(({ Properties }) => /BelowMinimum|AboveMaximum/.test(Properties.AlarmName))
      .map(({ Properties }) =>
        Object.fromEntries(
          Properties.Dimensions.map((each: { Name: string; Value: string }) => [each.Name, each.Value]),
        ),
      );
    expect(dimensions).toEqual([
      { Account: 'all', State: 'running' },
      { Account: 'all', Region: 'us-east-1', State: 'running' },
      { Account: 'all' },
    ]);
  });

  test('there is one for each account, where accounts are counted', () => {
    const { monitor } = createStack({ ...ORGANIZATION, accountMetrics: true });
    const account = '111122223333';
    expect(monitor.metricInstances({ state: 'running', account }).dimensions).toEqual({
      Account: account,
      State: 'running',
    });
    const refused = /'111122223333' is counted as a whole, and only where accounts are: set accountMetrics/;
    expect(() => monitor.metricInstances({ state: 'running', account, region: 'us-east-1' })).toThrow(refused);
    expect(() => createStack(ORGANIZATION).monitor.metricInstances({ state: 'running', account })).toThrow(refused);
    expect(() => createStack().monitor.metricInstances({ state: 'running', account })).toThrow(refused);
  });
});

describe('the dashboard', () => {
  const body = (props: MonitorStackProps) =>
    JSON.stringify(Object.values(resources(synthesize(props), 'AWS::CloudWatch::Dashboard'))[0]?.Properties);

  test('shows the accounts where they are counted, without the total of all', () => {
    const search = `SEARCH('{\\\\\\"Ec2StateMonitor\\\\\\",\\\\\\"Account\\\\\\",\\\\\\"State\\\\\\"} MetricName=\\\\\\"Instances\\\\\\" State=\\\\\\"running\\\\\\" NOT Account=\\\\\\"all\\\\\\"', 'Average')`;
    expect(body({ ...ORGANIZATION, accountMetrics: true })).toContain(search);
    expect(body(ORGANIZATION)).not.toContain('by account');
  });

  test('names the account of each transition', () => {
    expect(body(ORGANIZATION)).toContain('message.account, message.region');
  });
});

test('the saved queries name the account, and one is about an account', () => {
  const queries = Object.values(resources(synthesize(ORGANIZATION), 'AWS::Logs::QueryDefinition')).map(
    ({ Properties }) => [Properties.Name.split('/')[1], Properties.QueryString] as const,
  );
  const named = queries.filter(([, query]) => query.includes('message.account')).map(([name]) => name);
  expect(named).toEqual([
    'Everything in the time shown',
    'What is wrong, and what is ahead',
    'Silences',
    'Most restless instances',
    'Spot interruptions',
    'One account',
  ]);
  expect(queries.at(-1)?.[1]).toContain('filter message.account = "PUT ITS ID HERE"');
});

test('a nested stack needs a namespace: the name of its role has it, and CloudFormation alone knows that of the stack', () => {
  const nested = (namespace?: string) => () => {
    const parent = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Parent');
    const props = { ...ORGANIZATION, ...(namespace === undefined ? {} : { namespace }) };
    return new Ec2StateMonitor(new NestedStack(parent, 'Nested'), 'Monitor', props);
  };
  expect(nested()).toThrow("namespace: with 'accounts' it is part of the name of a role");
  expect(nested('Staging')).not.toThrow();
});

test('the configuration is one that the function reads', () => {
  const [fn] = Object.values(
    resources(synthesize({ accounts: 'ou-ab12-11111111,-111122223333' }), 'AWS::Lambda::Function'),
  );
  const document = joined(fn?.Properties.Environment.Variables.MONITOR_CONFIG)
    .replaceAll('<AWS::AccountId>', '999999999999')
    .replaceAll('<AWS::Partition>', 'aws')
    .replaceAll(/<MonitorTopics\w+>/g, 'arn:topic');
  expect(parseConfig({ MONITOR_CONFIG: document }).members).toEqual({
    choose: { organization: false, units: ['ou-ab12-11111111'], ids: [], except: ['111122223333'] },
    role: 'Ec2StateMonitorMember',
    accountMetrics: false,
    shards: 'auto',
  });
});
