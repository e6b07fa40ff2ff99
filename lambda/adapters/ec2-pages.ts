import type { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { compile, type Elements, type Node, structure, text } from './xml-grammar.ts';
import { XmlReader } from './xml-reader.ts';

/** An operation of EC2 that answers in pages, and what is read of them. */
export interface PagedOperation {
  /** As AWS calls it: `DescribeInstances`. */
  readonly name: string;
  /** Key of the list that every page has, even if the list is empty. */
  readonly list: string;
  /** Key of the stream whose items are read: the list itself, or one within its items. */
  readonly items: string;
  readonly grammar: Node;
}

/** How EC2 refuses. "Error codes", EC2 API Developer Guide. */
const REFUSAL = structure('refusal', {
  Errors: structure('Errors', { Error: structure('Error', { Code: text('Code'), Message: text('Message') }) }),
});

/** @param elements what is read of a page, by the names of its XML, under the names that the SDK gives */
export function pagedOperation(name: string, list: string, items: string, elements: Elements): PagedOperation {
  const page = structure('page', { nextToken: text('NextToken'), ...elements });
  return { name, list, items, grammar: compile({ [`${name}Response`]: page, Response: REFUSAL }) };
}

/** What the grammar of a {@link PagedOperation} makes of an answer. */
interface Answer {
  readonly page?: { readonly NextToken?: string; readonly [list: string]: unknown };
  readonly refusal?: { readonly Errors?: { readonly Error?: { readonly Code?: string; readonly Message?: string } } };
}

/** One page of an answer. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly nextToken?: string | undefined;
}

/**
 * Reads one page from the body of a successful answer, as it arrives.
 *
 * @param decode what an item becomes; `undefined` leaves it out
 * @throws Error for anything but a complete page of EC2
 */
export async function readPage<Item, T>(
  operation: PagedOperation,
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  decode: (item: Item) => T | undefined,
): Promise<Page<T>> {
  const items: T[] = [];
  const reader = new XmlReader(operation.grammar, (key, item) => {
    if (key !== operation.items) return;
    const decoded = decode(item as Item);
    if (decoded !== undefined) items.push(decoded);
  });
  for await (const chunk of body) reader.write(chunk);
  const { page, refusal } = reader.end() as Answer;
  // EC2 always sends the list. A proxy that answers 200 with a page of its own does not.
  if (page?.[operation.list] === undefined) {
    const { Code, Message } = refusal?.Errors?.Error ?? {};
    const what = reader.root === undefined ? 'is empty' : `has no list of ${operation.list} (<${reader.root}>)`;
    const why = Code === undefined ? '' : ` ${Code}: ${Message}`;
    throw new Error(`The answer to ${operation.name} is not one of EC2: it ${what}.${why}`);
  }
  return { items, nextToken: page.NextToken };
}

/** An answer as the SDK hands it from step to step. */
interface HttpAnswer {
  readonly statusCode: number;
  body: AsyncIterable<Uint8Array> | Uint8Array | undefined;
}

/**
 * Makes a command read its answer by {@link readPage}. The paginator gets the token and no items. Everything else stays the
 * SDK's: middleware of low priority in the step `deserialize` gets the answer before the SDK's own deserializer, within each
 * attempt ("Middleware stack", AWS SDK for JavaScript Developer Guide).
 *
 * @param command as a paginator hands it to `withCommand`
 * @param take called once with the whole page, after the command has succeeded
 */
export function readAsStream<Item, T>(
  command: Pick<DescribeInstancesCommand, 'middlewareStack'>,
  operation: PagedOperation,
  decode: (item: Item) => T | undefined,
  take: (page: Page<T>) => void,
): void {
  const pages = new WeakMap<object, Page<T>>();
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const answer = result.response as HttpAnswer;
      if (answer.statusCode < 200 || answer.statusCode >= 300) return result;
      const { body = [] } = answer;
      pages.set(answer, await readPage(operation, body instanceof Uint8Array ? [body] : body, decode));
      answer.body = new Uint8Array();
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'readPage' },
  );
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const page = pages.get(result.response as HttpAnswer);
      if (page === undefined) throw new Error(`An answer to ${operation.name} was not read.`);
      take(page);
      (result.output as { NextToken?: string | undefined }).NextToken = page.nextToken;
      return result;
    },
    { step: 'deserialize', priority: 'high', name: 'takePage' },
  );
}
