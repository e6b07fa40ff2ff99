import {
  InvalidParameterException,
  InvalidParameterValueException,
  type MessageAttributeValue,
  PublishCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import type { MessageAttributes } from '../contract/message.ts';
import { type Ports, Unacceptable } from '../core/ports.ts';
import type { Reader } from '../core/snapshot.ts';
import { abortable } from './abortable.ts';

/**
 * The port that SNS serves: one topic for each kind of reader.
 *
 * @param topics ARNs; absent for a reader that there is not
 */
export function snsPorts(client: SNSClient, topics: Readonly<Partial<Record<Reader, string>>>): Pick<Ports, 'publish'> {
  return {
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
