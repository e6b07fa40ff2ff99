import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { samples } from '../../bin/preview-samples.ts';
import { SlackChannel } from '../../examples/recipes/slack-channel.ts';
import { TransitionsBus } from '../../examples/recipes/transitions-bus.ts';
import { METRICS } from '../../lambda/contract/metrics.ts';
import { createStack, resources, synthesize } from '../lib/synthesize.ts';

// What docs/recipes.md tells people to use, as far as it can be tried without the services that it is for.

const ROOT = join(import.meta.dirname, '../..');
const RECIPES = readFileSync(join(ROOT, 'docs/recipes.md'), 'utf8');
/** Blocks of JSON in docs/recipes.md, in their order. */
const blocks = [...RECIPES.matchAll(/^ *```json\n([\s\S]*?)^ *```$/gm)].map(([, text = '']) => JSON.parse(text));
const patterns = blocks.filter((block) => 'detail-type' in block);

const messages = samples('UTC').flatMap((sample) =>
  sample.messages.filter(({ reader }) => reader === 'Transitions').map((message) => ({ ...message, ...sample })),
);
/** The documents for machines that a sample has. */
const documentsOf = (title: string) => messages.filter((message) => message.title === title).map(({ body }) => body);

interface Request {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: ReturnType<typeof JSON.parse>;
}

