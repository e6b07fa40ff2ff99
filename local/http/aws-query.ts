import type { AwsError } from '../model/aws-error.ts';
import type { Answer } from './protocol.ts';
import type { Xml } from './xml.ts';
import { xmlDocument } from './xml.ts';

/** A result in the form of the AWS query protocol, which SNS and STS speak. */
export function queryAnswer(operation: string, namespace: string, requestId: string, result: Xml): Answer {
  const content = { [`${operation}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  return {
    status: 200,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: xmlDocument(`${operation}Response`, namespace, content),
  };
}

/** A refusal in the form of the AWS query protocol. */
export function queryRefusal(error: AwsError, namespace: string, requestId: string): Answer {
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  const content = { Error: { Type: type, Code: error.code, Message: error.message }, RequestId: requestId };
  return {
    status: error.status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: xmlDocument('ErrorResponse', namespace, content),
  };
}
