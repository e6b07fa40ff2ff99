import type { CompleteLook } from '../../../local/judge/observations.ts';
import { possibleLook } from '../../../local/judge/possible-look.ts';
import { runVerdict as verdictOn } from '../../../local/judge/run-verdict.ts';
import { virtualClock } from '../../../local/model/clock.ts';
import { Cloud } from '../../../local/model/cloud.ts';
import type { HealthChange } from '../../../local/model/health.ts';
import type { StateChange } from '../../../local/model/instance.ts';
import type { PublishedMessage } from '../../../local/model/topics.ts';

const MINUTE = 60_000;

/** The verdict on a fleet whose health never changed. */
const runVerdict = (
  states: readonly StateChange[],
  messages: readonly PublishedMessage[],
  looks: readonly CompleteLook[],
) => verdictOn({ states, health: [] }, messages, looks);

/** Launched well before anybody watched. */
const LAUNCHED = -10 * MINUTE;

/** A change of `i-1`, so many minutes after the first look. */
const change = (minutes: number, from: string, to: string, launchTime = LAUNCHED): StateChange => ({
  at: minutes * MINUTE,
  region: 'east',
  instance: 'i-1',
  from,
  to,
  launchTime,
  operation: 'stop',
  reason: null,
});

/** A look each minute, at what the journal says. */
const looksAt = (journal: readonly StateChange[], region = 'east'): CompleteLook[] =>
  [0, 1, 2, 3].map((minute) => {
    const last = journal.findLast(({ at }) => at <= minute * MINUTE);
    const sights = last && [{ id: last.instance, state: last.to, launchTime: last.launchTime, truthful: true }];
    return { by: `sweep ${minute}`, region, startedAt: minute * MINUTE, sights: sights ?? [], outside: [] };
  });

/** A message with one transition. */
function told(
  sequence: number,
  from: string,
  to: string,
  [after, before]: readonly [number, number],
  { id = `${sequence}`, instance = 'i-1', launchTime = LAUNCHED, inferred = false } = {},
): PublishedMessage {
  const time = (ms: number): string => new Date(ms).toISOString();
  const window = { after: time(after * MINUTE), before: time(before * MINUTE) };
  const transition = { id, instance, sequence, from, to, inferred, launchTime: time(launchTime), window };
  return {
    subject: null,
    attributes: { kind: { type: 'String', value: 'transitions' } },
    message: JSON.stringify({ region: 'east', transitions: [transition] }),
  } as unknown as PublishedMessage;
}

const JOURNAL = [change(-1, 'none', 'running'), change(0.5, 'running', 'stopped')];
const ANNOUNCED = told(1, 'running', 'stopped', [0, 1]);

it('has nothing to say when all that happened was announced', () => {
  expect(runVerdict(JOURNAL, [ANNOUNCED], looksAt(JOURNAL))).toEqual({
    happened: 1,
    announced: 1,
    opened: 0,
    closed: 0,
    duplicates: 0,
    problems: [],
  });
});

it('counts what was announced again', () => {
  expect(runVerdict(JOURNAL, [ANNOUNCED, ANNOUNCED], looksAt(JOURNAL))).toMatchObject({
    announced: 1,
    duplicates: 1,
    problems: [],
  });
});

it('does not read what people were told', () => {
  const mail = { ...ANNOUNCED, subject: 'web-1 stopped', message: 'web-1 stopped.' };
  expect(runVerdict(JOURNAL, [ANNOUNCED, mail], looksAt(JOURNAL))).toMatchObject({ announced: 1, problems: [] });
});

it('lets pass what came and went between two looks', () => {
  const blink = [...JOURNAL, change(0.6, 'stopped', 'running')];
  expect(runVerdict(blink, [], looksAt(blink)).problems).toEqual([]);
});

it('lets pass what no possible look could see', () => {
  expect(runVerdict(JOURNAL, [], looksAt([], 'west'))).toMatchObject({ happened: 0, problems: [] });
});

it('lets pass a stop that was inferred from a later launch time', () => {
  const launchTime = 0.7 * MINUTE;
  const restart = [
    ...JOURNAL,
    change(0.7, 'stopped', 'pending', launchTime),
    change(0.8, 'pending', 'running', launchTime),
  ];
  const messages = [
    told(1, 'running', 'stopped', [0, 0.7], { inferred: true, launchTime }),
    told(2, 'stopped', 'running', [0.7, 1], { launchTime }),
  ];
  expect(runVerdict(restart, messages, looksAt(restart)).problems).toEqual([]);
  expect(runVerdict(restart, [], looksAt(restart)).problems).toEqual([expect.stringContaining('never announced')]);
});

