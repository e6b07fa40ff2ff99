import { DEFAULT_ANNOUNCING } from '../../../../lambda/contract/announcing.ts';
import { parseSelectors, SILENCE_TAG, type Silence } from '../../../../lambda/contract/silence.ts';
import { MINUTE, sight, T0 } from '../sights.ts';
import { ACCOUNT, World } from './world.ts';

const silence = (select: string, minutes: readonly [from: number, until: number], id = 's1'): Silence => ({
  id,
  by: 'alice',
  why: 'kernel patches',
  from: T0 + minutes[0] * MINUTE,
  until: T0 + minutes[1] * MINUTE,
  select: parseSelectors(select),
});

/** A world whose first sweep, a minute after T0, has taken the baselines and told them. */
async function watched(): Promise<World> {
  const world = new World();
  await world.sweep();
  return world;
}

const forPeople = (world: World) => world.messages.filter(({ reader }) => reader === 'Alerts');
const forMachines = (world: World) =>
  world.messages.filter(({ reader, attributes }) => reader === 'Transitions' && attributes.kind === 'transitions');
const subjects = (world: World): (string | undefined)[] => forPeople(world).map(({ subject }) => subject);

describe('a silence', () => {
  it('holds back what people are owed and nothing else; its end tells all in one message', async () => {
    const world = await watched();
    world.silences = [silence('region=east,west', [1, 4])];
    world.stop('east');
    const during = await world.sweep();
    expect(subjects(world)).toEqual([]);
    expect(forMachines(world).map(({ attributes }) => attributes.region)).toEqual(['east']);
    expect(during).toMatchObject({ silences: ['s1'], held: 1, pending: 0, transitions: 1 });
    expect(world.values('held')).toEqual({ '': 1 });
    expect(world.values('silences')).toEqual({ '': 1 });
    expect(world.values('transitionsPending')).toEqual({ '': 0 });

    world.stop('west');
    expect(await world.sweep()).toMatchObject({ held: 2 });
    expect(subjects(world)).toEqual([]);

    const after = await world.sweep();
    expect(after).toMatchObject({ silences: [], held: 0, pending: 0 });
    expect(forPeople(world)).toEqual([
      {
        reader: 'Alerts',
        subject: '[warning] After a silence: 2 instances changed',
        body: expect.stringContaining('Silence  kernel patches (by alice, until 12:04:00 UTC on 2026-11-22)'),
        attributes: {
          kind: ['digest', 'transitions'],
          account: ACCOUNT,
          region: ['east', 'west'],
          severity: 'warning',
          from: 'running',
          to: 'stopped',
          cause: 'unknown',
        },
        covers: expect.arrayContaining([expect.any(String)]),
      },
    ]);
    expect(forPeople(world)[0]?.covers).toHaveLength(2);
    await world.sweep();
    expect(world.messages).toEqual([]);
    expect([...world.stored.values()].map(({ snapshot }) => snapshot.outbox)).toEqual([[], []]);
  });

  it('holds nothing that it does not select', async () => {
    const world = await watched();
    world.silences = [silence('region=west', [1, 4])];
    world.stop('east');
    await world.sweep();
    expect(subjects(world)).toEqual(['[warning] i-e stopped in east']);
  });

  it('holds up to its severity only', async () => {
    const world = await watched();
    world.silences = [silence('region=*;severity=info', [1, 4])];
    world.stop('east');
    await world.sweep();
    expect(subjects(world)).toEqual(['[warning] i-e stopped in east']);
  });

  it('selects by tags as they are now, and asks EC2 to keep those', async () => {
    const world = await watched();
    world.silences = [silence('tag:env=stag*', [1, 4])];
    const asked: (readonly string[] | undefined)[] = [];
    world.fleet = { ...world.fleet, east: [sight('i-e', 'stopped', { tags: { env: 'staging' } })] };
    await world.sweep({
      list: async (scope, signal, tagKeys) => {
        asked.push(tagKeys);
        return world.ports.list(scope, signal, tagKeys);
      },
    });
    expect(asked).toEqual([
      [SILENCE_TAG, 'env'],
      [SILENCE_TAG, 'env'],
    ]);
    expect(subjects(world)).toEqual([]);
  });

  it('that ends early ends at the next sweep', async () => {
    const world = await watched();
    world.silences = [silence('region=*', [1, 60])];
    world.stop('east');
    await world.sweep();
    world.silences = [];
    await world.sweep();
    expect(subjects(world)).toEqual(['[warning] After a silence: 1 instance changed']);
  });

  it('that is extended goes on holding what it held', async () => {
    const world = await watched();
    world.silences = [silence('region=*', [1, 3])];
    world.stop('east');
    await world.sweep();
    world.silences = [silence('region=*', [1, 60])];
    await world.sweep();
    await world.sweep();
    expect(subjects(world)).toEqual([]);
  });

  it('hands over to another that covers the same', async () => {
    const world = await watched();
    world.silences = [silence('region=*', [1, 3]), silence('region=east', [2, 5], 's2')];
    world.stop('east');
    world.stop('west');
    await world.sweep();
    await world.sweep();
    expect(subjects(world)).toEqual(['[warning] After a silence: 1 instance changed']);
    expect(forPeople(world)[0]?.attributes.region).toBe('west');
    await world.sweep();
    expect(subjects(world)).toEqual([]);
    await world.sweep();
    expect(forPeople(world)[0]?.attributes.region).toBe('east');
  });

  it('keeps the order of an instance: what is new when it has ended joins the digest', async () => {
    const world = await watched();
    world.silences = [silence('region=*', [1, 3])];
    world.stop('east');
    await world.sweep();
    world.fleet = { ...world.fleet, east: [sight('i-e', 'running', { launchTime: world.now })] };
    await world.sweep();
    expect(subjects(world)).toEqual(['[warning] After a silence: 1 instance changed']);
    expect(forPeople(world)[0]?.body).toContain('running -> stopped -> running');
  });

  it('that began after something was recorded does not hold it', async () => {
    const world = await watched();
    world.stop('east');
    await world.sweep({ publish: () => Promise.reject(new Error('SNS is down')) });
    world.silences = [silence('region=*', [1, 60])];
    await world.sweep();
    expect(subjects(world)).toEqual(['[warning] i-e stopped in east']);
  });

  it('is told to machines when it begins, changes and ends: once, for all regions', async () => {
    const world = await watched();
    const told = () =>
      world.messages
        .filter(({ attributes }) => attributes.kind === 'silence')
        .map(({ reader, body }) => ({ reader, ...JSON.parse(body) }));
    world.silences = [silence('region=*', [1, 3])];
    await world.sweep();
    expect(told()).toMatchObject([
      {
        reader: 'Transitions',
        news: 'began',
        regions: ['east', 'west'],
        silence: {
          id: 's1',
          by: 'alice',
          why: 'kernel patches',
          until: '2026-11-22T12:03:00.000Z',
          select: 'region=*',
        },
      },
    ]);
    world.silences = [silence('region=*', [1, 4])];
    await world.sweep();
    expect(told()).toMatchObject([{ news: 'changed', silence: { until: '2026-11-22T12:04:00.000Z' } }]);
    await world.sweep();
    expect(told()).toMatchObject([{ news: 'ended' }]);
    await world.sweep();
    expect(told()).toEqual([]);
    // Deleted and made again alike, it is another one for machines.
    world.silences = [{ ...silence('region=*', [1, 60]), from: T0 + 5 * MINUTE }];
    await world.sweep();
    const [again] = told();
    expect(again).toMatchObject({ news: 'began' });
    world.silences = [{ ...silence('region=*', [1, 60]), from: T0 + 5 * MINUTE, why: 'kernel patches, second try' }];
    await world.sweep();
    expect(told()).toMatchObject([{ news: 'changed', silence: { why: 'kernel patches, second try' } }]);
  });
});

