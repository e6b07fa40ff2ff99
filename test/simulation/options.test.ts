import { OptionsError, parseOptions } from './options.ts';

it('are a hundred lives on two processes unless told otherwise', () => {
  expect(parseOptions([])).toEqual({ seeds: 100, workers: 2, json: false, mutants: false, help: false });
});

it('are read as they are given', () => {
  expect(parseOptions(['--seeds', '10000', '--json', '--workers=4'])).toMatchObject({
    seeds: 10_000,
    json: true,
    workers: 4,
  });
  expect(parseOptions(['--seed', '42'])).toMatchObject({ seed: 42 });
});

it.each([
  [['--seeds', 'many'], "--seeds is 'many': give a whole number from 1 to"],
  [['--seeds', '0'], "--seeds is '0'"],
  [['--workers', '1.5'], "--workers is '1.5'"],
  [['--seed'], 'See npm run simulate -- --help.'],
  [['--sede', '1'], "Unknown option '--sede'"],
  [['10000'], 'See npm run simulate -- --help.'],
  [['--seed', '1', '--seeds', '2'], '--seed lives one life'],
  [['--mutants', '--json'], '--mutants shows a table of its own'],
])('%j is refused', (args, message) => {
  expect(() => parseOptions(args)).toThrow(OptionsError);
  expect(() => parseOptions(args)).toThrow(message);
});
