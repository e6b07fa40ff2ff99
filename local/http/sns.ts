import type { Cloud } from '../model/cloud.ts';
import type { MessageAttribute, PublishRequest } from '../model/publish-rules.ts';
import { queryAnswer, queryRefusal } from './aws-query.ts';
import { Form, unknownAction } from './form.ts';
import type { WireProtocol } from './protocol.ts';
import type { Xml } from './xml.ts';

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

type Operation = (cloud: Cloud, region: string, form: Form) => Xml;

const operations: Readonly<Record<string, Operation>> = {
  Publish: (cloud, region, form) => ({ MessageId: cloud.topics.publish(region, publishRequest(form)).messageId }),

  GetTopicAttributes({ account, topics }, _region, form) {
    const arn = form.need('TopicArn');
    const confirmed = topics.subscriptions(arn).filter((subscription) => subscription.confirmed);
    const attributes = {
      TopicArn: arn,
      Owner: account,
      SubscriptionsConfirmed: String(confirmed.length),
      SubscriptionsPending: String(topics.subscriptions(arn).length - confirmed.length),
      SubscriptionsDeleted: '0',
    };
    return { Attributes: { entry: Object.entries(attributes).map(([key, value]) => ({ key, value })) } };
  },

  ListSubscriptionsByTopic({ account, topics }, _region, form) {
    const topicArn = form.need('TopicArn');
    const member = topics.subscriptions(topicArn).map(({ arn, protocol, endpoint, confirmed }) => ({
      SubscriptionArn: confirmed ? arn : 'PendingConfirmation',
      Owner: account,
      Protocol: protocol,
      Endpoint: endpoint,
      TopicArn: topicArn,
    }));
    return { Subscriptions: { member } };
  },
};

/** SNS over the AWS query protocol. */
export const sns: WireProtocol = {
  read(cloud, { body, region }, requestId) {
    const form = new Form(body);
    const operation = form.need('Action');
    const act = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    if (!act) {
      throw unknownAction('SNS', operation, Object.keys(operations));
    }
    return {
      operation,
      resource: form.need('TopicArn'),
      act: () => queryAnswer(operation, NAMESPACE, requestId, act(cloud, region, form)),
    };
  },
  refuse: (error, requestId) => queryRefusal(error, NAMESPACE, requestId),
};

function publishRequest(form: Form): PublishRequest {
  const subject = form.get('Subject');
  const messageStructure = form.get('MessageStructure');
  const attributes = form.entries('MessageAttributes.entry').map((entry): [string, MessageAttribute] => [
    form.need(`${entry}.Name`),
    {
      type: form.get(`${entry}.Value.DataType`) ?? '',
      value: form.get(`${entry}.Value.StringValue`) ?? form.get(`${entry}.Value.BinaryValue`) ?? '',
    },
  ]);
  return {
    topicArn: form.need('TopicArn'),
    message: form.get('Message') ?? '',
    ...(subject === undefined ? {} : { subject }),
    ...(messageStructure === undefined ? {} : { messageStructure }),
    attributes: Object.fromEntries(attributes),
  };
}