describe('what is held', () => {
  const covered = (world: World, reader: string) =>
    world.messages.filter((message) => message.reader === reader).map(({ covers }) => covers.length);

  it('for one reader makes no other wait for a digest', async () => {
    const world = await watched();
    world.plan = { announcing: { ...DEFAULT_ANNOUNCING, chat: true } };
    const deaf: World['ports']['publish'] = (message, signal) =>
      message.reader === 'Chat' ? Promise.reject(new Error('denied')) : world.ports.publish(message, signal);
    world.silences = [silence('region=*', [1, 3])];
    world.stop('east');
    await world.sweep({ publish: deaf });
    await world.sweep({ publish: deaf });
    expect(subjects(world)).toEqual(['[warning] After a silence: 1 instance changed']);
    world.fleet = { ...world.fleet, east: [sight('i-e', 'running', { launchTime: world.now })] };
    await world.sweep({ publish: deaf });
    expect(subjects(world)).toEqual(['[info] i-e started in east']);
    await world.sweep();
    expect([covered(world, 'Alerts'), covered(world, 'Chat')]).toEqual([[], [2]]);
  });

  it('never overtakes what was recorded before and could not be told', async () => {
    const world = await watched();
    const down: World['ports']['publish'] = () => Promise.reject(new Error('SNS is down'));
    world.stop('east');
    await world.sweep({ publish: down });
    world.silences = [silence('region=*', [2, 4])];
    world.fleet = { ...world.fleet, east: [sight('i-e', 'running', { launchTime: world.now })] };
    await world.sweep({ publish: down });
    let attempts = 0;
    await world.sweep({
      publish: async (message, signal) => {
        attempts += message.reader === 'Alerts' ? 1 : 0;
        if (message.reader === 'Alerts' && attempts === 1) throw new Error('throttled');
        return world.ports.publish(message, signal);
      },
    });
    expect(subjects(world)).toEqual([]);
    await world.sweep();
    expect(covered(world, 'Alerts')).toEqual([2]);
    expect(forPeople(world)[0]?.body).toContain('running -> stopped -> running');
  });
});