/** Runs the function for paging with these documents, against a service on this machine that gives this answer. */
async function page(service: string, documents: readonly string[], status = 202) {
  const requests: Request[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { url, headers } = request;
    requests.push({ url, headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.writeHead(status).end('an answer');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const event = { Records: documents.map((Message) => ({ Sns: { Message } })) };
  const program = `const { handler } = await import('./examples/recipes/paging.mjs'); await handler(${JSON.stringify(event)});`;
  const ADDRESS = `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`;
  const env = { ...process.env, SERVICE: service, ADDRESS, KEY: 'a-key' };
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { cwd: ROOT, env });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const [code] = await once(child, 'close');
  server.close();
  return { requests, code, errors };
}

describe('paging for single instances', () => {
  test('PagerDuty: an instance that stopped opens an incident', async () => {
    const { requests, code } = await page('pagerduty', documentsOf('One instance'));
    expect(code).toBe(0);
    expect(requests.map(({ body }) => body)).toMatchObject([
      {
        routing_key: 'a-key',
        dedup_key: 'i-0123456789abcdef0',
        event_action: 'trigger',
        payload: {
          summary: 'example-1: stopped. Cause: api-call',
          source: '123456789012',
          severity: 'warning',
          timestamp: '2026-11-22T19:04:02.000Z',
        },
        links: [{ text: 'i-0123456789abcdef0' }],
      },
    ]);
  });

  test('PagerDuty: one that runs again closes the same incident', async () => {
    const { requests } = await page('pagerduty', documentsOf('A restart that no look saw'));
    expect(requests.map(({ body }) => [body.event_action, body.dedup_key])).toEqual([
      ['resolve', 'i-0123456789abcdef0'],
    ]);
  });

  test('Opsgenie: an alert is created, and closed by its alias', async () => {
    const documents = [...documentsOf('One instance'), ...documentsOf('A restart that no look saw')];
    const { requests, code } = await page('opsgenie', documents);
    expect(code).toBe(0);
    expect(requests).toMatchObject([
      {
        url: '/alerts',
        headers: { authorization: 'GenieKey a-key' },
        body: { alias: 'i-0123456789abcdef0', message: 'example-1: stopped. Cause: api-call', priority: 'P3' },
      },
      { url: '/alerts/i-0123456789abcdef0/close?identifierType=alias', headers: { authorization: 'GenieKey a-key' } },
    ]);
  });

  test('each of many instances has an incident of its own', async () => {
    const { requests } = await page('pagerduty', documentsOf('Many instances'));
    expect(new Set(requests.map(({ body }) => body.dedup_key)).size).toBe(23);
  });

  test('nothing is sent for an instance on its way, for a change that is only information, or for a stop that is over', async () => {
    const [document = ''] = documentsOf('One instance');
    const variants = [{ to: 'stopping' }, { severity: 'info' }, { inferred: true }].map((change) => {
      const { transitions, ...head } = JSON.parse(document);
      return JSON.stringify({ ...head, transitions: [{ ...transitions[0], ...change }] });
    });
    expect((await page('pagerduty', variants)).requests).toEqual([]);
  });

  test('PagerDuty: a condition opens an incident of its own, is triggered again when it changes, and resolves it in the end', async () => {
    const documents = [
      'AWS schedules the retirement of an instance',
      'AWS moves it',
      'It is over, since the instance was stopped',
    ].flatMap(documentsOf);
    const { requests, code } = await page('pagerduty', documents);
    expect(code).toBe(0);
    const [incident] = documents.map((document) => JSON.parse(document).incident);
    expect(requests.map(({ body }) => [body.event_action, body.dedup_key])).toEqual([
      ['trigger', incident],
      ['trigger', incident],
      ['resolve', incident],
    ]);
    expect(requests[0]?.body).toMatchObject({
      payload: {
        summary: 'example-1: event:instance-retirement, not before 2026-12-03T19:04:02.000Z',
        source: '123456789012',
        severity: 'critical',
        custom_details: { region: 'eu-west-1', instance: { id: 'i-0123456789abcdef0' } },
      },
      links: [{ text: 'i-0123456789abcdef0' }],
    });
  });

  test('Opsgenie: a condition is an alert whose alias is the incident', async () => {
    const documents = ['A status check fails', 'It passes again'].flatMap(documentsOf);
    const [incident] = documents.map((document) => JSON.parse(document).incident);
    expect((await page('opsgenie', documents)).requests).toMatchObject([
      { url: '/alerts', body: { alias: incident, message: 'example-1: impaired:system', priority: 'P1' } },
      { url: `/alerts/${incident}/close?identifierType=alias` },
    ]);
  });

  test('nothing is sent for a condition that is only information, for a test, or for a kind that is new', async () => {
    const [open = '', closed = ''] = ['A status check fails', 'It passes again'].flatMap(documentsOf);
    const only = [open, closed].map((document) => JSON.stringify({ ...JSON.parse(document), severity: 'info' }));
    const other = [...documentsOf('A test'), JSON.stringify({ kind: 'a-kind-of-tomorrow' })];
    expect(await page('pagerduty', [...only, ...other])).toMatchObject({ requests: [], code: 0 });
  });

  test('an end that no look saw opens an incident', async () => {
    const [document = ''] = documentsOf('One instance');
    const { transitions, ...head } = JSON.parse(document);
    const ended = { ...head, transitions: [{ ...transitions[0], to: 'terminated', inferred: true }] };
    expect((await page('pagerduty', [JSON.stringify(ended)])).requests).toHaveLength(1);
  });

  test('a refusal fails the function, so that Lambda tries again', async () => {
    const { code, errors } = await page('pagerduty', documentsOf('One instance'), 429);
    expect(code).toBe(1);
    expect(errors).toMatch(/Error: 127\.0\.0\.1:\d+ answered 429: an answer/);
  });
});

describe('the JSON in docs/recipes.md', () => {
  const subscribe = blocks.flatMap((block) => block.subscribe ?? block.context?.subscribe ?? []);

  test('subscribers are accepted, and become subscriptions with their filters', () => {
    expect(subscribe.length).toBeGreaterThan(0);
    const template = synthesize({ subscribe });
    for (const { endpoint, filter } of subscribe) {
      template.hasResourceProperties('AWS::SNS::Subscription', {
        Endpoint: endpoint,
        FilterPolicy: filter ?? Match.absent(),
      });
    }
  });

  test('the filter for paging lets through all that the function pages for, and no test', () => {
    const [{ filter }] = subscribe;
    const passed = messages.filter(({ attributes }) =>
      Object.entries<string[]>(filter).every(([name, values]) =>
        [attributes[name as keyof typeof attributes] ?? ''].flat().some((value) => values.includes(value)),
      ),
    );
    const titles = new Set(messages.map(({ title }) => title));
    const others = [...titles].filter((title) => !passed.some((message) => message.title === title));
    expect(others).toEqual([
      'A silence begins',
      'Accounts that are watched from now on',
      'An account that refuses',
      'Accounts cannot be listed',
      'A test',
    ]);
  });

  test('the event patterns name fields that documents of their kind have, and values that occur in them', () => {
    expect(patterns.length).toBeGreaterThan(1);
    for (const { 'detail-type': kinds, detail } of patterns) {
      const documents = messages.map(({ body }) => JSON.parse(body)).filter(({ kind }) => kinds.includes(kind));
      for (const [field, values] of Object.entries<string[]>(detail)) {
        expect(values.some((value) => documents.some((document) => document[field] === value))).toBe(true);
      }
    }
  });
});

test('the bus gets the document as it is, typed by its kind, from a queue that the topic may send to', () => {
  const stack = createStack();
  new TransitionsBus(stack, 'TransitionsBus', stack.monitor.transitionsTopic);
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'sqs', RawMessageDelivery: true });
  template.hasResource('AWS::Pipes::Pipe', {
    DependsOn: Match.anyValue(),
    Properties: {
      TargetParameters: {
        InputTemplate: '<$.body>',
        EventBridgeEventBusParameters: { Source: 'ec2-state-monitor', DetailType: '$.body.kind' },
      },
    },
  });
  // The event patterns of the document are for this pipe.
  for (const { source } of patterns) expect(source).toEqual(['ec2-state-monitor']);
});

