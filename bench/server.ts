import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MEMBER_ROLE } from '../lambda/contract/member.ts';
import { start } from '../local/http/server.ts';
import { Accounts, type Role } from '../local/model/accounts.ts';
import { Cloud } from '../local/model/cloud.ts';
import { Organization } from '../local/model/organization.ts';
import { DEFAULT_REGIONS } from '../local/model/regions.ts';
import { healthTemplate } from './health-xml.ts';
import { listingTemplate } from './listing-xml.ts';
import { PAGE_SIZE, type PageTemplate } from './page-template.ts';
import type { ServerSettings } from './processes.ts';
import { type Control, type MeasuredCall, memberId } from './world.ts';

// A process of its own: AWS on loopback. Listings and health are made ahead; everything else is answered by local/.

const [, , settings = '{}'] = process.argv;
const { regions, bucket, topics, members = 0 } = JSON.parse(settings) as ServerSettings;
const enabled = DEFAULT_REGIONS.slice(0, regions);
const rankOf = new Map(enabled.map(({ name }, rank) => [name, rank]));
const cloud = new Cloud({ now: Date.now, regions: enabled, versionsKept: 1 });
cloud.store.createBucket(bucket);
for (const topic of topics) cloud.topics.create('us-east-1', topic);
const aws = await start(cloud, { accounts: organization() });

let control: Control = {
  instances: 0,
  populated: regions,
  stopped: 0,
  latencyMs: 0,
  slow: ['ec2', 's3', 'sns', 'monitoring', 'sts', 'organizations'],
  silent: '',
  refusing: false,
};
const templatesOf: Readonly<Record<string, typeof listingTemplate | typeof healthTemplate>> = {
  DescribeInstances: listingTemplate,
  DescribeInstanceStatus: healthTemplate,
};
const templates = new Map<string, PageTemplate>();
const calls: MeasuredCall[] = [];

const server = createServer((incoming, response) => {
  serve(incoming, response).catch(() => response.destroy());
});
let connections = 0;
let mostConnections = 0;
server.on('connection', (socket) => {
  connections += 1;
  mostConnections = Math.max(mostConnections, connections);
  socket.once('close', () => {
    connections -= 1;
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.((server.address() as AddressInfo).port);
process.on('disconnect', () => process.exit());

/** The home account in an organization with the others, each with the role of a member. */
function organization(): Accounts {
  const listed = (id: string) => ({ id, name: `team-${id.slice(-4)}`, state: 'ACTIVE' });
  const role: Role = {
    name: MEMBER_ROLE,
    trust: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: cloud.account } }] },
    permissions: [{ Statement: [{ Effect: 'Allow', Action: 'ec2:Describe*', Resource: '*' }] }],
  };
  const others = Array.from({ length: members }, (_, index) => {
    return new Cloud({ now: Date.now, account: memberId(index), regions: enabled });
  });
  const whole = new Organization(listed(cloud.account));
  for (const { account } of others) whole.addAccount(listed(account));
  const accounts = new Accounts(cloud, others, whole);
  for (const { account } of others) accounts.addRole(account, role);
  return accounts;
}

async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (incoming.url === '/control') {
    control = { ...control, ...(JSON.parse(body.toString()) as Control) };
    response.end(JSON.stringify(calls.splice(0)));
    return;
  }
  if (incoming.url === '/connections') {
    response.end(String(mostConnections));
    mostConnections = connections;
    return;
  }
  // The key of a session of `local/` has its account in it.
  const [, account, region = '', service = ''] =
    /Credential=(?:ASIA(\d{12}))?[^/,]*\/\d{8}\/([^/]+)\/([^/]+)\//.exec(incoming.headers.authorization ?? '') ?? [];
  const form = service === 'ec2' ? new URLSearchParams(body.toString()) : undefined;
  const action = form?.get('Action') ?? '';
  const isPaged = Object.hasOwn(templatesOf, action);
  const ofRegion = service === 'ec2' ? (isPaged ? region : '') : /([a-z0-9-]+)\.json\.gz/.exec(incoming.url ?? '')?.[1];
  calls.push({ service, region: ofRegion ?? '', bytes: body.length, at: performance.now() });
  if (service === 'ec2' && account !== undefined && account === control.silent) return;
  if (control.latencyMs > 0 && control.slow.includes(service)) await sleep(control.latencyMs);
  if (isPaged) {
    response.writeHead(200, { 'content-type': 'text/xml;charset=UTF-8' });
    response.end(pageOf(action, region, Number(form?.get('NextToken') ?? 0)));
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

function pageOf(action: string, region: string, number: number): Buffer {
  const { populated, stopped } = control;
  const instances = (rankOf.get(region) ?? 0) < populated ? control.instances : 0;
  const first = number * PAGE_SIZE;
  const size = Math.min(PAGE_SIZE, instances - first);
  const stoppedHere = Math.max(0, Math.min(size, stopped - first));
  const key = `${action} ${size} ${stoppedHere}`;
  const template = templates.get(key) ?? templatesOf[action]?.(size, stoppedHere);
  if (template === undefined) throw new Error(`There are no pages of ${action}.`);
  templates.set(key, template);
  return template.page(number, first + size >= instances);
}
