import { OptionsError } from '../../bin/terminal/options.ts';
import { readSimulationOptions } from './options.ts';

it('are a hundred lives on two processes unless told otherwise', () => {
  expect(readSimulationOptions([])).toEqual({ seeds: 100, workers: 2, json: false, mutants: false });
});

it('are read as they are given', () => {
  expect(readSimulationOptions(['--seeds', '10000', '--json', '--workers=4'])).toMatchObject({
    seeds: 10_000,
    json: true,
    workers: 4,
  });
  expect(readSimulationOptions(['--seed', '42'])).toMatchObject({ seed: 42 });
});

it.each([
  [['--seeds', 'many'], "--seeds is 'many': give a whole number from 1 to"],
  [['--seeds', '0'], "--seeds is '0'"],
  [['--workers', '1.5'], "--workers is '1.5'"],
  [['--seed'], '--seed N     only the life'],
  [['--sede', '1'], "Unknown option '--sede'"],
  [['10000'], '--seeds N    lives of the seeds'],
  [['--seed', '1', '--seeds', '2'], '--seed lives one life'],
  [['--mutants', '--json'], '--mutants shows a table of its own'],
])('%j is refused', (args, message) => {
  expect(() => readSimulationOptions(args)).toThrow(OptionsError);
  expect(() => readSimulationOptions(args)).toThrow(message);
});