test('the Slack channel gets both topics, and its role may do nothing', () => {
  const stack = createStack({ chat: true });
  const { chatTopic, healthTopic } = stack.monitor;
  if (chatTopic === undefined) throw new Error('There is no topic for chat.');
  new SlackChannel(stack, 'Slack', [chatTopic, healthTopic]);
  const template = Template.fromStack(stack);
  const [channel] = Object.values(resources(template, 'AWS::Chatbot::SlackChannelConfiguration'));
  expect(channel?.Properties['SnsTopicArns']).toHaveLength(2);
  const role = channel?.Properties['IamRoleArn']['Fn::GetAtt'][0];
  const policies = Object.values(resources(template, 'AWS::IAM::Policy'));
  expect(policies.filter(({ Properties }) => JSON.stringify(Properties['Roles']).includes(role))).toEqual([]);
});

describe('the dashboard for Grafana', () => {
  const { panels } = JSON.parse(readFileSync(join(ROOT, 'examples/recipes/grafana-dashboard.json'), 'utf8'));
  const targets: { expression: string; namespace: string; metricName: string; statistic: string }[] = panels.flatMap(
    ({ targets }: { targets: [] }) => targets,
  );

  test('searches as the dashboard of the stack does', () => {
    const own = JSON.stringify(synthesize().toJSON()).replaceAll('\\', '');
    const searches = targets.map(({ expression }) => expression).filter((expression) => expression !== '');
    expect(searches).toHaveLength(4);
    expect(searches.filter((expression) => !own.includes(expression))).toEqual([]);
  });

  test('shows other metrics with the statistic that they are read with', () => {
    const [oldest, ...others] = targets.filter(({ expression }) => expression === '');
    expect(others).toEqual([]);
    expect(oldest).toMatchObject({
      namespace: 'Ec2StateMonitor',
      metricName: METRICS.oldestLook.name,
      statistic: METRICS.oldestLook.statistic,
    });
  });

  test('does not draw a line over a gap', () => {
    const lines = panels.filter(
      (panel: { fieldConfig: { defaults: { custom: { drawStyle: string } } } }) =>
        panel.fieldConfig.defaults.custom.drawStyle === 'line',
    );
    expect(lines).toHaveLength(4);
    for (const { fieldConfig } of lines) {
      expect(fieldConfig.defaults.custom).toMatchObject({ spanNulls: false, insertNulls: 150_000 });
    }
  });
});
