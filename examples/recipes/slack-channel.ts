import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** A Slack channel that gets the topics Chat and Health of a monitor. It may do nothing in the account. */
export class SlackChannel extends Construct {
  /** @param topics `chatTopic` and `healthTopic` of the monitor */
  constructor(scope: Construct, id: string, topics: ITopic[]) {
    super(scope, id);
    new SlackChannelConfiguration(this, 'Channel', {
      slackChannelConfigurationName: 'ec2-state-monitor',
      slackWorkspaceId: 'T0123456789',
      slackChannelId: 'C0123456789',
      notificationTopics: topics,
    });
  }
}
