import {
  GetTopicAttributesCommand,
  InvalidParameterException,
  InvalidParameterValueException,
  type MessageAttributeValue,
  PublishCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import type { MessageAttributes } from '../contract/message.ts';
import { type Ports, problemOf, type Subscriptions, Unacceptable } from '../core/ports.ts';
import type { Reader } from '../core/snapshot.ts';
import { abortable } from './abortable.ts';

/** ARNs of the topics: one for each kind of reader, absent for one that there is not, and that of the alarms. */
export interface TopicArns extends Readonly<Partial<Record<Reader, string>>> {
  readonly health: string;
}

const TOPIC_OF = { transitions: 'Transitions', alerts: 'Alerts', chat: 'Chat', health: 'Health' } as const;

/** The ports that SNS serves. */
export function snsPorts(client: SNSClient, topics: TopicArns): Pick<Ports, 'publish' | 'subscriptions'> {
  return {
    subscriptions: (signal) =>
      Promise.all(
        Object.entries(TOPIC_OF).flatMap(([reader, topic]) => {
          const arn = topics[reader as keyof typeof TOPIC_OF];
          if (arn === undefined) return [];
          return subscriptionsOf(client, topic, arn, signal).catch((error: unknown) => ({
            topic,
            error: problemOf(error),
          }));
        }),
      ),
    publish: async ({ reader, subject, body, attributes }, signal) => {
      const command = new PublishCommand({
        TopicArn: topics[reader],
        Message: body,
        MessageAttributes: encodeAttributes(attributes),
        ...(subject === undefined ? {} : { Subject: subject }),
      });
      try {
        const { MessageId } = await abortable(signal, client.send(command, { abortSignal: signal }));
        if (MessageId === undefined) throw new Error('The answer to Publish is not one of SNS: it has no MessageId.');
      } catch (error) {
        throw isFaultOfTheMessage(error) ? new Unacceptable(error.message) : error;
      }
    },
  };
}

async function subscriptionsOf(
  client: SNSClient,
  topic: Subscriptions['topic'],
  arn: string,
  signal: AbortSignal,
): Promise<Subscriptions> {
  const command = new GetTopicAttributesCommand({ TopicArn: arn });
  const { Attributes } = await abortable(signal, client.send(command, { abortSignal: signal }));
  const { SubscriptionsConfirmed: confirmed, SubscriptionsPending: pending } = Attributes ?? {};
  if (confirmed === undefined) {
    throw new Error(`The answer to GetTopicAttributes for ${arn} does not say how many subscriptions are confirmed.`);
  }
  return { topic, confirmed: Number(confirmed), pending: Number(pending ?? 0) };
}

/** SNS says "invalid parameter" of a wrong topic too; that is a fault of the deployment, and every message waits until it is mended. */
function isFaultOfTheMessage(error: unknown): error is Error {
  const invalid = error instanceof InvalidParameterException || error instanceof InvalidParameterValueException;
  return invalid && !/TopicArn|TargetArn/i.test(error.message);
}

function encodeAttributes(attributes: MessageAttributes): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
}
