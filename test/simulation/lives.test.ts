import { KINDS, live } from './life.ts';
import { MUTANTS } from './mutants.ts';
import { shown } from './shrink.ts';
import { count, delayOf, duplicatesIn, emptyTally } from './tally.ts';
import { caught, tried } from './trial.ts';

const SEEDS = 100;

describe('a hundred lives', () => {
  const tally = emptyTally();

  beforeAll(async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const trial = await tried(seed);
      count(tally, trial);
      const violation = await shown(trial);
      if (violation !== undefined) tally.violations.push(violation);
    }
  }, 120_000);

  it('break no promise', () => {
    expect(tally.violations).toEqual([]);
  });

  it('have at least fifty sweeps each', () => {
    expect(tally.seeds).toBe(SEEDS);
    expect(tally.sweeps).toBeGreaterThanOrEqual(50 * SEEDS);
  });

  it('have every kind of trouble and every row of the table of transitions, a thousand times in ten thousand', () => {
    const rare = [...KINDS.map((kind) => [kind, tally.faults[kind] ?? 0]), ...Object.entries(tally.rows)].filter(
      ([, times]) => Number(times) < SEEDS / 10,
    );
    expect(rare).toEqual([]);
  });

  it('tell people of a failed check within two intervals, and nearly always within three', () => {
    expect(delayOf(tally.delays, 0.5)).toBeLessThanOrEqual(2);
    expect(delayOf(tally.delays, 0.99)).toBeLessThanOrEqual(3);
  });

  it('tell machines of a change within three seconds if EC2 announces it, and nearly always within ten', () => {
    expect(delayOf(tally.hintDelays, 0.5)).toBeLessThanOrEqual(3);
    expect(delayOf(tally.hintDelays, 0.99)).toBeLessThanOrEqual(10);
  });

  it('hand over again only what the documents allow, for each of the reasons', () => {
    expect(duplicatesIn(tally)).toBeGreaterThan(0);
    expect(Object.values(tally.duplicates).every((times) => times > 0)).toBe(true);
  });
});

describe('a seed', () => {
  it('is lived again in exactly the same way', async () => {
    const [one, other] = [await live(7, { tellStory: true }), await live(7, { tellStory: true })];
    expect(other.story).toEqual(one.story);
    expect(one.story.length).toBeGreaterThan(500);
    expect(other.history.writes.map(({ body }) => body)).toEqual(one.history.writes.map(({ body }) => body));
  });

  it('is lived in the same way without one kind of trouble, up to where that begins', async () => {
    const kind = 'SNS: key refused for minutes';
    const whole = await live(1, { tellStory: true });
    const without = await live(1, { tellStory: true, without: new Set([kind]) });
    const begins = whole.story.findIndex((line) => line.includes(kind));
    expect(begins).toBeGreaterThan(20);
    expect(without.story.slice(0, begins)).toEqual(whole.story.slice(0, begins));
    expect(without.counts.has(kind)).toBe(false);
  });

  it('that breaks a promise is shown by a history that is shorter than its life', async () => {
    const mistake = MUTANTS['a failed publish is taken for success'];
    if (mistake === undefined) throw new Error('That mutant is gone.');
    const trial = await tried(1, { mistake });
    const found = await shown(trial, mistake);
    expect(found?.ticks).toBeLessThan(trial.life.settings.ticks);
    expect(found?.story.join('\n')).toMatch(/Publish .*: (?!ok)/);
  });
});

describe('a deliberate mistake is caught', () => {
  it.each(Object.keys(MUTANTS))('%s', async (mutant) => {
    expect((await caught(mutant)).promise).toBeDefined();
  });
});
