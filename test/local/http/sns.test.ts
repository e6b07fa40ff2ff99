import {
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  PublishCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { closeAll, refusalOf, serve } from './served-cloud.ts';

afterEach(closeAll);

async function served() {
  const { client, cloud } = await serve();
  return { cloud, client, sns: new SNSClient(client), TopicArn: cloud.topics.create('eu-west-1', 'alerts') };
}

test('a message arrives with its subject and attributes', async () => {
  const { cloud, sns, TopicArn } = await served();
  const delivered: string[] = [];
  cloud.topics.subscribe(TopicArn, ({ message }) => delivered.push(message));
  const { MessageId } = await sns.send(
    new PublishCommand({
      TopicArn,
      Message: 'web-1 & <web-2>\nstopped in "Zürich" 🚀 +%20',
      Subject: 'web-1 stopped',
      MessageAttributes: {
        to: { DataType: 'String', StringValue: 'stopped' },
        count: { DataType: 'Number', StringValue: '2' },
        raw: { DataType: 'Binary', BinaryValue: Buffer.from('x') },
      },
    }),
  );
  expect(cloud.topics.published()).toMatchObject([
    {
      messageId: MessageId,
      topicArn: TopicArn,
      message: 'web-1 & <web-2>\nstopped in "Zürich" 🚀 +%20',
      subject: 'web-1 stopped',
      attributes: {
        to: { type: 'String', value: 'stopped' },
        count: { type: 'Number', value: '2' },
        raw: { type: 'Binary', value: 'eA==' },
      },
    },
  ]);
  expect(delivered).toHaveLength(1);
  expect(cloud.calls).toMatchObject([{ iamAction: 'sns:Publish', resource: TopicArn, region: 'eu-west-1' }]);
});

test('refusals arrive as the exceptions of SNS', async () => {
  const { client, sns, TopicArn } = await served();
  const publish = (change: object) =>
    refusalOf(sns.send(new PublishCommand({ TopicArn, Message: 'hello', ...change })));
  expect(await publish({ Subject: 'two\nlines' })).toMatchObject({ name: 'InvalidParameterException', status: 400 });
  expect(await publish({ Message: '' })).toEqual({
    name: 'InvalidParameterException',
    status: 400,
    message: 'Invalid parameter: Empty message',
  });
  expect(await publish({ Message: 'x'.repeat(262_145) })).toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining('Message too long'),
  });
  expect(await publish({ TopicArn: `${TopicArn}-gone` })).toMatchObject({ name: 'NotFoundException', status: 404 });
  expect(await publish({ MessageAttributes: { a: { DataType: 'String', StringValue: '' } } })).toMatchObject({
    name: 'InvalidParameterValueException',
    status: 400,
  });
  const elsewhere = new SNSClient({ ...client, region: 'us-east-1' });
  expect(await refusalOf(elsewhere.send(new PublishCommand({ TopicArn, Message: 'x' })))).toMatchObject({
    name: 'InvalidParameterException',
  });
});

test('subscriptions can be listed and counted', async () => {
  const { cloud, sns, TopicArn } = await served();
  for (const endpoint of ['a@example.com', 'b@example.com']) {
    cloud.topics.subscribe(TopicArn, () => undefined, { protocol: 'email', endpoint });
  }
  const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  expect(Subscriptions).toMatchObject([
    { Protocol: 'email', Endpoint: 'a@example.com', Owner: '123456789012' },
    { Protocol: 'email', Endpoint: 'b@example.com', TopicArn },
  ]);
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
  expect(Attributes).toMatchObject({ TopicArn, SubscriptionsConfirmed: '2' });
});

test('what is not simulated says so', async () => {
  const { sns } = await served();
  expect(await refusalOf(sns.send(new ListTopicsCommand({})))).toEqual({
    name: 'InvalidAction',
    status: 400,
    message:
      "The action 'ListTopics' is not simulated for SNS: there is Publish, GetTopicAttributes, ListSubscriptionsByTopic.",
  });
});
