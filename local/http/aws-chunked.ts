import { AwsError } from '../model/aws-error.ts';

/** A body without its framing, and its trailing headers. */
export interface Unframed {
  readonly body: Buffer;
  readonly trailers: ReadonlyMap<string, string>;
}

/**
 * Removes the framing of `aws-chunked` from a body: chunks with their length in hexadecimal (signed or not), then trailers.
 * "Signature calculations … transferring payload in multiple chunks", Amazon S3 API Reference.
 *
 * @throws AwsError IncompleteBody (400) if the framing is wrong
 */
export function unframe(framed: Buffer): Unframed {
  const chunks: Buffer[] = [];
  let position = 0;
  const line = (): string => {
    const end = framed.indexOf('\r\n', position);
    if (end === -1) {
      throw new AwsError('IncompleteBody', 400, `The chunked body ends inside the line at byte ${position}`);
    }
    const text = framed.toString('utf8', position, end);
    position = end + 2;
    return text;
  };
  for (;;) {
    const head = line();
    const size = Number.parseInt(head, 16);
    if (Number.isNaN(size) || position + size > framed.length) {
      throw new AwsError(
        'IncompleteBody',
        400,
        `A chunk announces '${head}', and ${framed.length - position} bytes follow`,
      );
    }
    if (size === 0) {
      return { body: Buffer.concat(chunks), trailers: trailersOf(framed.toString('utf8', position)) };
    }
    chunks.push(framed.subarray(position, position + size));
    position += size + 2;
  }
}

function trailersOf(text: string): Map<string, string> {
  const pairs = text.split('\r\n').flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon === -1 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
  });
  return new Map(pairs);
}
