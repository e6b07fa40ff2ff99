import {
  App,
  CliCredentialsStackSynthesizer,
  type Environment,
  type IStackSynthesizer,
  NestedStack,
  Stack,
  Stage,
} from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Ec2StateMonitor } from '../../lib/ec2-state-monitor.ts';
import { HintForwarder } from '../../lib/hint-forwarder.ts';
import { MonitorStack, type MonitorStackProps } from '../../lib/monitor-stack.ts';
import { resources, statements } from './synthesize.ts';

const HOME = { account: '111122223333', region: 'eu-west-1' };

const newApp = (context = {}) => new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });

/** The stacks of an app with one monitor, by name. */
function stacksOf(props: MonitorStackProps, context = {}): Readonly<Record<string, Stack>> {
  const app = newApp(context);
  new MonitorStack(app, 'Ec2StateMonitor', props);
  const stacks = app.node.findAll().filter((each) => each instanceof Stack);
  return Object.fromEntries(stacks.map((stack) => [stack.stackName, stack]));
}

/** The message that a construction ends in. */
function refusal(construct: () => unknown): string {
  try {
    construct();
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'none';
}

describe('the stack of a further region', () => {
  const stacks = stacksOf({ env: HOME, hints: ['us-east-1', 'eu-west-1', 'ap-northeast-2'] });
  const virginia = stacks['Ec2StateMonitor-Hints-us-east-1'] as Stack;
  const template = Template.fromStack(virginia);
  const home = {
    'Fn::Join': [
      '',
      ['arn:', { Ref: 'AWS::Partition' }, ':events:eu-west-1:', { Ref: 'AWS::AccountId' }, ':event-bus/default'],
    ],
  };

  test('is there for each region but the home region, which has its rule already', () => {
    expect(Object.entries(stacks).map(([name, { account, region }]) => [name, account, region])).toEqual([
      ['Ec2StateMonitor', '111122223333', 'eu-west-1'],
      ['Ec2StateMonitor-Hints-us-east-1', '111122223333', 'us-east-1'],
      ['Ec2StateMonitor-Hints-ap-northeast-2', '111122223333', 'ap-northeast-2'],
    ]);
  });

  test('sends what happened there, and only that: two regions that forward to each other make no circle', () => {
    const [role] = Object.keys(resources(template, 'AWS::IAM::Role'));
    const [rule] = Object.values(resources(template, 'AWS::Events::Rule'));
    const [ofHome] = Object.values(
      resources(Template.fromStack(stacks['Ec2StateMonitor'] as Stack), 'AWS::Events::Rule'),
    );
    // All that is sent is taken by the rule of the home region.
    const taken = ofHome?.Properties.EventPattern;
    expect(rule?.Properties.EventPattern).toEqual({ ...taken, region: [{ Ref: 'AWS::Region' }] });
    expect(rule?.Properties.Targets).toEqual([
      {
        Id: expect.any(String),
        Arn: home,
        RoleArn: { 'Fn::GetAtt': [role, 'Arn'] },
        RetryPolicy: { MaximumEventAgeInSeconds: 3_600 },
      },
    ]);
  });

  test('may put events on that bus and do nothing else, for the rules of this account', () => {
    const [role, ...others] = Object.values(resources(template, 'AWS::IAM::Role'));
    expect(others).toEqual([]);
    expect(role && statements(role)).toEqual([{ Effect: 'Allow', Action: 'events:PutEvents', Resource: home }]);
    expect(role?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
    expect(Object.values(resources(template)).map(({ Type }) => Type)).toEqual(['AWS::IAM::Role', 'AWS::Events::Rule']);
  });

  test('needs nothing that has to be there before: no bootstrap, no asset, no parameter', () => {
    expect(template.toJSON()).not.toHaveProperty('Parameters');
    expect(template.toJSON()).not.toHaveProperty('Rules');
    const artifact = (virginia.node.root as App).synth().getStackByName(virginia.stackName);
    expect(artifact.assets).toEqual([]);
    expect(artifact.requiresBootstrapStackVersion).toBeUndefined();
    expect(artifact.manifest.properties).not.toHaveProperty('stackTemplateAssetObjectUrl');
  });

  test('is deployed by the roles that `cdk bootstrap` made in the home region', () => {
    const assembly = (virginia.node.root as App).synth();
    const rolesOf = (name: string) => {
      const { assumeRoleArn, cloudFormationExecutionRoleArn } = assembly.getStackByName(name);
      return [assumeRoleArn, cloudFormationExecutionRoleArn];
    };
    expect(rolesOf(virginia.stackName)).toEqual(rolesOf('Ec2StateMonitor'));
    expect(rolesOf(virginia.stackName).join()).toMatch(
      /cdk-\w+-deploy-role-111122223333-eu-west-1,.*cdk-\w+-cfn-exec-role-111122223333-eu-west-1$/,
    );
  });

  test('is deployed by whoever calls, where the monitor is', () => {
    const synthesizer = new CliCredentialsStackSynthesizer() as IStackSynthesizer;
    const stacks = stacksOf({ env: HOME, hints: ['us-east-1'], synthesizer });
    const artifact = ((stacks['Ec2StateMonitor'] as Stack).node.root as App)
      .synth()
      .getStackByName('Ec2StateMonitor-Hints-us-east-1');
    expect([artifact.assumeRoleArn, artifact.cloudFormationExecutionRoleArn]).toEqual([undefined, undefined]);
    expect(artifact.manifest.properties).not.toHaveProperty('stackTemplateAssetObjectUrl');
  });

  test('comes after the monitor, which a region that refuses must not keep from being deployed', () => {
    const assembly = (virginia.node.root as App).synth();
    const awaited = (name: string) => assembly.getStackByName(name).dependencies.map(({ id }) => id);
    expect(awaited(virginia.stackName)).toContain('Ec2StateMonitor');
    expect(awaited('Ec2StateMonitor').filter((id) => id.includes('Hints'))).toEqual([]);
  });

  test('gives cdk-nag nothing to complain of', () => {
    expect(new AwsSolutionsChecks().validateScope(virginia).violations).toEqual([]);
  });
});

test('tags and permissions boundary of the monitor are those of its further regions', () => {
  const boundary = { '@aws-cdk/core:permissionsBoundary': { name: 'Boundary' } };
  const stacks = stacksOf({ env: HOME, hints: ['us-east-1'], tags: { owner: 'ops' } }, boundary);
  const further = stacks['Ec2StateMonitor-Hints-us-east-1'] as Stack;
  expect(further.tags.tagValues()).toEqual({ owner: 'ops' });
  const [role] = Object.values(resources(Template.fromStack(further), 'AWS::IAM::Role'));
  expect(JSON.stringify(role?.Properties.PermissionsBoundary)).toContain(':policy/Boundary');
});

test.each<MonitorStackProps>([{}, { env: HOME }, { env: HOME, hints: 'none' }, { env: HOME, hints: ['eu-west-1'] }])(
  'with %j there is one stack',
  (props) => {
    expect(Object.keys(stacksOf(props))).toEqual(['Ec2StateMonitor']);
  },
);

test('two monitors of one stack share a region, and a stage or a nested stack changes nothing of it', () => {
  const stage = new Stage(newApp(), 'Prod', { env: HOME });
  const stack = new Stack(stage, 'Platform');
  const hints = ['us-east-1'];
  new Ec2StateMonitor(stack, 'One', { namespace: 'One', hints });
  new Ec2StateMonitor(new NestedStack(stack, 'Nested'), 'Two', { namespace: 'Two', hints });
  const further = stage.node.findAll().filter((each) => each instanceof HintForwarder);
  expect(further.map((each) => Stack.of(each).stackName)).toEqual(['Prod-Platform-Hints-us-east-1']);
  expect(
    stage
      .synth()
      .stacks.map(({ stackName }) => stackName)
      .sort(),
  ).toEqual(['Prod-Platform', 'Prod-Platform-Hints-us-east-1']);
});

describe('is refused, with what to do', () => {
  test.each<[string, Environment]>([
    ['account and region', {}],
    ['account', { region: 'eu-west-1' }],
    ['region', { account: '111122223333' }],
  ])('where the %s of the stack are not known', (_, env) => {
    expect(refusal(() => stacksOf({ env, hints: ['us-east-1', 'us-east-2'] }))).toMatch(
      /^The settings cannot be used:\n {2}- hints: each of us-east-1,us-east-2 needs .* 'Ec2StateMonitor' .*CDK_DEFAULT_ACCOUNT.*hints=home$/,
    );
  });

  test.each(['us-gov-west-1', 'cn-north-1', 'eusc-de-east-1'])('where the home region is %s', (region) => {
    const props: MonitorStackProps = { env: { ...HOME, region } };
    expect(refusal(() => stacksOf({ ...props, hints: ['us-east-1'] }))).toMatch(
      /hints: us-east-1 would have to send to \S+\. EventBridge sends .* Allowed in \S+: home, none$/,
    );
    expect(refusal(() => stacksOf(props))).toBe('none');
  });

  test('where somebody forwards from the home region, or from where that is not possible', () => {
    const from = (region: string) => () =>
      new HintForwarder(new Stack(newApp(), 'Hints', { env: { ...HOME, region } }), 'Hints', {
        homeRegion: 'eu-west-1',
      });
    expect(refusal(from('eu-west-1'))).toMatch(/eu-west-1 is the home region itself.*Remove it/);
    expect(refusal(from('cn-north-1'))).toMatch(/only between the commercial regions of AWS, and cn-north-1 is none/);
    expect(refusal(from('us-east-1'))).toBe('none');
  });
});
