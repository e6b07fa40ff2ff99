import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(__dirname, '..', '..', 'build', 'bundle-function.mjs');

const directory = mkdtempSync(join(tmpdir(), 'ec2-state-monitor-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The files of the bundle, and how long they are together. */
function bundle(name: string, ...flags: string[]) {
  const outdir = join(directory, name);
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, outdir, ...flags], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const files = readdirSync(outdir).filter((file) => file.endsWith('.mjs'));
  const code = files.map((file) => readFileSync(join(outdir, file), 'utf8')).join('\n');
  return { files, code, bytes: Buffer.byteLength(code) };
}

const slim = bundle('slim');

test('the bundle is less than two fifths of what esbuild makes of the same handler by itself', () => {
  const plain = bundle('plain', '--plain');
  expect(slim.bytes / plain.bytes).toBeLessThan(0.4);
});

// A rule of build/bundle-function.mjs that an SDK update has made void changes nothing, and is found here.
test.each([
  ['schemas of EC2 operations that are never called', /AcceptAddressTransfer|CreateVpc/],
  ['schemas of S3 operations that are never called', /PutBucketLifecycle|SelectObjectContent/],
  ['schemas of SNS operations that are never called', /CreatePlatformEndpoint/],
  ['schemas of CloudWatch operations that are never called', /DescribeAnomalyDetectors/],
  ['the schema of an instance, which the SDK does not parse', /NetworkInterfaceSet|networkInterfaceSet/],
  ['scripts of package.json', /turbo run build/],
  ['credentials that Lambda does not hand over', /GetRoleCredentials|credential_process/],
  ['event streams', /EventStreamCodec|:event-type/],
  ['user agents of browsers', /Samsung Internet/],
  ['translations of zod', /Ungültige Eingabe|entrada inválida/i],
])('it has no %s', (_, trace) => {
  expect(slim.code.match(trace)?.[0]).toBeUndefined();
});

test('a message that the function needs is in it', () => {
  expect(slim.code.includes('reservationSet')).toBe(true);
  expect(slim.files).toContain('index.mjs');
});
