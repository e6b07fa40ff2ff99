import { synthesize } from './synthesize.ts';

const { Outputs, Conditions } = synthesize().toJSON();

/** What CloudFormation makes of conditions, in a partition. */
function evaluate(value: unknown, partition: string): unknown {
  if (typeof value !== 'object' || value === null || !('Fn::If' in value) || !Array.isArray(value['Fn::If'])) {
    return value;
  }
  const [condition, then, otherwise] = value['Fn::If'];
  const [, expected] = Conditions[condition]['Fn::Equals'];
  return evaluate(partition === expected ? then : otherwise, partition);
}

test.each([
  ['aws', 'console.aws.amazon.com'],
  ['aws-cn', 'console.amazonaws.cn'],
  ['aws-us-gov', 'console.amazonaws-us-gov.com'],
  ['aws-eusc', 'console.amazonaws-eusc.eu'],
  ['aws-of-the-future', 'console.aws.amazon.com'],
])('in the partition %s the dashboard is at %s', (partition, domain) => {
  const [, parts] = Outputs.DashboardUrl.Value['Fn::Join'];
  expect(parts.map((part: unknown) => evaluate(part, partition))).toEqual([
    'https://',
    domain,
    '/cloudwatch/home?region=',
    { Ref: 'AWS::Region' },
    '#dashboards/dashboard/',
    { Ref: expect.stringMatching('MonitorDashboard') },
  ]);
});
