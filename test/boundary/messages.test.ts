import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { samples, sampleText } from '../../bin/preview-samples.ts';
import { KINDS, MESSAGE_LIMIT_BYTES, SUBJECT_LIMIT } from '../../lambda/contract/message.ts';
import { SEVERITY_OF_CAUSE, SEVERITY_OF_CONDITION } from '../../lambda/core/address/severity.ts';
import { faultsOf } from '../contract/schema.ts';

const DOCUMENT = readFileSync(join(import.meta.dirname, '../../docs/messages.md'), 'utf8');

it('docs/messages.md shows what npm run preview prints', () => {
  expect(DOCUMENT).toContain(samples('UTC').map(sampleText).join('\n\n'));
});

it('docs/messages.md shows the severities as they are', () => {
  const rows = Object.entries(SEVERITY_OF_CAUSE).map(
    ([cause, { beginning, ending }]) => `| \`${cause}\` | ${beginning} | ${ending} |`,
  );
  expect(DOCUMENT).toContain(['| cause | pending, running | all others |', '| --- | --- | --- |', ...rows].join('\n'));
});

it('docs/messages.md shows the severities of conditions as they are', () => {
  const rows = Object.entries(SEVERITY_OF_CONDITION).flatMap(([type, severities]) =>
    Object.entries(severities).map(([of, severity]) => `| \`${type}:${of}\` | ${severity} |`),
  );
  expect(DOCUMENT).toContain(['', '| condition | severity |', '| --- | --- |', ...rows, ''].join('\n'));
});

it.each(KINDS)('docs/messages.md lists the attributes of the kind %s', (kind) => {
  const words = (cell = ''): string[] => [...cell.matchAll(/`([\w-]+)`/g)].map(([, word = '']) => word);
  const [, table = ''] =
    /^\| kind \| attributes, besides `kind`, `account`, `region` \|\n((?:\|.*\n)+)/m.exec(DOCUMENT) ?? [];
  const [, , names] =
    [...table.matchAll(/^\| (.*) \| (.*) \|$/gm)].find(([, kinds]) => words(kinds).includes(kind)) ?? [];
  const listed = ['kind', 'account', 'region', ...words(names)];
  const told = samples('UTC').flatMap(({ messages }) =>
    messages.filter(({ attributes }) => [attributes.kind].flat()[0] === kind),
  );
  expect(told.length).toBeGreaterThan(0);
  for (const { attributes } of told) {
    // No sample has a group.
    expect(Object.keys(attributes).sort()).toEqual(listed.filter((name) => name !== 'group').sort());
  }
  // "Amazon SNS message attributes": more are not passed on with raw delivery.
  expect(listed.length).toBeLessThanOrEqual(10);
});

it('the function in docs/messages.md takes every message for machines, and says nothing of a test', () => {
  const [, example = ''] = /^```js\n([\s\S]*?)^```$/m.exec(DOCUMENT) ?? [];
  const said = (title: string): string => {
    const { messages = [] } = samples('UTC').find((sample) => sample.title === title) ?? {};
    const Records = messages
      .filter(({ reader }) => reader === 'Transitions')
      .map(({ body }) => ({ Sns: { Message: body } }));
    const program = `${example}await handler(${JSON.stringify({ Records })});`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module'], {
      input: program,
      encoding: 'utf8',
    });
    return stdout + stderr;
  };
  expect(said('One instance')).toMatch(/^\{\s+instance: 'i-0123456789abcdef0',[\s\S]*to: 'stopped',[^{}]*\}\n$/);
  expect(said('A status check fails')).toMatch(/^\{\s+incident: '\w+',\s+status: 'open',[^{}]*\}\n$/);
  expect(said('A test')).toBe('');
});

describe.each(samples('Asia/Seoul').map((sample) => [sample.title, sample.messages] as const))('%s', (_, messages) => {
  it('keeps the limits of SNS and the published schema', () => {
    for (const { reader, subject, body, attributes } of messages) {
      expect(Buffer.byteLength(body + JSON.stringify(attributes))).toBeLessThan(MESSAGE_LIMIT_BYTES);
      expect(subject?.length ?? 0).toBeLessThanOrEqual(SUBJECT_LIMIT);
      expect(subject !== undefined).toBe(reader === 'Alerts');
      if (reader === 'Transitions') expect(faultsOf(JSON.parse(body))).toEqual([]);
    }
  });
});

describe('the runbook', () => {
  const runbook = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
  const [, section = ''] = /^## The mails\n([\s\S]*?)^## /m.exec(runbook) ?? [];
  const pages = [...section.matchAll(/^### (.+)$/gm)].map(([, heading = '']) =>
    heading.toLowerCase().replaceAll(' ', '-'),
  );
  const messages = samples('UTC').flatMap((sample) => sample.messages);

  it.each([
    ['mail', 'Alerts', (body: string) => body.trimEnd().split('\n').at(-1)],
    ['chat card', 'Chat', (body: string) => JSON.parse(body).content.nextSteps.at(-1)],
  ] as const)('has a page for every kind of %s, which leads there in the end', (_, reader, endOf) => {
    const told = messages.filter((message) => message.reader === reader);
    const page = (body: string) => /^What to do: https:\S+\/docs\/runbook\.md#(\S+)$/.exec(endOf(body) ?? '')?.[1];
    const kinds = told.flatMap(({ attributes }) => [attributes.kind].flat()[0] ?? []);
    // Who silences wanted to hear less.
    expect(new Set(kinds)).toEqual(new Set(KINDS.filter((kind) => kind !== 'silence')));
    expect(new Set(told.map(({ body }) => page(body)))).toEqual(new Set(pages));
  });
});

it('a test is marked as one in every form', () => {
  const test = samples('UTC').find(({ title }) => title === 'A test')?.messages ?? [];
  expect(test.map(({ reader, attributes }) => [reader, attributes.kind])).toEqual([
    ['Transitions', 'test'],
    ['Alerts', 'test'],
    ['Chat', 'test'],
  ]);
  const [json, mail, card] = test;
  expect(JSON.parse(json?.body ?? '')).toMatchObject({ kind: 'test' });
  expect(mail?.subject).toMatch(/^\[TEST\] /);
  expect(mail?.body).toMatch(/^This is a test/);
  expect(JSON.parse(card?.body ?? '').content.title).toMatch(/^\[TEST\] /);
});
