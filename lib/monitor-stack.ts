import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { TEST_INPUT } from '../lambda/contract/tick.ts';
import { dashboardUrl } from './dashboard-url.ts';
import { Ec2StateMonitor, type Ec2StateMonitorProps } from './ec2-state-monitor.ts';
import { memberTemplateCommand } from './member-template-command.ts';

/** Props of {@link MonitorStack}. */
export interface MonitorStackProps extends StackProps, Ec2StateMonitorProps {}

/** What is for the stack. The compiler says when it is not all that this version of aws-cdk-lib knows. */
const OF_THE_STACK: Readonly<Record<keyof StackProps, true>> = {
  analyticsReporting: true,
  crossRegionReferences: true,
  description: true,
  env: true,
  notificationArns: true,
  permissionsBoundary: true,
  propertyInjectors: true,
  stackName: true,
  suppressTemplateIndentation: true,
  synthesizer: true,
  tags: true,
  terminationProtection: true,
};

/** One {@link Ec2StateMonitor} in a stack of its own, with what its users look for as outputs. */
export class MonitorStack extends Stack {
  readonly monitor: Ec2StateMonitor;

  constructor(scope: Construct, id: string, props: MonitorStackProps = {}) {
    super(scope, id, { description: 'EC2 State Monitor: counts and transitions of EC2 instance states', ...props });
    const ofTheMonitor = Object.entries(props).filter(([key]) => !(key in OF_THE_STACK));
    this.monitor = new Ec2StateMonitor(this, 'Monitor', Object.fromEntries(ofTheMonitor));

    const output = (name: string, description: string, value: string) =>
      new CfnOutput(this, name, { description, value });
    output('TransitionsTopic', 'For machines: every transition, as JSON', this.monitor.transitionsTopic.topicArn);
    output('AlertsTopic', 'For people: subscribe to this one', this.monitor.alertsTopic.topicArn);
    if (this.monitor.chatTopic !== undefined) {
      output(
        'ChatTopic',
        'For Slack and Microsoft Teams: give it to Amazon Q Developer',
        this.monitor.chatTopic.topicArn,
      );
    }
    output('HealthTopic', 'Alarms about the monitor itself', this.monitor.healthTopic.topicArn);
    output('DashboardUrl', 'Instances, transitions and health at a glance', dashboardUrl(this.monitor.dashboard));
    output('FunctionName', 'The function that sweeps', this.monitor.function.functionName);
    output(
      'TestCommand',
      'Sends a test message to every topic, by the real path',
      `aws lambda invoke --function-name ${this.monitor.function.functionName} --cli-binary-format raw-in-base64-out --payload '${JSON.stringify(TEST_INPUT)}' /dev/stdout`,
    );
    output('SnapshotBucketName', 'What was last seen in each region', this.monitor.snapshots.bucketName);
    output('SilencePolicy', 'Attach it to whoever may silence', this.monitor.silenceEditors.managedPolicyArn);
    const { memberRole } = this.monitor;
    if (memberRole !== undefined) {
      output('TrustedRole', 'The role of this account that the others have to trust', memberRole.trustedRole);
      output(
        'MemberTemplateCommand',
        'Writes the template that each other account needs',
        memberTemplateCommand(memberRole),
      );
    }
  }
}
