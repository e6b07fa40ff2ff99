import type { MonitorStackProps } from '../../lib/monitor-stack.ts';
import { type Resource, resources, statements, synthesize } from './synthesize.ts';

const MACHINE = 'AWS::StepFunctions::StateMachine';
const one = (props: MonitorStackProps, type: string, part = ''): Resource | undefined =>
  Object.entries(resources(synthesize(props), type)).find(([id]) => id.includes(part))?.[1];
const ids = (count: number) => Array.from({ length: count }, (_, index) => String(100_000_000_000 + index)).join();

describe('a state machine divides the rounds', () => {
  test.each<[MonitorStackProps, boolean]>([
    [{}, false],
    [{ accounts: 'organization' }, true],
    [{ accounts: 'ou-ab12-11111111' }, true],
    [{ accounts: 'organization', shards: 1 }, false],
    [{ accounts: ids(125) }, false],
    [{ accounts: ids(126) }, true],
    [{ accounts: ids(3), shards: 2 }, true],
  ])('%j: %s', (props, isDivided) => {
    expect(one(props, MACHINE) !== undefined).toBe(isDivided);
  });
});

const divided = { accounts: 'organization' };

test('the schedule starts the state machine and may do nothing else, and that may invoke the function only', () => {
  const [machine] = Object.keys(resources(synthesize(divided), MACHINE));
  const [lambda] = Object.keys(resources(synthesize(divided), 'AWS::Lambda::Function'));
  expect(one(divided, 'AWS::Scheduler::Schedule')?.Properties.Target).toMatchObject({
    Arn: { 'Fn::GetAtt': [machine, 'Arn'] },
    Input: '{"time":"<aws.scheduler.scheduled-time>"}',
  });
  const allowed = (part: string) =>
    statements(one(divided, 'AWS::IAM::Role', part) as Resource).map(({ Action, Resource }) => [Action, Resource]);
  expect(allowed('ScheduleRole')).toEqual([['states:StartExecution', { 'Fn::GetAtt': [machine, 'Arn'] }]]);
  expect(allowed('RoundRole')).toEqual([['lambda:InvokeFunction', { 'Fn::GetAtt': [lambda, 'Arn'] }]]);
});

test('it is an express workflow of the same function, at most five minutes long', () => {
  const { StateMachineType: type, Definition: definition } = one(divided, MACHINE)?.Properties ?? {};
  expect(type).toBe('EXPRESS');
  expect(definition.TimeoutSeconds).toBe(300);
  const steps = [
    definition.States.Begin,
    definition.States.Close,
    definition.States.Look.ItemProcessor.States['Look at a shard'],
  ];
  const [lambda] = Object.keys(resources(synthesize(divided), 'AWS::Lambda::Function'));
  for (const step of steps) expect(step.Resource).toEqual({ 'Fn::GetAtt': [lambda, 'Arn'] });
  expect(steps.map(({ Parameters }) => Parameters.step)).toEqual(['begin', 'close', 'look']);
});

test('the function has as much time as an express workflow, where it has more otherwise', () => {
  const timeout = (props: Record<string, unknown>) => one(props, 'AWS::Lambda::Function')?.Properties.Timeout;
  expect([timeout({ every: 30 }), timeout({ ...divided, every: 30 }), timeout(divided)]).toEqual([600, 290, 50]);
});
