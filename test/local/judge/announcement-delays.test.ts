import { announcementDelays } from '../../../local/judge/announcement-delays.ts';
import type { StateChange } from '../../../local/model/instance.ts';
import type { PublishedMessage } from '../../../local/model/topics.ts';

const change = (at: number, instance: string, to: string): StateChange => ({
  at,
  region: 'east',
  instance,
  from: 'none',
  to,
  launchTime: 0,
  operation: 'stop',
  reason: null,
});

const told = (at: number, ...transitions: readonly { instance: string; to: string }[]): PublishedMessage =>
  ({
    at,
    subject: null,
    attributes: { kind: { type: 'String', value: 'transitions' } },
    message: JSON.stringify({ region: 'east', transitions }),
  }) as unknown as PublishedMessage;

const JOURNAL = [
  change(1_000, 'i-1', 'stopped'),
  change(2_000, 'i-2', 'stopped'),
  change(5_000, 'i-1', 'running'),
  change(7_000, 'i-1', 'stopped'),
];

it('takes the last time before its message that an instance entered the state', () => {
  const both = told(4_500, { instance: 'i-1', to: 'stopped' }, { instance: 'i-2', to: 'stopped' });
  expect(announcementDelays(JOURNAL, [both, told(9_000, { instance: 'i-1', to: 'stopped' })])).toEqual([
    { region: 'east', ms: 3_500 },
    { region: 'east', ms: 2_500 },
    { region: 'east', ms: 2_000 },
  ]);
});

it('leaves out what only was inferred, what people were told, and other kinds', () => {
  const stopped = told(9_000, { instance: 'i-2', to: 'stopped' });
  const baseline = { ...stopped, attributes: { kind: { type: 'String', value: 'baseline' } } };
  expect(announcementDelays(JOURNAL, [told(9_000, { instance: 'i-2', to: 'terminated' })])).toEqual([]);
  expect(announcementDelays(JOURNAL, [{ ...stopped, subject: 'i-2 stopped' }, baseline])).toEqual([]);
});
