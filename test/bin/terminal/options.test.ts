import { helpOf, OptionsError, type Program, readOptions } from '../../../bin/terminal/options.ts';

const PLAY = {
  command: 'npm run play',
  purpose: 'plays a song',
  options: {
    song: { kind: 'text', positional: true, placeholder: 'SONG', default: 'yesterday', meaning: 'what to play' },
    times: { kind: 'number', range: [1, 9], default: 1, meaning: 'how often' },
    pause: { kind: 'number', range: [0, 60], meaning: 'seconds between two' },
    players: { kind: 'list', example: 'ann,bob', meaning: 'who plays, with commas between' },
    tag: { kind: 'texts', placeholder: 'KEY=VALUE', meaning: 'may be given several times' },
    loud: { kind: 'flag', meaning: 'for those who sit at the back of the hall, behind a pillar or outside' },
  },
  notes: 'Exit codes: 0 when it was played, 2 for wrong options.',
} as const satisfies Program;

const play = (line: string) => readOptions(PLAY, line.split(' ').filter(Boolean));

test('what is not given has its default, or no value', () => {
  expect(play('')).toEqual({ song: 'yesterday', times: 1, loud: false });
});

test('every kind of option is read', () => {
  expect(play('help --times 9 --pause=0 --players ann,bob,ann --tag a=1 --tag b --loud')).toEqual({
    song: 'help',
    times: 9,
    pause: 0,
    players: ['ann', 'bob'],
    tag: ['a=1', 'b'],
    loud: true,
  });
});

test.each([
  ['--times 0', "--times is '0': give a whole number from 1 to 9."],
  ['--times 10', "--times is '10': give a whole number from 1 to 9."],
  ['--times 1.5', "--times is '1.5': give a whole number from 1 to 9."],
  ['--times=', "--times is '': give a whole number from 1 to 9."],
  ['--players ann,,bob', "--players is 'ann,,bob': give names with commas between, such as ann,bob."],
  ['--pause', "Option '--pause <value>' argument missing"],
  ['--loud=yes', "Option '--loud' does not take an argument"],
  ['--quiet', "Unknown option '--quiet'"],
  ['help again', "Unexpected argument 'again'."],
  ['help again', helpOf(PLAY)],
])("'%s' is refused: %s", (line, message) => {
  expect(() => play(line)).toThrow(OptionsError);
  expect(() => play(line)).toThrow(message);
});

test('a program whose options all have names takes nothing else', () => {
  expect(() => readOptions({ ...PLAY, options: {} }, ['help'])).toThrow("Unexpected argument 'help'");
});

test.each(['--help', '-h --loud'])("'%s' asks for help", (line) => {
  expect(play(line)).toBe('help');
});

test('help is made of the same table, and fits a terminal', () => {
  expect(helpOf(PLAY)).toBe(`npm run play [-- OPTION …]: plays a song

  SONG             what to play (default yesterday)
  --times N        how often (1 to 9, default 1)
  --pause N        seconds between two (0 to 60)
  --players LIST   who plays, with commas between
  --tag KEY=VALUE  may be given several times
  --loud           for those who sit at the back of the hall, behind a pillar or
                   outside
  --help           this text

Exit codes: 0 when it was played, 2 for wrong options.`);
});
