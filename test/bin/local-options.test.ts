import { readOptions } from '../../bin/local-options.ts';
import { OptionsError } from '../../bin/terminal/options-error.ts';

it('plays the story of the README when nothing is said', () => {
  expect(readOptions([])).toEqual({
    seed: 1,
    instances: 36,
    sweeps: 40,
    pace: 350,
    port: 0,
    linger: 0,
    regions: ['us-east-1', 'eu-west-1', 'ap-northeast-2'],
    verbose: false,
  });
});

it('takes what is said', () => {
  expect(
    readOptions(['--seed', '7', '--instances', '300', '--regions', 'us-east-1,eu-west-3', '--verbose']),
  ).toMatchObject({
    seed: 7,
    instances: 300,
    regions: ['us-east-1', 'eu-west-3'],
    verbose: true,
  });
});

it('asks for help', () => {
  expect(readOptions(['--help'])).toBe('help');
});

it.each([
  [['--seed', 'x'], "--seed is 'x': give a whole number from 0"],
  [['--instances', '3'], "--instances is '3': give a whole number from 12 to"],
  [['--sweeps', '1.5'], "--sweeps is '1.5': give a whole number"],
  [['--regions', 'mars'], "--regions is 'mars': give names of regions"],
  [['--regions', 'us-east-1,us-east-1'], 'each once'],
  [['--fast'], "Unknown option '--fast'"],
  [['now'], "Unexpected argument 'now'"],
])('refuses %j in one sentence', (args, message) => {
  expect(() => readOptions(args)).toThrow(OptionsError);
  expect(() => readOptions(args)).toThrow(message);
});
