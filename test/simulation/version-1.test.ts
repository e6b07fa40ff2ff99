import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { decodeSnapshot } from '../../lambda/core/known/stored-form.ts';
import { encodeVersion1 } from './version-1.ts';

it.each(['baseline', 'pending-outbox'])('writes %s as version 0.1.0 did', (name) => {
  const file = new URL(`../lambda/core/known/written-by-0.1.0/${name}.json.gz`, import.meta.url);
  const written = gunzipSync(readFileSync(file)).toString();
  const scope = { account: '123456789012', region: 'eu-west-1' };
  const text = encodeVersion1(decodeSnapshot(written, scope));
  expect(decodeSnapshot(text, scope)).toEqual(decodeSnapshot(written, scope));
  expect(Object.keys(JSON.parse(text)).sort()).toEqual(Object.keys(JSON.parse(written)).sort());
});
