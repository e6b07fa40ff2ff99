import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { samples, sampleText } from '../../bin/preview-samples.ts';
import { MESSAGE_LIMIT_BYTES, SUBJECT_LIMIT } from '../../lambda/contract/message.ts';
import { SEVERITY_OF_CAUSE } from '../../lambda/core/address/severity.ts';
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
