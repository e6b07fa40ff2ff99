import type {
  DescribeInstancesCommand,
  DescribeInstancesCommandOutput,
  Instance as Ec2Instance,
} from '@aws-sdk/client-ec2';
import type { Instance } from '../core/known/instance.ts';
import { decodeInstance } from './ec2-decoder.ts';
import { XmlReader } from './ec2-xml.ts';
import { compile, type Wanted } from './ec2-xml-grammar.ts';

const INSTANCE: Wanted = {
  instanceId: { key: 'InstanceId', kind: 'text' },
  instanceState: { key: 'State', kind: 'structure', members: { name: { key: 'Name', kind: 'text' } } },
  launchTime: { key: 'LaunchTime', kind: 'date' },
  reason: { key: 'StateTransitionReason', kind: 'text' },
  stateReason: {
    key: 'StateReason',
    kind: 'structure',
    members: { code: { key: 'Code', kind: 'text' }, message: { key: 'Message', kind: 'text' } },
  },
  tagSet: {
    key: 'Tags',
    kind: 'list',
    members: { key: { key: 'Key', kind: 'text' }, value: { key: 'Value', kind: 'text' } },
  },
  instanceType: { key: 'InstanceType', kind: 'text' },
  placement: {
    key: 'Placement',
    kind: 'structure',
    members: { availabilityZone: { key: 'AvailabilityZone', kind: 'text' } },
  },
  privateIpAddress: { key: 'PrivateIpAddress', kind: 'text' },
  imageId: { key: 'ImageId', kind: 'text' },
  instanceLifecycle: { key: 'InstanceLifecycle', kind: 'text' },
};

const ERROR: Wanted = { Code: { key: 'Code', kind: 'text' }, Message: { key: 'Message', kind: 'text' } };

/** What is read of an answer: what {@link decodeInstance} needs. "DescribeInstances", EC2 API Reference. */
const GRAMMAR = compile({
  DescribeInstancesResponse: {
    key: 'page',
    kind: 'structure',
    members: {
      nextToken: { key: 'NextToken', kind: 'text' },
      reservationSet: {
        key: 'Reservations',
        kind: 'stream',
        members: { instancesSet: { key: 'Instances', kind: 'stream', members: INSTANCE } },
      },
    },
  },
  // How EC2 refuses. "Error codes", EC2 API Developer Guide.
  Response: {
    key: 'refusal',
    kind: 'structure',
    members: {
      Errors: {
        key: 'Errors',
        kind: 'structure',
        members: { Error: { key: 'Error', kind: 'structure', members: ERROR } },
      },
    },
  },
});

/** What {@link GRAMMAR} makes of an answer. */
interface Answer {
  readonly page?: { readonly NextToken?: string; readonly Reservations?: readonly unknown[] };
  readonly refusal?: { readonly Errors?: { readonly Error?: { readonly Code?: string; readonly Message?: string } } };
}

/** What becomes of an instance in an answer: `undefined` leaves it out. */
export type Decode = (answer: Ec2Instance) => Instance | undefined;

/** One page of a listing. */
export interface Page {
  readonly instances: readonly Instance[];
  /** Absent on the last page. */
  readonly nextToken?: string;
}

/**
 * Reads one page from the body of a successful answer, as it arrives.
 *
 * @throws Error for anything but a whole page of EC2
 */
export async function readPage(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  decode: Decode = decodeInstance,
): Promise<Page> {
  const instances: Instance[] = [];
  const reader = new XmlReader(GRAMMAR, (list, entry) => {
    if (list !== 'Instances') return;
    const instance = decode(entry as Ec2Instance);
    if (instance !== undefined) instances.push(instance);
  });
  for await (const chunk of body) reader.write(chunk);
  const { page, refusal } = reader.end() as Answer;
  // EC2 always sends the list, if only an empty one. Something between that answers 200 with a page of its own does not.
  if (page?.Reservations === undefined) {
    const { Code, Message } = refusal?.Errors?.Error ?? {};
    const what = reader.root === undefined ? 'is empty' : `lists no reservations (<${reader.root}>)`;
    throw new Error(
      `The answer to DescribeInstances is not one of EC2: it ${what}.${Code === undefined ? '' : ` ${Code}: ${Message}`}`,
    );
  }
  return { instances, ...(page.NextToken === undefined ? {} : { nextToken: page.NextToken }) };
}

/** An answer as the SDK hands it from step to step. */
interface HttpAnswer {
  readonly statusCode: number;
  body: AsyncIterable<Uint8Array> | Uint8Array | undefined;
}

/**
 * Makes a command read its answer by {@link readPage}. Everything else stays the SDK's: before the request and after a
 * refusal nothing is changed, and the output that the paginator gets has the token and no instances.
 *
 * It is done with middleware, since that is documented ("Middleware stack", AWS SDK for JavaScript Developer Guide):
 * what has low priority in the step `deserialize` gets the answer before the SDK's own deserializer, within each attempt.
 *
 * @param take called once with the whole page, when the command has gone well
 */
export function readAsStream(
  command: Pick<DescribeInstancesCommand, 'middlewareStack'>,
  take: (page: Page) => void,
  decode: Decode = decodeInstance,
): void {
  const pages = new WeakMap<object, Page>();
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const answer = result.response as HttpAnswer;
      if (answer.statusCode < 200 || answer.statusCode >= 300) return result;
      const { body } = answer;
      pages.set(answer, await readPage(body === undefined ? [] : body instanceof Uint8Array ? [body] : body, decode));
      answer.body = new Uint8Array();
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'readListing' },
  );
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const page = pages.get(result.response as HttpAnswer);
      if (page === undefined) throw new Error('An answer to DescribeInstances was not read.');
      take(page);
      (result.output as DescribeInstancesCommandOutput).NextToken = page.nextToken;
      return result;
    },
    { step: 'deserialize', priority: 'high', name: 'completeListing' },
  );
}
