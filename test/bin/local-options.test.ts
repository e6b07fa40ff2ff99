import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLocalOptions } from '../../bin/local-options.ts';
import { OptionsError } from '../../bin/terminal/options.ts';

it('plays the story of the README when nothing is said', () => {
  expect(readLocalOptions([])).toEqual({
    seed: 1,
    instances: 36,
    accounts: 0,
    sweeps: 40,
    pace: 350,
    port: 0,
    linger: 0,
    regions: ['us-east-1', 'eu-west-1', 'ap-northeast-2'],
    'no-hints': false,
    verbose: false,
  });
});

it('takes what is said', () => {
  expect(
    readLocalOptions(['--seed', '7', '--instances', '300', '--regions', 'us-east-1,eu-west-3', '--no-hints']),
  ).toMatchObject({
    seed: 7,
    instances: 300,
    regions: ['us-east-1', 'eu-west-3'],
    'no-hints': true,
    verbose: false,
  });
});

it('asks for help', () => {
  expect(readLocalOptions(['--help'])).toBe('help');
});

it.each([
  [['--seed', 'x'], "--seed is 'x': give a whole number from 0"],
  [['--instances', '3'], "--instances is '3': give a whole number from 12 to"],
  [['--accounts', '9'], "--accounts is '9': give a whole number from 0 to 8"],
  [['--sweeps', '1.5'], "--sweeps is '1.5': give a whole number"],
  [['--regions', 'mars'], "--regions is 'mars': give names of two regions or more"],
  [['--regions', 'us-east-1,us-east-1'], 'each once'],
  [['--report', 'page.txt'], "--report is 'page.txt': that does not end in .html. Give the name of an .html file"],
  [['--report', '.html'], "--report is '.html': that does not end in .html"],
  [['--report', `${'x'.repeat(251)}.html`], 'that name is too long'],
  [['--regions', 'us-east-1'], 'give names of two regions or more'],
  [['--report', 'no/such/page.html'], "--report is 'no/such/page.html': there is no folder "],
  [['--report', 'package.json/page.html'], 'there is no folder '],
  [['--report'], "Option '--report <value>' argument missing"],
  [['--fast'], "Unknown option '--fast'"],
  [['now'], "Unexpected argument 'now'"],
])('refuses %j in one sentence', (args, message) => {
  expect(() => readLocalOptions(args)).toThrow(OptionsError);
  expect(() => readLocalOptions(args)).toThrow(message);
});

it('takes a page in a folder that exists, wherever it is asked from', () => {
  expect(readLocalOptions(['--report', join(tmpdir(), 'page.html')])).toMatchObject({
    report: join(tmpdir(), 'page.html'),
  });
  expect(readLocalOptions(['--report', 'page.html'])).toMatchObject({ report: join(process.cwd(), 'page.html') });
});