it.each<[string, readonly PublishedMessage[], string]>([
  [
    'what is missing',
    [],
    'sweep 1 saw i-1 in east: stopped, launched 1969-12-31T23:50:00.000Z. That was never announced.',
  ],
  [
    'what never was',
    [ANNOUNCED, told(1, 'none', 'running', [0, 1], { instance: 'i-2', id: '9' })],
    'there is no such instance in east',
  ],
  ['what did not happen', [told(1, 'running', 'terminated', [0, 1])], 'it was not terminated between'],
  ['what happened before its window', [told(1, 'running', 'stopped', [2, 2])], 'it became stopped before its window'],
  ['what was over before its window', [told(1, 'running', 'running', [2, 3])], 'it was not running between'],
  ['what happened after its window', [told(1, 'running', 'stopped', [-0.5, 0])], 'it was not stopped between'],
  ['a gap in the chain', [told(1, 'pending', 'stopped', [0, 1])], 'no look had seen it pending'],
  ['a gap in the sequence', [told(2, 'running', 'stopped', [0, 1])], 'it is the first, and has the sequence 2'],
  [
    'the same under another id',
    [ANNOUNCED, told(2, 'stopped', 'stopped', [0, 1])],
    'it did not become stopped once more',
  ],
  [
    'a birth of what was there',
    [told(1, 'none', 'stopped', [0, 1])],
    'it was launched 1969-12-31T23:50:00.000Z, before',
  ],
])('finds %s', (_, messages, problem) => {
  expect(runVerdict(JOURNAL, messages, looksAt(JOURNAL)).problems.join('\n')).toContain(problem);
});

describe('of two transitions', () => {
  const journal = [...JOURNAL, change(1.5, 'stopped', 'terminated')];
  const end = told(2, 'stopped', 'terminated', [1, 2]);

  it.each<[string, readonly PublishedMessage[], readonly string[]]>([
    ['nothing when they come in order', [ANNOUNCED, end], []],
    ['that they come in the wrong order', [end, ANNOUNCED], ['(#2): it is the first', '(#1): it did not become']],
    [
      'that one does not follow the other',
      [ANNOUNCED, told(2, 'running', 'terminated', [1, 2])],
      ['i-1 running -> terminated (#2): it does not follow i-1 running -> stopped (#1).'],
    ],
  ])('finds %s', (_, messages, problems) => {
    expect(runVerdict(journal, messages, looksAt(journal)).problems).toEqual(
      problems.map((problem) => expect.stringContaining(problem)),
    );
  });
});

it('finds that the end of what is listed no more was not announced', () => {
  const journal = [change(-1, 'none', 'running'), change(0.5, 'running', 'terminated')];
  const looks = looksAt(journal).map((look, index) => (index === 0 ? look : { ...look, sights: [] }));
  const end = told(1, 'running', 'terminated', [0, 3], { inferred: true });
  expect(runVerdict(journal, [], looks).problems).toEqual([
    'nothing that lasted is missed: sweep 0 was the last to see i-1. Its end was never announced.',
  ]);
  expect(runVerdict(journal, [end], looks).problems).toEqual([]);
});

it('judges conditions too', () => {
  const health: HealthChange = {
    at: 0.5 * MINUTE,
    region: 'east',
    instance: 'i-1',
    check: 'system',
    status: 'impaired',
    impairedSince: 0.5 * MINUTE,
    remediation: null,
  };
  const states = JOURNAL.slice(0, 1);
  expect(verdictOn({ states, health: [health] }, [], looksAt(states)).problems).toEqual([
    'nothing that lasted is missed: i-1 impaired:system, since 1970-01-01T00:00:30.000Z: 3 looks could see it. It was never announced.',
  ]);
});

test('a possible look shows every instance of the region as it is', () => {
  const clock = virtualClock('2026-11-22T19:00:00.000Z');
  const { fleet } = new Cloud({ now: clock.now });
  const id = fleet.launch('eu-west-1');
  fleet.launch('us-east-1');
  clock.pass(60);
  fleet.stop(id);
  expect(possibleLook(fleet, 'eu-west-1', clock.now())).toEqual({
    by: 'the sweep at 2026-11-22T19:01:00.000Z',
    region: 'eu-west-1',
    startedAt: Date.parse('2026-11-22T19:01:00.000Z'),
    sights: [{ id, state: 'stopping', launchTime: Date.parse('2026-11-22T19:00:00.000Z'), truthful: true }],
    outside: [],
  });
  expect(possibleLook(fleet, 'us-east-1', clock.now(), 'a hint').by).toBe('a hint at 2026-11-22T19:01:00.000Z');
});

it('knows what only a look on a hint could see', () => {
  const journal = [...JOURNAL, change(0.7, 'stopped', 'running')];
  const look = (minutes: number, state: string): CompleteLook => ({
    by: 'the look on a hint',
    region: 'east',
    startedAt: minutes * MINUTE,
    sights: [{ id: 'i-1', state, launchTime: LAUNCHED, truthful: true }],
    outside: [],
  });
  const [first, ...sweeps] = looksAt(journal);
  const looks = [...(first ? [first] : []), look(0.6, 'stopped'), ...sweeps];
  const both = [told(1, 'running', 'stopped', [0, 0.6]), told(2, 'stopped', 'running', [0.6, 1])];
  expect(runVerdict(journal, both, looks)).toMatchObject({ announced: 2, problems: [] });
  expect(runVerdict(journal, [], looks).problems).toContainEqual(
    expect.stringContaining('the look on a hint saw i-1 in east: stopped'),
  );
  expect(runVerdict(journal, [told(1, 'running', 'stopped', [0.6, 1])], looks).problems).toContainEqual(
    expect.stringContaining('it became stopped before its window'),
  );
});
