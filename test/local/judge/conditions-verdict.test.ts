import type { ConditionDocument } from '../../../lambda/contract/message.ts';
import { conditionsVerdict } from '../../../local/judge/conditions-verdict.ts';
import type { CompleteLook } from '../../../local/judge/observations.ts';
import { virtualClock } from '../../../local/model/clock.ts';
import { Cloud } from '../../../local/model/cloud.ts';
import type { EventRecord, HealthChange, HealthNews } from '../../../local/model/health.ts';
import type { PublishedMessage } from '../../../local/model/topics.ts';

const MINUTE = 60_000;

/** A change of the health of `i-1`, so many minutes after the first look. */
const change = (minutes: number, news: HealthNews): HealthChange => ({
  at: minutes * MINUTE,
  region: 'east',
  instance: 'i-1',
  ...news,
});
const fails = (minutes: number): HealthChange =>
  change(minutes, { check: 'system', status: 'impaired', impairedSince: minutes * MINUTE, remediation: null });
const passes = (minutes: number): HealthChange =>
  change(minutes, { check: 'system', status: 'ok', impairedSince: null, remediation: null });
const event = (minutes: number, news: 'scheduled' | 'moved' | 'completed' | 'canceled'): HealthChange =>
  change(minutes, { event: { eventId: 'e-1', code: 'instance-stop' } as EventRecord, news });

/** A look each minute, at an instance that is running. */
const LOOKS: readonly CompleteLook[] = Array.from({ length: 10 }, (_, minute) => ({
  by: `sweep ${minute}`,
  region: 'east',
  startedAt: minute * MINUTE,
  sights: [{ id: 'i-1', state: 'running', launchTime: -MINUTE, truthful: true }],
  outside: [],
}));

/** What a test tells of a condition, in minutes. */
interface Told {
  readonly began: readonly [after: number | null, before: number];
  readonly ended?: readonly [after: number, before: number];
  readonly id?: string;
  readonly incident?: string;
  readonly region?: string;
  readonly instance?: string;
  readonly check?: string;
  readonly eventId?: string;
}

/** A message to machines about a condition. */
function told(news: ConditionDocument['news'], given: Told): PublishedMessage {
  const {
    began,
    ended,
    id = news,
    incident = 'a',
    region = 'east',
    instance = 'i-1',
    check = 'system',
    eventId,
  } = given;
  const time = (minutes: number | null | undefined) =>
    minutes === null || minutes === undefined ? null : new Date(minutes * MINUTE).toISOString();
  const document = {
    id,
    news,
    incident,
    region,
    instance: { id: instance },
    condition: eventId === undefined ? `impaired:${check}` : 'event:instance-stop',
    event: eventId === undefined ? null : { id: eventId },
    began: { after: time(began[0]), before: time(began[1]) },
    ended: ended === undefined ? null : { after: time(ended[0]), before: time(ended[1]) },
  };
  return {
    subject: null,
    attributes: { kind: { type: 'String', value: 'condition' } },
    message: JSON.stringify(document),
  } as unknown as PublishedMessage;
}

const problemsOf = (journal: readonly HealthChange[], messages: readonly PublishedMessage[]): readonly string[] =>
  conditionsVerdict(journal, messages, LOOKS).violations.map(({ promise, what }) => `${promise}: ${what}`);

