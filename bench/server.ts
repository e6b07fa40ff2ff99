import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { start } from '../local/http/server.ts';
import { Cloud } from '../local/model/cloud.ts';
import { DEFAULT_REGIONS } from '../local/model/regions.ts';
import { healthTemplate } from './health-xml.ts';
import { listingTemplate } from './listing-xml.ts';
import { PAGE_SIZE, type PageTemplate } from './page-template.ts';
import type { Control, MeasuredCall } from './world.ts';

// A process of its own: AWS on loopback. Listings and health are made ahead; everything else is answered by local/.

const [, , settings = '{}'] = process.argv;
const { regions, bucket, topics } = JSON.parse(settings) as { regions: number; bucket: string; topics: string[] };
const names = DEFAULT_REGIONS.slice(0, regions);
const cloud = new Cloud({ now: Date.now, regions: names, versionsKept: 1 });
cloud.store.createBucket(bucket);
for (const topic of topics) cloud.topics.create('us-east-1', topic);
const aws = await start(cloud);

let control: Control = { instances: 0, stopped: 0, latencyMs: 0, refusing: false };
const templatesOf: Readonly<Record<string, typeof listingTemplate | typeof healthTemplate>> = {
  DescribeInstances: listingTemplate,
  DescribeInstanceStatus: healthTemplate,
};
const templates = new Map<string, PageTemplate>();
const calls: MeasuredCall[] = [];

const server = createServer((incoming, response) => {
  serve(incoming, response).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.((server.address() as AddressInfo).port);
process.on('disconnect', () => process.exit());

async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (incoming.url === '/control') {
    control = { ...control, ...(JSON.parse(body.toString()) as Control) };
    response.end(JSON.stringify(calls.splice(0)));
    return;
  }
  const [, region = '', service = ''] =
    /Credential=[^/,]+\/\d{8}\/([^/]+)\/([^/]+)\//.exec(incoming.headers.authorization ?? '') ?? [];
  const form = service === 'ec2' ? new URLSearchParams(body.toString()) : undefined;
  const action = form?.get('Action') ?? '';
  const isPaged = Object.hasOwn(templatesOf, action);
  const ofRegion = service === 'ec2' ? (isPaged ? region : '') : /([a-z0-9-]+)\.json\.gz/.exec(incoming.url ?? '')?.[1];
  calls.push({ service, region: ofRegion ?? '', bytes: body.length });
  if (control.latencyMs > 0) await sleep(control.latencyMs);
  if (isPaged) {
    response.writeHead(200, { 'content-type': 'text/xml;charset=UTF-8' });
    response.end(pageOf(action, Number(form?.get('NextToken') ?? 0)));
    return;
  }
  if (control.refusing && service === 'sns') {
    response.writeHead(403, { 'content-type': 'text/xml', 'x-amzn-requestid': '1' });
    response.end(
      '<ErrorResponse><Error><Type>Sender</Type><Code>KMSAccessDenied</Code><Message>No.</Message></Error></ErrorResponse>',
    );
    return;
  }
  const forwarded = request(`${aws.url}${incoming.url}`, {
    method: incoming.method ?? 'GET',
    headers: incoming.headers,
  });
  forwarded.on('error', () => response.destroy());
  forwarded.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  forwarded.end(body);
}

function pageOf(action: string, number: number): Buffer {
  const { instances, stopped } = control;
  const first = number * PAGE_SIZE;
  const size = Math.min(PAGE_SIZE, instances - first);
  const stoppedHere = Math.max(0, Math.min(size, stopped - first));
  const key = `${action} ${size} ${stoppedHere}`;
  const template = templates.get(key) ?? templatesOf[action]?.(size, stoppedHere);
  if (template === undefined) throw new Error(`There are no pages of ${action}.`);
  templates.set(key, template);
  return template.page(number, first + size >= instances);
}
