import { parseSelectors, SILENCE_AT_MOST_MS } from '../../lambda/contract/silence.ts';
import type { SweepRecord } from './history.ts';
import { evidenceOf } from './judge/evidence.ts';
import { kindsOf } from './judge/messages.ts';
import { Stage } from './stage.ts';

const INSTANCES = 30;
const HOURS = SILENCE_AT_MOST_MS / 3_600_000;
const HELD_AT_MOST = 300;
const OUTBOX_AT_MOST = 80;

/** Every hour of a week, all instances of us-east-1 stop or start, and one of eu-west-1. @param silenced whether people hear of us-east-1 */
async function week(silenced: boolean) {
  const stage = new Stage({
    pageSizes: [],
    outboxAtMost: OUTBOX_AT_MOST,
    silencing: { heldAtMost: HELD_AT_MOST, grouped: false },
  });
  const { world, ids } = stage;
  const { fleet } = world.cloud;
  for (let count = 0; count < INSTANCES; count += 1) fleet.launch('us-east-1', { name: `storm-${count}` });
  await stage.pass(1);
  await stage.sweep();
  const from = world.timeline.now();
  const select = parseSelectors('region=us-east-1');
  const silence = { id: 'week', by: 'alice', why: 'a move', from, until: from + SILENCE_AT_MOST_MS, select };
  if (silenced) world.silences.set([silence]);
  for (let hour = 0; hour < HOURS; hour += 1) {
    for (const { instanceId, state } of [
      ...fleet.instances('us-east-1'),
      ...fleet.instances('eu-west-1').slice(0, 1),
    ]) {
      if (state === 'running') fleet.stop(instanceId);
      else fleet.start(instanceId);
    }
    // The last sweep is the first after the silence.
    await stage.pass(hour === HOURS - 1 ? 70 : 59);
    await stage.sweep();
  }
  const verdict = await stage.conclude();
  const { history } = world;
  const number = (sweep: SweepRecord): number => history.sweeps.indexOf(sweep);
  const forMachines = history.messages.flatMap(({ topic, sweep, body }) => {
    const { transitions = [] } = topic === 'Transitions' ? JSON.parse(body) : {};
    return transitions.map(
      ({ instance, from, to }: Record<string, string>) => `${number(sweep)} ${instance} ${from} ${to}`,
    );
  });
  const forPeople = history.messages.filter(({ topic }) => topic === 'Alerts');
  return { verdict, ids, history, evidence: evidenceOf(history), forMachines, forPeople, number };
}

describe('a week in which all of a region changes every hour, and is silenced', () => {
  let loud: Awaited<ReturnType<typeof week>>;
  let quiet: Awaited<ReturnType<typeof week>>;

  beforeAll(async () => {
    loud = await week(false);
    quiet = await week(true);
  }, 60_000);

  it('breaks no promise', () => {
    expect(loud.verdict.violations).toEqual([]);
    expect(quiet.verdict.violations).toEqual([]);
  });

  it('is told to machines as without a silence: the same, in the same sweeps', () => {
    expect(quiet.forMachines).toHaveLength(HOURS * (INSTANCES + 4));
    expect(quiet.forMachines.sort()).toEqual(loud.forMachines.sort());
  });

  it('never holds more than its bound, and what of it waits for machines', () => {
    const entries = [...quiet.evidence.versions.values()].flat().map(({ outbox }) => outbox.length);
    expect(Math.max(...entries)).toBeGreaterThan(HELD_AT_MOST);
    expect(Math.max(...entries)).toBeLessThanOrEqual(HELD_AT_MOST + OUTBOX_AT_MOST);
  });

  it('is told to people in a digest whenever the bound is passed, and in one at the end: each change once', () => {
    const inEast = quiet.forPeople.filter(({ attributes }) => attributes['region'] === 'us-east-1');
    const digests = inEast.filter((message) => kindsOf(message).includes('digest'));
    const changes = HOURS * (INSTANCES + 3);
    // Every tenth hour is the first in which more is held than may be.
    const hoursADigest = Math.ceil((HELD_AT_MOST + 1) / (INSTANCES + 3));
    expect(digests).toHaveLength(Math.floor((HOURS - 1) / hoursADigest) + 1);
    expect(digests.flatMap(({ covers }) => covers)).toHaveLength(changes);
    expect(new Set(digests.flatMap(({ covers }) => covers)).size).toBe(changes);
    expect(inEast).toEqual(digests);
  });

  it('changes nothing for another region', () => {
    const inWest = ({ forPeople, number }: typeof quiet) =>
      forPeople
        .filter(({ attributes }) => attributes['region'] === 'eu-west-1')
        .map(({ sweep, attributes }) => `${number(sweep)} ${attributes['to']}`);
    expect(inWest(quiet)).toEqual(inWest(loud));
    expect(inWest(quiet).length).toBeGreaterThanOrEqual(HOURS);
  });
});