describe('when the silences cannot be read', () => {
  const unread = { silences: () => Promise.reject(new Error('S3 is down')) };

  it('nothing new is silenced; a warning and a metric say so', async () => {
    const world = await watched();
    world.silences = [silence('region=*', [1, 60])];
    world.stop('east');
    await world.sweep(unread);
    expect(subjects(world)).toEqual(['[warning] i-e stopped in east']);
    expect(world.values('silencesUnknown')).toEqual({ '': 1 });
    expect(world.lines.filter(({ event }) => event === 'silences')).toMatchObject([
      { level: 'warn', error: { message: 'S3 is down' } },
    ]);
  });

  it('what is held waits until its silence was to end, and no longer', async () => {
    const world = await watched();
    world.silences = [silence('region=*', [1, 4])];
    world.stop('east');
    await world.sweep();
    await world.sweep(unread);
    expect(subjects(world)).toEqual([]);
    await world.sweep(unread);
    expect(subjects(world)).toEqual(['[warning] After a silence: 1 instance changed']);
  });

  it('what is held waits until its silence was to end after it was extended', async () => {
    const world = await watched();
    world.silences = [silence('region=*', [1, 4])];
    world.stop('east');
    await world.sweep();
    world.silences = [silence('region=*', [1, 6])];
    await world.sweep();
    await world.sweep(unread);
    await world.sweep(unread);
    expect(subjects(world)).toEqual([]);
    await world.sweep(unread);
    expect(subjects(world)).toEqual(['[warning] After a silence: 1 instance changed']);
  });
});

describe('when the silences cannot be read, and then a region cannot be listed', () => {
  it('what a silence by tag holds is still held', async () => {
    const world = await watched();
    world.silences = [silence('tag:env=staging', [1, 60])];
    const tagged = { tags: { env: 'staging' } };
    world.fleet = { ...world.fleet, east: [sight('i-e', 'stopped', tagged)] };
    await world.sweep();
    expect(subjects(world)).toEqual([]);
    const asked: (readonly string[] | undefined)[] = [];
    await world.sweep({
      silences: () => Promise.reject(new Error('S3 is down')),
      list: async (scope, signal, tagKeys) => {
        asked.push(tagKeys);
        return world.ports.list(scope, signal, tagKeys);
      },
    });
    expect(asked).toEqual([
      [SILENCE_TAG, 'env'],
      [SILENCE_TAG, 'env'],
    ]);
    await world.sweep({
      list: async (scope, signal) => {
        if (scope.region === 'east') throw new Error('EC2 is down');
        return world.ports.list(scope, signal);
      },
    });
    expect(subjects(world)).toEqual([]);
  });
});

