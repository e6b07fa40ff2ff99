import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EC2Client } from '@aws-sdk/client-ec2';

const running: Server[] = [];

/** The beginning of an answer that never ends. */
export interface Beginning {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * A server that takes requests and answers none, or begins to answer, until {@link closeStalling}.
 *
 * @param onRequest called once a request has arrived whole
 * @returns its address
 */
export async function stalling(beginning: Beginning | undefined, onRequest: () => void): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (beginning !== undefined) {
        response.writeHead(200, beginning.headers);
        response.write(beginning.body);
      }
      onRequest();
    });
  });
  running.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Ends every server of {@link stalling}. */
export async function closeStalling(): Promise<void> {
  await Promise.all(
    running.splice(0).map(async (server) => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    }),
  );
}

/** What sends the requests of an SDK client: the same in every client. */
type RequestHandler = EC2Client['config']['requestHandler'];

/** Calls `then` whenever a client has the head of an answer and not yet its body. */
export function onAnswer(client: { readonly config: { readonly requestHandler: RequestHandler } }, then: () => void) {
  const { requestHandler } = client.config;
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = async (...request) => {
    const answer = await handle(...request);
    then();
    return answer;
  };
}