describe('of a check that failed from 0:30 to 4:30', () => {
  const journal = [fails(0.5), passes(4.5)];
  const opened = told('opened', { began: [0.5, 0.5] });
  const closed = told('closed', { began: [0.5, 0.5], ended: [0.5, 5] });

  it('has nothing to say when it was announced as it was', () => {
    expect(conditionsVerdict(journal, [opened, closed], LOOKS)).toEqual({
      opened: 1,
      closed: 1,
      duplicates: 0,
      violations: [],
    });
  });

  it('counts what was sent again', () => {
    expect(conditionsVerdict(journal, [opened, opened, closed], LOOKS)).toEqual({
      opened: 1,
      closed: 1,
      duplicates: 1,
      violations: [],
    });
  });

  it('does not read what people were told', () => {
    expect(problemsOf(journal, [opened, closed, { ...opened, subject: 'web-1', message: 'web-1 fails.' }])).toEqual([]);
  });

  it.each<[string, readonly PublishedMessage[], readonly string[]]>([
    ['it was missed', [], ['4 looks could see it. It was never announced.']],
    ['its end was missed', [opened], ['it is over. Its end was never announced.']],
    ['its end was announced without it', [closed], ['4 looks could see it', 'announced as opened: 0, as closed: 1.']],
    [
      'it was announced twice',
      [opened, told('opened', { began: [0.5, 0.5], id: '2' }), closed],
      ['announced as opened: 2, as closed: 1.'],
    ],
    [
      'its end was announced twice',
      [opened, closed, told('closed', { began: [0.5, 0.5], ended: [0.5, 5], id: '2' })],
      ['announced as opened: 1, as closed: 2.'],
    ],
    [
      'its end belongs to another incident',
      [opened, told('closed', { began: [0.5, 0.5], ended: [0.5, 5], incident: 'b' })],
      ['it was announced under several incidents.'],
    ],
    [
      'it began at another time',
      [told('opened', { began: [1, 1] }), closed],
      [
        'nothing is invented: i-1 impaired:system, opened: nothing like that began 1970-01-01T00:01:00.000Z.',
        '4 looks could see it',
        'announced as opened: 0, as closed: 1.',
      ],
    ],
    [
      'its begin is said less well than EC2 says it',
      [told('opened', { began: [0, 0.5] }), closed],
      ['nothing like that began', '4 looks could see it', 'announced as opened: 0, as closed: 1.'],
    ],
    [
      'it ended at another time',
      [opened, told('closed', { began: [0.5, 0.5], ended: [0.5, 4] })],
      ['it did not end between 1970-01-01T00:00:30.000Z and 1970-01-01T00:04:00.000Z.'],
    ],
    [
      'another check was invented',
      [opened, closed, told('opened', { began: [0.5, 0.5], check: 'instance', id: '2' })],
      ['i-1 impaired:instance, opened: nothing like that began'],
    ],
    [
      'another region was invented',
      [opened, closed, told('opened', { began: [0.5, 0.5], region: 'west', id: '2' })],
      ['i-1 impaired:system, opened: nothing like that began'],
    ],
    [
      'another instance was invented',
      [opened, closed, told('opened', { began: [0.5, 0.5], instance: 'i-2', id: '2' })],
      ['i-2 impaired:system, opened: nothing like that began'],
    ],
  ])('finds that %s', (_, messages, problems) => {
    expect(problemsOf(journal, messages)).toEqual(problems.map((problem) => expect.stringContaining(problem)));
  });
});

it('lets pass that two sweeps opened nothing, or that they opened it', () => {
  const journal = [fails(0.5), passes(2.5)];
  const both = [told('opened', { began: [0.5, 0.5] }), told('closed', { began: [0.5, 0.5], ended: [0.5, 3] })];
  expect(problemsOf(journal, [])).toEqual([]);
  expect(problemsOf(journal, both)).toEqual([]);
});

it('finds that something was announced which one sweep saw, such as a reboot', () => {
  expect(problemsOf([fails(7.5), passes(8.5)], [told('opened', { began: [7.5, 7.5] })])).toEqual([
    expect.stringContaining('it was announced before two looks could see it.'),
  ]);
});

describe('with looks on hints, seconds after others', () => {
  const twice = (seconds: number): readonly CompleteLook[] =>
    LOOKS.flatMap((look) => [look, { ...look, startedAt: look.startedAt + seconds * 1000 }]);
  const verdictWith = (
    looks: readonly CompleteLook[],
    journal: readonly HealthChange[],
    messages: PublishedMessage[],
  ) => conditionsVerdict(journal, messages, looks).violations.map(({ what }) => what);
  const opened = (began: number) => told('opened', { began: [began, began] });

  it('still finds that one sweep and what looked soon after it opened something', () => {
    expect(verdictWith(twice(7), [fails(7.5), passes(8.5)], [opened(7.5)])).toEqual([
      expect.stringContaining('it was announced before two looks could see it.'),
    ]);
    expect(verdictWith(twice(29), [fails(7.5), passes(8.5)], [opened(7.5)])).toEqual([]);
  });

  it('still lets pass that they opened nothing, and closed nothing', () => {
    expect(verdictWith(twice(7), [fails(0.5), passes(2.5)], [])).toEqual([]);
    expect(verdictWith(twice(7), [fails(0.5), passes(7.5)], [opened(0.5)])).toEqual([]);
    expect(verdictWith(twice(30), [fails(0.5), passes(2.5)], [])).toHaveLength(1);
    expect(verdictWith(twice(30), [fails(0.5), passes(7.6)], [opened(0.5)])).toHaveLength(1);
  });
});

