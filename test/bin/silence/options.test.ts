import { readSilenceOptions, type SilenceOptions } from '../../../bin/silence/options.ts';
import { OptionsError } from '../../../bin/terminal/options.ts';
import { parseSelectors } from '../../../lambda/contract/silence.ts';

const NOW = Date.parse('2026-11-22T19:00:00Z');
const HOUR = 3_600_000;
const STACK = { stack: 'Ec2StateMonitor' };

const read = (line: string) => readSilenceOptions(line.split(' ').filter(Boolean), NOW);

test.each<[string, Partial<SilenceOptions>]>([
  [
    '--select tag:env=staging;region=eu-* --select group=web --for 30m --why patches',
    {
      action: 'make',
      select: parseSelectors('tag:env=staging; region=eu-*; group=web'),
      from: NOW,
      until: NOW + HOUR / 2,
      why: 'patches',
      yes: false,
      where: STACK,
      timeout: 20,
    },
  ],
  ['--select region=* --for 7d --why x --yes', { until: NOW + 7 * 24 * HOUR, yes: true }],
  ['--select region=* --until 2026-11-22T20:00:00Z --why x', { from: NOW, until: NOW + HOUR }],
  ['--select region=* --from 2026-11-24 --for 2h --why x', { from: NOW + 29 * HOUR, until: NOW + 31 * HOUR }],
  ['--incident inc-1', { until: NOW + 7 * 24 * HOUR, why: 'acknowledged', select: parseSelectors('incident=inc-1') }],
  ['--incident inc-1 --for 1h --why known', { until: NOW + HOUR, why: 'known' }],
  ['--list --json --stack Staging', { action: 'list', json: true, where: { stack: 'Staging' } }],
  ['--end s1 --bucket b --timeout 5', { action: 'end', id: 's1', where: { bucket: 'b' }, timeout: 5 }],
])("'%s' is understood", (line, expected) => {
  expect(read(line)).toMatchObject(expected);
});

test.each([
  ['', 'Say what to silence, with --select tag:env=staging for instance, or --incident ID.'],
  [
    '--select env=staging --for 1h --why x',
    '--select is "env=staging": expected NAME=VALUE,VALUE, where NAME is tag:KEY',
  ],
  ['--select region=a;kind=x --for 1h --why x', '--select is "kind=x": expected transitions, condition'],
  ['--select region=* --why x', 'Say for how long, with --for 2h for instance, or until when'],
  ['--select region=* --for 1h', '--why is missing: people read it when the silence ends.'],
  ['--select region=* --for 1h --why=', '--why is "": expected 1 to 200 characters'],
  ['--select region=* --for 90s --why x', "--for is '90s': give minutes, hours or days, such as 30m, 2h or 3d."],
  [
    '--select region=* --for 8d --why x',
    "--for is '8d': a silence lasts at most a week, this one until 2026-11-29 19:00:00 UTC.",
  ],
  ['--select region=* --until 2026-12-01 --why x', "--until is '2026-12-01': a silence lasts at most a week"],
  ['--select region=* --until 20:00 --why x', "--until is '20:00': give a time with its offset from UTC, such as"],
  [
    '--select region=* --until 2026-11-22T19:00Z --why x',
    'the silence would begin at 2026-11-22 19:00:00 UTC. Give a later end.',
  ],
  ['--select region=* --from 2026-11-22 --for 1h --why x', "--from is '2026-11-22', which is over: leave it out"],
  ['--select region=* --for 1h --until 2026-11-23 --why x', 'Give --for or --until, not both.'],
  ['--incident a,', '--incident is "incident=a,": expected a value'],
  ['--incident a --select region=*', '--select does not go with --incident: leave one of them out.'],
  ['--select region=* --for 1h --why x --json', '--json does not go with --select: leave one of them out.'],
  ['--list --end a', '--end does not go with --list: leave one of them out.'],
  ['--list --stack a --bucket b', 'Give --stack or --bucket, not both.'],
])("'%s' is refused with what was given and what is allowed", (line, message) => {
  expect(() => read(line)).toThrow(OptionsError);
  expect(() => read(line)).toThrow(message);
});