describe('the tag of an instance', () => {
  const tagged = (value: string) => ({ tags: { [SILENCE_TAG]: value } });

  it('silences it until then', async () => {
    const world = await watched();
    world.fleet = { ...world.fleet, east: [sight('i-e', 'stopped', tagged('2026-11-22T12:03Z'))] };
    expect(await world.sweep()).toMatchObject({ held: 1 });
    expect(subjects(world)).toEqual([]);
    await world.sweep();
    expect(subjects(world)).toEqual(['[warning] After a silence: 1 instance changed']);
  });

  it('is remembered if it was the only one: a time that is over ends it', async () => {
    const world = await watched();
    world.fleet = { ...world.fleet, east: [sight('i-e', 'stopped', tagged('2026-11-22T13:00Z'))] };
    await world.sweep();
    world.fleet = { ...world.fleet, east: [sight('i-e', 'stopped', { untagged: true })] };
    await world.sweep();
    expect(subjects(world)).toEqual([]);
    world.fleet = { ...world.fleet, east: [sight('i-e', 'stopped', tagged('2026-11-22T12:00Z'))] };
    await world.sweep();
    expect(subjects(world)).toEqual(['[warning] After a silence: 1 instance changed']);
  });

  it.each(['tomorrow', '2027-11-22T12:03Z'])(
    'that is %s silences nothing, and people are told so once',
    async (value) => {
      const world = await watched();
      world.fleet = { ...world.fleet, east: [sight('i-e', 'stopped', tagged(value))] };
      await world.sweep();
      expect(subjects(world).sort()).toEqual([
        '[warning] i-e in east is not silenced: its tag cannot be read',
        '[warning] i-e stopped in east',
      ]);
      world.fleet = { ...world.fleet, east: [sight('i-e', 'stopped', { ...tagged(value), privateIp: '10.0.0.9' })] };
      await world.sweep();
      expect(subjects(world)).toEqual([]);
    },
  );

  it('that is set again while a mail about it waits is one mail', async () => {
    const world = await watched();
    const east = (value?: string) => [sight('i-e', 'running', value === undefined ? {} : tagged(value))];
    for (const value of ['tomorrow', undefined, 'tomorrow']) {
      world.fleet = { ...world.fleet, east: east(value) };
      await world.sweep({ publish: () => Promise.reject(new Error('SNS is down')) });
    }
    await world.sweep();
    expect(forPeople(world).flatMap(({ covers }) => covers)).toHaveLength(1);
  });

  it('that many instances have is told once, and each instance is named', async () => {
    const world = await watched();
    const east = Array.from({ length: 22 }, (_, index) => sight(`i-${index}`, 'running', tagged('tomorrow')));
    world.fleet = { ...world.fleet, east: [...east, sight('i-other', 'running', tagged('today'))] };
    await world.sweep();
    const mails = forPeople(world).filter(({ attributes }) => attributes.kind === 'unread-silence');
    expect(mails.map(({ subject, covers }) => [subject, covers.length])).toEqual([
      ['[warning] 22 instances in east are not silenced: their tag cannot be read', 22],
      ['[warning] i-other in east is not silenced: its tag cannot be read', 1],
    ]);
    expect(mails[0]?.body).toContain('i-0\ni-1\n');
    expect(mails[0]?.body).toContain('and 2 more: the page below says how to list them.');
  });
});

describe('settings', () => {
  it('silence every week', async () => {
    const world = await watched();
    const when = { days: [0], from: 12 * 60, until: 12 * 60 + 3 };
    const silences = [{ when, select: parseSelectors('region=east'), why: 'patches' }];
    world.plan = { announcing: { ...DEFAULT_ANNOUNCING, silences } };
    world.stop('east');
    expect(await world.sweep()).toMatchObject({ held: 1, silences: ['weekly-1-2026-11-22T12:00:00.000Z'] });
    await world.sweep();
    expect(subjects(world)).toEqual(['[warning] After a silence: 1 instance changed']);
  });

  it('hold back outside of the hours what is not critical', async () => {
    const world = await watched();
    const hours = [{ days: [0], from: 12 * 60 + 3, until: 13 * 60 }];
    world.plan = { announcing: { ...DEFAULT_ANNOUNCING, hours } };
    world.stop('east');
    expect(await world.sweep()).toMatchObject({ held: 1 });
    await world.sweep();
    expect(subjects(world)).toEqual(['[warning] After a silence: 1 instance changed']);
  });
});

describe('the bound', () => {
  it('counts only what people still have to be told', async () => {
    const world = await watched();
    world.plan = { heldAtMost: 1 };
    const deaf: World['ports']['publish'] = (message, signal) =>
      message.reader === 'Transitions' ? Promise.reject(new Error('denied')) : world.ports.publish(message, signal);
    world.silences = [silence('region=*', [1, 3]), silence('region=*', [4, 60], 's2')];
    world.stop('east');
    await world.sweep({ publish: deaf });
    await world.sweep({ publish: deaf });
    expect(subjects(world)).toEqual(['[warning] After a silence: 1 instance changed']);
    world.stop('west');
    expect(await world.sweep({ publish: deaf })).toMatchObject({ held: 1 });
    world.fleet = { ...world.fleet, east: [sight('i-e', 'terminated')] };
    expect(await world.sweep({ publish: deaf })).toMatchObject({ held: 2 });
    expect(subjects(world)).toEqual([]);
  });

  it('tells what is held before the silence ends, rather than to hold more or to delay machines', async () => {
    const world = await watched();
    world.plan = { heldAtMost: 2, outboxAtMost: 3 };
    world.silences = [silence('region=*', [0, 600])];
    const fleet = (state: string) =>
      ['i-1', 'i-2', 'i-3'].map((id) => sight(id, state, { launchTime: T0 + 2 * MINUTE }));
    world.fleet = { ...world.fleet, east: fleet('running') };
    await world.sweep();
    expect(subjects(world)).toEqual(['[info] After a silence: 3 instances changed']);
    expect(world.stored.get('east')?.snapshot.outbox).toEqual([]);
    world.fleet = { ...world.fleet, east: fleet('stopped') };
    await world.sweep();
    expect(forMachines(world)[0]?.covers).toHaveLength(3);
  });
});
