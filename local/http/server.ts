import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { Accounts, authorize, type Caller, COMMON_CODES, type RefusalCodes } from '../model/accounts.ts';
import { AwsError } from '../model/aws-error.ts';
import type { Cloud } from '../model/cloud.ts';
import type { FaultEffect, Service } from '../model/faults.ts';
import { cloudformation } from './cloudformation.ts';
import { cloudwatch } from './cloudwatch.ts';
import { ec2 } from './ec2.ts';
import { organizations } from './organizations.ts';
import type { Answer, Asked, AwsRequest, WireProtocol } from './protocol.ts';
import { s3 } from './s3.ts';
import { sns } from './sns.ts';
import { sts } from './sts.ts';

/** A running HTTP face. */
export interface LocalAws {
  /** For the SDK's `endpoint` or `AWS_ENDPOINT_URL`. */
  readonly url: string;
  /** Ends every connection, including those that hang. */
  close(): Promise<void>;
}

/** Services by the name under which requests are signed. */
const SERVICES: Readonly<Record<string, { readonly service: Service; readonly protocol: WireProtocol }>> = {
  cloudformation: { service: 'cloudformation', protocol: cloudformation },
  ec2: { service: 'ec2', protocol: ec2 },
  monitoring: { service: 'cloudwatch', protocol: cloudwatch },
  organizations: { service: 'organizations', protocol: organizations },
  s3: { service: 's3', protocol: s3 },
  sns: { service: 'sns', protocol: sns },
  sts: { service: 'sts', protocol: sts },
};

/** Of the services that do not use the common ones. */
const OTHER_CODES: Readonly<Partial<Record<Service, RefusalCodes>>> = {
  ec2: { denied: 'UnauthorizedOperation', expired: 'RequestExpired', invalid: 'AuthFailure' },
  organizations: {
    denied: 'AccessDeniedException',
    expired: 'ExpiredTokenException',
    invalid: 'UnrecognizedClientException',
  },
};

/**
 * Serves a cloud over HTTP to unmodified AWS SDKs, on loopback only. Signatures are read, for the service, the region and the
 * key, and not verified. All state is the cloud's.
 *
 * @param options.port default 0: any free one
 * @param options.accounts further accounts, of which the cloud is the home. Default: it is the only one
 */
export async function start(
  cloud: Cloud,
  options: { readonly port?: number; readonly accounts?: Accounts } = {},
): Promise<LocalAws> {
  const { accounts = new Accounts(cloud) } = options;
  const server = createServer((request, response) => {
    // The client must get an answer even if something breaks here.
    serve(accounts, request, response).catch(() => response.destroy());
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(accounts: Accounts, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { home } = accounts;
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    chunks.push(chunk as Buffer);
  }
  const requestId = `00000000-0000-4000-8000-${String(home.calls.length).padStart(12, '0')}`;
  response.sendDate = false;
  response.setHeader('date', new Date(home.now()).toUTCString());

  const { service, region, accessKeyId, protocol } = addressee(incoming);
  const plain = { ...requestOf(incoming, Buffer.concat(chunks)), region };
  const attempt = (act: () => Answer): Answer => {
    try {
      return act();
    } catch (error) {
      const refusal = error instanceof AwsError ? error : new AwsError('InternalFailure', 500, `In local/: ${error}`);
      return protocol.refuse(refusal, requestId, plain);
    }
  };

  const codes = OTHER_CODES[service] ?? COMMON_CODES;
  let read: { readonly asked: Asked; readonly caller: Caller } | undefined;
  const unread = attempt(() => {
    const caller = accounts.callerOf(accessKeyId, incoming.headers['x-amz-security-token']?.toString(), codes);
    const asked = protocol.read(caller.cloud, decoded(plain, service), requestId, { caller, accounts });
    read = { asked, caller };
    return { status: 200, headers: {}, body: '' };
  });
  if (read === undefined) {
    send(response, unread);
    return;
  }
  const { asked, caller } = read;
  const { operation, resource, act } = asked;
  const effect = caller.cloud.begin({ service, operation, region, ...(resource === undefined ? {} : { resource }) });
  await actOut(
    effect,
    () =>
      attempt(() => {
        authorize(caller, `${service}:${operation}`, resource ?? '*', codes.denied);
        return act();
      }),
    (error) => protocol.refuse(error, requestId, plain),
    response,
  );
}

async function actOut(
  effect: FaultEffect | undefined,
  act: () => Answer,
  refuse: (error: AwsError) => Answer,
  response: ServerResponse,
): Promise<void> {
  switch (effect?.kind) {
    case undefined:
      send(response, act());
      break;
    case 'error':
      send(response, refuse(new AwsError(effect.code, effect.status, effect.message)));
      break;
    case 'drop-before':
      response.destroy();
      break;
    case 'drop-after':
      act();
      response.destroy();
      break;
    case 'cut':
      cut(response, act());
      break;
    case 'half': {
      const { status, headers, body } = act();
      const { 'content-length': _, ...others } = headers;
      send(response, { status, headers: others, body: firstHalf(body) });
      break;
    }
    case 'html':
      send(response, {
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: effect.page ?? '<html><head><title>Sign in</title></head><body><p>Please sign in.</p></body></html>',
      });
      break;
    case 'hang':
      break;
    case 'delay':
      await sleep(effect.ms);
      send(response, act());
      break;
  }
}

/** Sends the headers for the whole answer and half of its body (nothing if it is empty), and breaks the connection. */
function cut(response: ServerResponse, { status, headers, body }: Answer): void {
  if (body.length === 0) {
    response.destroy();
    return;
  }
  response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) });
  response.write(firstHalf(body), () => response.destroy());
}

function firstHalf(body: string | Uint8Array): Buffer {
  const bytes = Buffer.from(body);
  return bytes.subarray(0, bytes.length >> 1);
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers);
  response.end(body);
}

/** What a request says of itself. */
interface Addressee {
  readonly service: Service;
  readonly region: string;
  readonly accessKeyId: string;
  readonly protocol: WireProtocol;
}

/** Service, region and key of a request, from its signature. Without a signature, it gets EC2's refusal. */
function addressee({ headers }: IncomingMessage): Addressee {
  const scope = /Credential=([^/,]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(headers.authorization ?? '');
  const [, accessKeyId = '', region = '', signed = ''] = scope ?? [];
  const known = Object.hasOwn(SERVICES, signed) ? SERVICES[signed] : undefined;
  if (known) {
    return { ...known, region, accessKeyId };
  }
  const error = scope
    ? new AwsError('InvalidAction', 400, `The service '${signed}' is not simulated: there is ${Object.keys(SERVICES)}.`)
    : new AwsError(
        'MissingAuthenticationToken',
        403,
        'The request has no Signature Version 4 in its Authorization header. Any credentials will do.',
      );
  const read = () => {
    throw error;
  };
  return { service: 'ec2', region, accessKeyId, protocol: { ...ec2, read } };
}

function requestOf({ method = 'GET', url = '/', headers }: IncomingMessage, body: Buffer): Omit<AwsRequest, 'region'> {
  const [path = '/'] = url.split('?', 1);
  return { method, path, query: new URLSearchParams(url.slice(path.length)), headers, body };
}

/** For S3, gzip is the object's own encoding; for the others, that of the request. */
function decoded(request: AwsRequest, service: Service): AwsRequest {
  if (service === 's3' || request.headers['content-encoding'] !== 'gzip') {
    return request;
  }
  return { ...request, body: gunzipSync(request.body) };
}
