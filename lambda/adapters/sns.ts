import {
  GetTopicAttributesCommand,
  InvalidParameterException,
  InvalidParameterValueException,
  type MessageAttributeValue,
  PublishCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import type { MessageAttributes } from '../contract/message.ts';
import { TOPICS, type Topic } from '../contract/topics.ts';
import { problemOf } from '../core/log.ts';
import type { RoundPorts, Subscriptions } from '../core/round/ports.ts';
import { type TellPorts, Unacceptable } from '../core/tell/ports.ts';
import { abortable } from './abortable.ts';

/**
 * The ports that SNS serves.
 *
 * @param topics ARN by topic. `Chat` is absent if it is turned off
 */
export function snsPorts(
  client: SNSClient,
  topics: { readonly [T in Topic]?: string | undefined },
): TellPorts & Pick<RoundPorts, 'subscriptions'> {
  return {
    subscriptions: (signal) => {
      const asked = TOPICS.flatMap((topic) => {
        const arn = topics[topic];
        if (arn === undefined) return [];
        return subscriptionsOf(client, arn, signal)
          .catch((error: unknown) => ({ error: problemOf(error) }))
          .then((answer) => ({ topic, ...answer }));
      });
      return Promise.all(asked);
    },
    publish: async ({ reader, subject, body, attributes }, signal) => {
      const command = new PublishCommand({
        TopicArn: topics[reader],
        Message: body,
        MessageAttributes: encodeAttributes(attributes),
        Subject: subject,
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
  arn: string,
  signal: AbortSignal,
): Promise<Omit<Subscriptions, 'topic'>> {
  const command = new GetTopicAttributesCommand({ TopicArn: arn });
  const { Attributes } = await abortable(signal, client.send(command, { abortSignal: signal }));
  const { SubscriptionsConfirmed: confirmed, SubscriptionsPending: pending } = Attributes ?? {};
  if (confirmed === undefined) {
    throw new Error(`The answer to GetTopicAttributes for ${arn} does not say how many subscriptions are confirmed.`);
  }
  return { confirmed: Number(confirmed), pending: Number(pending ?? 0) };
}

/** SNS says "invalid parameter" of a wrong topic too; that is a fault of the deployment, and every message waits until it is mended. */
function isFaultOfTheMessage(error: unknown): error is Error {
  const invalid = error instanceof InvalidParameterException || error instanceof InvalidParameterValueException;
  return invalid && !/TopicArn|TargetArn/i.test(error.message);
}

function encodeAttributes(attributes: MessageAttributes): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'string'
        ? { DataType: 'String', StringValue: value }
        : { DataType: 'String.Array', StringValue: JSON.stringify(value) },
    ]),
  );
}