it('counts only sweeps that saw the region, and the instance running', () => {
  const journal = [fails(6.5)];
  const stopped = LOOKS.map((look, minute) =>
    minute === 8 ? { ...look, sights: look.sights.map((sight) => ({ ...sight, state: 'stopping' })) } : look,
  );
  const elsewhere = LOOKS.map((look, minute) => (minute === 8 ? { ...look, region: 'west' } : look));
  expect(conditionsVerdict(journal, [], LOOKS).violations).toHaveLength(1);
  expect(conditionsVerdict(journal, [], stopped).violations).toEqual([]);
  expect(conditionsVerdict(journal, [], elsewhere).violations).toEqual([]);
});

it('takes a check that fails on for one condition', () => {
  const opened = told('opened', { began: [0.5, 0.5] });
  const journal = [fails(0.5), { ...fails(0.5), at: 1.5 * MINUTE, remediation: 'replace it' }];
  expect(problemsOf(journal, [opened])).toEqual([]);
  expect(problemsOf(journal, [])).toHaveLength(1);
});

it('lets the end of what is over at the end of the story pass', () => {
  const opened = told('opened', { began: [0.5, 0.5] });
  expect(problemsOf([fails(0.5), passes(7.5)], [opened])).toEqual([]);
  expect(problemsOf([fails(0.5), passes(6.5)], [opened])).toHaveLength(1);
});

it('finds that something was closed which goes on', () => {
  const messages = [told('opened', { began: [0.5, 0.5] }), told('closed', { began: [0.5, 0.5], ended: [0.5, 5] })];
  expect(problemsOf([fails(0.5)], messages)).toEqual([expect.stringContaining('it did not end between')]);
});

describe('of an event that was ahead from 0:30 to 6:30', () => {
  const journal = [event(0.5, 'scheduled'), event(3.5, 'moved'), change(6.5, { cleared: true })];
  const about = { began: [null, 1], eventId: 'e-1' } as const;
  const opened = told('opened', about);
  const moved = told('changed', about);
  const closed = told('closed', { ...about, ended: [6, 7] });

  it('has nothing to say when it was announced as it was', () => {
    expect(problemsOf(journal, [opened, moved, closed])).toEqual([]);
  });

  it.each(['completed', 'canceled'] as const)('takes that it was %s for its end', (news) => {
    expect(problemsOf([event(0.5, 'scheduled'), event(6.5, news)], [opened, closed])).toEqual([]);
  });

  it.each<[string, readonly PublishedMessage[], readonly string[]]>([
    ['it was missed', [], ['i-1 event:instance-stop, since 1970-01-01T00:00:30.000Z: 6 looks could see it.']],
    ['its end was missed', [opened], ['it is over. Its end was never announced.']],
    [
      'it changed more often than it was moved',
      [opened, moved, told('changed', { ...about, id: '2' }), closed],
      ['announced changes: 2, real ones: 1.'],
    ],
    [
      'another event was invented',
      [opened, closed, told('opened', { ...about, eventId: 'e-2', id: '2' })],
      ['i-1 event:instance-stop, opened: nothing like that began'],
    ],
    [
      'it was seen when it was over',
      [opened, closed, told('opened', { ...about, began: [null, 7], id: '2' })],
      ['i-1 event:instance-stop, opened: nothing like that began 1970-01-01T00:07:00.000Z.'],
    ],
    [
      'it was seen before it was there',
      [told('opened', { ...about, began: [null, 0] }), closed],
      ['nothing like that began', 'It was never announced', 'announced as opened: 0, as closed: 1.'],
    ],
  ])('finds that %s', (_, messages, problems) => {
    expect(problemsOf(journal, messages)).toEqual(problems.map((problem) => expect.stringContaining(problem)));
  });
});

it('reads the journal of a simulated fleet', () => {
  const clock = virtualClock(0);
  const { fleet } = new Cloud({ now: clock.now });
  const id = fleet.launch('us-east-1');
  clock.pass(60);
  fleet.impair(id, 'system');
  clock.pass(240);
  fleet.stop(id);
  const looks = LOOKS.map((look) => ({
    ...look,
    region: 'us-east-1',
    sights: look.sights.map((sight) => ({ ...sight, id })),
  }));
  const [violation] = conditionsVerdict(fleet.healthJournal(), [], looks).violations;
  expect(violation?.what).toBe(
    `${id} impaired:system, since 1970-01-01T00:01:00.000Z: 4 looks could see it. It was never announced.`,
  );
});
