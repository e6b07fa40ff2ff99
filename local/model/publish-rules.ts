import { AwsError } from './aws-error.ts';

/** One attribute of a message. "MessageAttributeValue", SNS API Reference. */
export interface MessageAttribute {
  /** `String`, `String.Array`, `Number` or `Binary`; a binary value is base64. */
  readonly type: string;
  readonly value: string;
}

/** The input of `Publish`. */
export interface PublishRequest {
  readonly topicArn: string;
  readonly message: string;
  readonly subject?: string;
  /** `json`: the message is an object with a text for each protocol. */
  readonly messageStructure?: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
}

const LIMIT_BYTES = 262_144;

/** Refuses what SNS refuses. "Publish", SNS API Reference; "Message attributes", SNS Developer Guide. @throws AwsError */
export function checkPublish(request: PublishRequest): void {
  const { message, subject, messageStructure, attributes = {} } = request;
  if (message === '') {
    throw invalid('Empty message');
  }
  if (subject !== undefined && !/^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(subject)) {
    throw invalid(
      `Subject (given ${JSON.stringify(subject)}; allowed are 1 to 99 printable ASCII characters, the first no space)`,
    );
  }
  if (messageStructure !== undefined) {
    checkStructure(messageStructure, message);
  }
  let bytes = Buffer.byteLength(message);
  for (const [name, { type, value }] of Object.entries(attributes)) {
    checkAttribute(name, type, value);
    bytes += Buffer.byteLength(name) + Buffer.byteLength(type) + Buffer.byteLength(value);
  }
  if (bytes > LIMIT_BYTES) {
    throw invalid(`Message too long (${bytes} bytes with its attributes, allowed are ${LIMIT_BYTES})`);
  }
}

/** The refusal that SNS gives for a value it cannot take. */
export function invalid(what: string): AwsError {
  return new AwsError('InvalidParameter', 400, `Invalid parameter: ${what}`);
}

function checkStructure(structure: string, message: string): void {
  if (structure !== 'json') {
    throw invalid(`MessageStructure (given '${structure}', allowed is 'json')`);
  }
  let parts: unknown;
  try {
    parts = JSON.parse(message);
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  if (typeof parts !== 'object' || parts === null || !('default' in parts)) {
    throw invalid('Message Structure - No default entry in JSON message body');
  }
}

function checkAttribute(name: string, type: string, value: string): void {
  const problem =
    (!/^[A-Za-z0-9_.-]{1,256}$/.test(name) && 'the name may have 1 to 256 of A-Z a-z 0-9 _ - .') ||
    (/^(aws|amazon)\./i.test(name) && 'the name may not begin with AWS. or Amazon.') ||
    (/^\.|\.$|\.\./.test(name) && 'the name may not begin or end with a period, nor have two in a row') ||
    (!/^(String|String\.Array|Number|Binary)$/.test(type) &&
      `the type is '${type}', allowed are String, String.Array, Number and Binary`) ||
    (value === '' && `it must contain a non-empty value for the type '${type}'`) ||
    (type === 'Number' && !Number.isFinite(Number(value)) && `'${value}' is not a number`);
  if (problem) {
    throw new AwsError('ParameterValueInvalid', 400, `The message attribute '${name}' is invalid: ${problem}`);
  }
}
