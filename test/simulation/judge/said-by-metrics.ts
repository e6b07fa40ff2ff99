import type { Violation } from '../../../local/judge/observations.ts';
import type { CallRecord, History, Listing, PointsRecord, SweepRecord } from '../history.ts';
import type { Evidence, Version } from './evidence.ts';
import { overlap } from './handed-over.ts';
import { digestedIn, heldIn, heldWhenTold } from './silenced.ts';

const STATES = ['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'];
const ON_THE_WAY = ['pending', 'stopping', 'shutting-down'];
const WEEK_MS = 7 * 24 * 60 * 60_000;
const TOLERANCE_MS = 10_000;
/** A sweep may stop what it does when its time is nearly up. */
const IN_TIME_MS = 30_000;

/** Metrics equal what was listed; what was not seen is a gap and says so; a sweep that failed says so. */
export function saidByMetrics(evidence: Evidence): Violation[] {
  const { history } = evidence;
  const violations: Violation[] = [];
  const say = (promise: string, sweep: SweepRecord, what: string): void => {
    violations.push({ promise, what: `${sweep.id}: ${what}` });
  };
  const pointsOf = new Map<SweepRecord, PointsRecord[]>();
  for (const points of history.points) pointsOf.set(points.sweep, [...(pointsOf.get(points.sweep) ?? []), points]);
  for (const sweep of history.sweeps) {
    const records = pointsOf.get(sweep) ?? [];
    if (sweep.hints !== undefined) {
      for (const record of records) checkPointsOfHints(record, evidence, say);
      continue;
    }
    const facts = factsOf(sweep, evidence);
    for (const record of records) checkPoints(record, facts, evidence, say);
    if (sweep.end !== 'killed') checkEnd(sweep, facts, records, evidence, say);
  }
  return violations;
}

/** What follows hints counts the transitions that it recorded. All else is for the sweeps to say. */
function checkPointsOfHints({ sweep, points }: PointsRecord, evidence: Evidence, say: Say): void {
  const others = points.filter(({ name }) => !['Transitions', 'HintDelay', 'HintsUnused'].includes(name));
  if (others.length > 0) say('only a sweep closes a round', sweep, `it published ${others[0]?.name}.`);
  checkTransitions(sweep, points, evidence, say);
}

type Say = (promise: string, sweep: SweepRecord, what: string) => void;

/** What AWS saw of one sweep, by region. */
interface Facts {
  readonly attempted: readonly string[];
  /** Regions that it does not sweep, and that may owe something. */
  readonly left: readonly string[];
  readonly listings: ReadonlyMap<string, Listing>;
  /** Regions whose refusal is explained by the organization, as far as AWS can tell: never seen, and refused. */
  readonly refused: ReadonlySet<string>;
  readonly calls: ReadonlyMap<string, readonly CallRecord[]>;
  readonly alone: boolean;
}

function factsOf(sweep: SweepRecord, { history, versions }: Evidence): Facts {
  const calls = new Map<string, CallRecord[]>();
  for (const call of sweep.calls) {
    if (call.scope !== undefined) calls.set(call.scope, [...(calls.get(call.scope) ?? []), call]);
  }
  const { enabled = [...versions.keys()] } = sweep;
  const isSwept = (region: string): boolean => history.regions !== 'all' || enabled.includes(region);
  const attempted = [...calls].flatMap(([region, all]) =>
    all.some(({ operation }) => operation === 'DescribeInstances' || (operation === 'GetObject' && isSwept(region)))
      ? [region]
      : [],
  );
  const neverSeen = (region: string): boolean => {
    const first = versions.get(region)?.[0];
    return first === undefined || first.write.at > sweep.startedAt;
  };
  return {
    attempted,
    left: [...versions.keys()].filter((region) => !attempted.includes(region) && sweep.named.has(region)),
    calls,
    listings: new Map(sweep.listings.map((listing) => [listing.region, listing])),
    refused: new Set(
      attempted.filter(
        (region) =>
          history.regions === 'all' &&
          (neverSeen(region) || calls.get(region)?.some(({ result }) => result === 'NoSuchKey')) &&
          calls.get(region)?.some(({ result }) => result === 'UnauthorizedOperation'),
      ),
    ),
    alone: !history.sweeps.some((other) => other !== sweep && overlap(other, sweep)),
  };
}

function checkPoints({ sweep, points, at }: PointsRecord, facts: Facts, evidence: Evidence, say: Say): void {
  const { history, versions } = evidence;
  const census = 'metrics equal the census of what was listed';
  const values = new Map<string, number>();
  for (const { name, dimensions, value } of points) values.set(`${name} ${dimensions}`, value);
  const gauge = (region: string | undefined, state: string): number | undefined =>
    values.get(`Instances Account=${history.account}${region === undefined ? '' : ` Region=${region}`} State=${state}`);
  const failed = (region: string): number | undefined =>
    values.get(`ScopeFailed Account=${history.account} Region=${region}`);

  const total = new Map<string, number>();
  for (const region of facts.attempted) {
    const listing = facts.listings.get(region);
    const shown = gauge(region, 'running') !== undefined;
    if (listing === undefined) {
      if (shown) say('a failed scope is a gap', sweep, `${region} was not listed, and has gauges.`);
      if (failed(region) !== 1 && !facts.refused.has(region)) {
        say('it says when it is blind', sweep, `${region} was not listed, and ScopeFailed does not say so.`);
      }
      if (gauge(undefined, 'running') !== undefined && !facts.refused.has(region)) {
        say('a failed scope is a gap', sweep, `${region} was not listed, and there is a total.`);
      }
      checkAge(region);
      continue;
    }
    const counts = new Map(STATES.map((state) => [state, 0]));
    for (const { state } of listing.sights) counts.set(state, (counts.get(state) ?? 0) + 1);
    const clean = facts.calls.get(region)?.every(({ result }) => result === 'ok') && inTime(sweep);
    if (clean && failed(region) !== undefined) {
      say('the trouble of one region stays there', sweep, `nothing went wrong in ${region}, and ScopeFailed says so.`);
    }
    if (clean && !shown && listing.sights.length > 0) say(census, sweep, `${region} was listed, and has no gauges.`);
    for (const [state, count] of counts) {
      total.set(state, (total.get(state) ?? 0) + count);
      const value = gauge(region, state);
      if (shown && value !== count) say(census, sweep, `${region} has ${count} ${state}, and the gauge says ${value}.`);
    }
  }
  if (gauge(undefined, 'running') !== undefined) {
    for (const [state, count] of total) {
      const value = gauge(undefined, state);
      if (value !== count) say(census, sweep, `there are ${count} ${state} in all, and the gauge says ${value}.`);
    }
  }
  const last = points.at(-1);
  if (last?.name !== 'Sweeps' || last.value !== 1) say('the heartbeat is the last', sweep, 'it is not.');
  checkTransitions(sweep, points, evidence, say);
  checkHealth();
  checkPending();

  function checkAge(region: string): void {
    if (facts.refused.has(region)) return;
    const listed = history.sweeps
      .flatMap(({ listings }) => listings)
      .filter((listing) => listing.region === region && listing.endedAt <= at)
      .map(({ startedAt }) => startedAt);
    const least = Math.min(WEEK_MS, sweep.startedAt - Math.max(0, ...listed) - TOLERANCE_MS);
    const told = (values.get('OldestLook ') ?? 0) * 1000;
    if (told < least)
      say('it says when it is blind', sweep, `${region} is blind for ${least} ms, OldestLook says ${told}.`);
  }

  function checkHealth(): void {
    const unknown = facts.attempted.filter(
      (region) => facts.listings.has(region) && failed(region) === undefined && isHealthUnknown(region),
    );
    const impairedIn = (region: string | undefined): number | undefined =>
      values.get(`Impaired Account=${history.account}${region === undefined ? '' : ` Region=${region}`}`);
    for (const region of unknown) {
      if (impairedIn(region) !== undefined || impairedIn(undefined) !== undefined) {
        say('unknown health is a gap', sweep, `the health of ${region} is unknown, and it is counted.`);
      }
      if (values.get(`HealthUnknown Account=${history.account} Region=${region}`) !== 1) {
        say(
          'it says when it is blind',
          sweep,
          `the health of ${region} is unknown, and HealthUnknown does not say so.`,
        );
      }
    }
    if (values.get('HealthUnknown ') !== unknown.length) {
      say('it says when it is blind', sweep, `${unknown} have unknown health, HealthUnknown says otherwise.`);
    }
    const trouble = sweep.calls.some(
      ({ operation, scope, result }) => scope !== undefined && /Object$/.test(operation) && result !== 'ok',
    );
    if (!facts.alone || trouble) return;
    for (const region of facts.attempted) {
      const told = impairedIn(region);
      const version = versions.get(region)?.findLast(({ write }) => write.at <= at);
      if (told === undefined || version === undefined) continue;
      const open = [...version.instances.values()].filter(({ conditions = [] }) =>
        conditions.some(({ is, condition }) => is === 'open' && condition.type === 'impaired'),
      );
      if (told !== open.length) {
        say(
          'metrics equal what is told',
          sweep,
          `${open.length} are impaired in ${region}, and the gauge says ${told}.`,
        );
      }
    }
  }

  /** Instances wait for room in a region that was not seen: nobody knows how many. */
  function isUncounted(region: string): boolean {
    const isSeen = facts.listings.has(region) && facts.calls.get(region)?.findLast(isDescribe)?.result === 'ok';
    const version = versions.get(region)?.findLast(({ write }) => write.at <= at);
    const isLoaded = facts.calls
      .get(region)
      ?.some(({ operation, result }) => operation === 'GetObject' && result === 'ok');
    return facts.alone && isLoaded === true && !isSeen && version?.wholeAt !== undefined;
  }

  function isHealthUnknown(region: string): boolean {
    const isSeen = sweep.healthSights.some((sight) => sight.region === region);
    const isAsked = facts.calls.get(region)?.some(({ operation }) => operation === 'DescribeInstanceStatus') ?? false;
    return isAsked && !isSeen;
  }

  function checkPending(): void {
    const told = values.get('TransitionsPending ');
    const unread = [...facts.attempted, ...facts.left].filter((region) => isUnread(facts.calls.get(region) ?? []));
    const uncounted = facts.attempted.filter((region) => isUncounted(region));
    if (uncounted.length > 0) {
      if (told === undefined) return;
      say('an unknown outbox is not an empty one', sweep, `${uncounted} wait for room, unseen, and it says ${told}.`);
    }
    if (unread.length > 0) {
      if (told === undefined) return;
      say('an unknown outbox is not an empty one', sweep, `${unread} could not be read, and it says ${told}.`);
    }
    const trouble = sweep.calls.some(
      ({ operation, scope, result }) =>
        scope !== undefined &&
        /Object$/.test(operation) &&
        result !== 'ok' &&
        (result !== 'NoSuchKey' || versions.has(scope)),
    );
    if (!facts.alone || trouble) return;
    let least = 0;
    let most = 0;
    for (const region of [...facts.attempted, ...facts.left]) {
      const version = versions.get(region)?.findLast(({ write }) => write.at <= at);
      if (version === undefined) continue;
      const isWhole = facts.calls.get(region)?.findLast(isDescribe)?.result === 'ok';
      const postponed = changesPostponed(isWhole ? facts.listings.get(region) : undefined, version, evidence, sweep);
      const owed = owedIn(version, heldWhenTold(versions.get(region) ?? [], sweep, at, history));
      least += owed.least + postponed.least;
      most += owed.most + postponed.most;
    }
    const listed = sweep.calls.findLast(({ operation }) => operation === 'ListObjectsV2')?.result ?? 'ok';
    if (told === undefined && listed !== 'ok') return;
    if (told === undefined || told < least || told > most) {
      const waiting = least === most ? least : `${least} to ${most}`;
      say('it says when it is deaf', sweep, `${waiting} are not announced, and it says ${told}.`);
    }
  }
}

/**
 * How much a version owes, but for what silences hold back. What a digest is to tell may count for machines and for people: hence from
 * and to. Reminders and silences are not announced for the first time, and do not count.
 */
function owedIn(version: Version, held: ReadonlySet<string>): { least: number; most: number } {
  const digested = digestedIn(version, held);
  const others = version.others.filter(
    ({ kind, owed, id }) =>
      kind === 'unread-silence' || (kind === 'reminder' && owed.some((reader) => digested.has(`${reader} ${id}`))),
  );
  const counts = [...version.outbox, ...others].map(({ id, owed }) => {
    if (held.has(id)) return [Number(owed.includes('Transitions'))] as const;
    const inDigest = owed.filter((reader) => digested.has(`${reader} ${id}`));
    return inDigest.length > 0 && inDigest.length < owed.length ? ([1, 2] as const) : ([1] as const);
  });
  const sum = (place: 0 | -1): number => counts.reduce((total, count) => total + (count.at(place) ?? 0), 0);
  return { least: sum(0), most: sum(-1) };
}

function checkTransitions(sweep: SweepRecord, points: PointsRecord['points'], { recorded }: Evidence, say: Say): void {
  for (const { name, dimensions, value } of points) {
    if (name !== 'Transitions') continue;
    const [, region, to] = /Region=(\S+) To=(.*)$/.exec(dimensions) ?? [];
    const count = recorded.filter(
      (each) => each.version.write.sweep === sweep && each.region === region && each.to === to && !each.condition,
    ).length;
    if (value !== count) {
      say('transitions are counted once', sweep, `${count} to ${to} in ${region} were recorded, and ${value} counted.`);
    }
  }
}

const isDescribe = ({ operation }: CallRecord): boolean => operation === 'DescribeInstances';

/** Whether a sweep could not load what is stored of a region. */
function isUnread(calls: readonly CallRecord[]): boolean {
  const loaded = calls.findIndex(({ operation }) => operation !== 'GetObject');
  const loads = loaded < 0 ? calls : calls.slice(0, loaded);
  return loads.length > 0 && !loads.some(({ result }) => result === 'ok' || result === 'NoSuchKey');
}

/** How many instances changed and wait for a later look. What is shown may be late, or gone: hence from and to. */
function changesPostponed(
  listing: Listing | undefined,
  { instances }: Version,
  { postponed }: Evidence,
  { healthSights }: SweepRecord,
): { least: number; most: number } {
  const left = listing && postponed.get(listing);
  if (listing === undefined || !left?.isFull) return { least: 0, most: 0 };
  const surely = left.sights.filter(({ id, state, launchTime }) => {
    const seen = instances.get(id)?.seen;
    const before = STATES.indexOf(seen?.state ?? '');
    return seen?.launchTime === launchTime && before >= 0 && before < STATES.indexOf(state);
  });
  const present = new Set(listing.sights.map(({ id }) => id));
  const gone = [...instances].filter(([id, { missing }]) => missing !== undefined && !present.has(id));
  const shown = healthSights.find(({ region }) => region === listing.region)?.shown.values() ?? [];
  const ill = [...shown].filter(
    ({ checks, events }) => events.length > 0 || Object.values(checks).some(({ status }) => status === 'impaired'),
  );
  // Conditions wait too: of what is on its way, and may be stuck, and of what is known to have one.
  const known = [...instances.values()].filter(
    ({ seen, conditions }) => conditions !== undefined || ON_THE_WAY.includes(seen.state),
  );
  return { least: surely.length, most: left.sights.length + gone.length + ill.length + known.length };
}

function inTime({ startedAt, endedAt = Number.POSITIVE_INFINITY }: SweepRecord): boolean {
  return endedAt - startedAt < IN_TIME_MS;
}

function checkEnd(
  sweep: SweepRecord,
  facts: Facts,
  records: readonly PointsRecord[],
  evidence: Evidence,
  say: Say,
): void {
  const { history, versions } = evidence;
  const failedCall = (operation: string): boolean =>
    sweep.calls.findLast((call) => call.operation === operation)?.result !== 'ok' &&
    sweep.calls.some((call) => call.operation === operation);
  const measured = !sweep.calls.some(({ operation, result }) => operation === 'PutMetricData' && result !== 'ok');
  if (measured && inTime(sweep) && records.length !== 1) {
    say('each sweep that ends has a heartbeat', sweep, `it published ${records.length} times.`);
  }
  const mustFail = failedCall('PutMetricData') || failedCall('DescribeRegions') || sweep.listings.length === 0;
  if (mustFail && sweep.end === 'returned') say('it says when it is dead', sweep, 'it failed, and told nobody.');
  const flawless = sweep.calls.every(({ result }) => result === 'ok' || result === 'NoSuchKey');
  if (flawless && inTime(sweep) && sweep.end === 'threw')
    say('it says when it is dead', sweep, 'nothing failed, and it threw.');

  for (const region of regionsToSweep(sweep, history)) {
    if (!facts.attempted.includes(region)) say('every region is swept', sweep, `${region} was left out.`);
  }
  if (!facts.alone || !inTime(sweep)) return;
  // What is told over all regions is no matter of one of them.
  const isOverAllTold = sweep.calls.every(({ operation, result }) => operation !== 'Publish' || result === 'ok');
  const outboxOf = (region: string): readonly unknown[] => {
    const version = versions.get(region)?.findLast(({ write }) => write.at <= (sweep.endedAt ?? 0));
    if (version === undefined) return [];
    const held = heldIn(version, sweep, history);
    const digested = digestedIn(version, held);
    const isOverdue = ({ id, owed }: Pick<Version['outbox'][number], 'id' | 'owed'>): boolean =>
      owed.some((reader) => {
        if (reader === 'Transitions') return true;
        return !held.has(id) && (isOverAllTold || !digested.has(`${reader} ${id}`));
      });
    return [...version.outbox, ...(isOverAllTold ? version.others : [])].filter(isOverdue);
  };
  for (const region of facts.attempted) {
    if (!facts.calls.get(region)?.every(({ result }) => result === 'ok')) continue;
    const outbox = outboxOf(region);
    if (!facts.listings.has(region) || outbox.length > 0) {
      say(
        'the trouble of one region stays there',
        sweep,
        `nothing went wrong in ${region}, and it was not looked at, or ${outbox.length} were not announced.`,
      );
    }
  }
  for (const region of facts.left) {
    const owed = outboxOf(region).length;
    if (owed === 0 || facts.calls.get(region)?.some(({ result }) => result !== 'ok')) continue;
    say(
      'what is owed gets out',
      sweep,
      `nothing went wrong in ${region}, which is left, and ${owed} were not announced.`,
    );
  }
}

/** The regions that a sweep had to know of: discovered regions are asked for once an hour. */
function regionsToSweep(sweep: SweepRecord, { regions, optIns }: History): readonly string[] {
  if (regions !== 'all') return regions;
  if (sweep.calls.some(({ operation, result }) => operation === 'DescribeRegions' && result !== 'ok')) return [];
  const since = sweep.startedAt - 61 * 60_000;
  const latest = new Map<string, (typeof optIns)[number]>();
  for (const optIn of optIns) if (optIn.at <= sweep.startedAt) latest.set(optIn.region, optIn);
  return [...latest.values()].filter(({ enabled, at }) => enabled && at < since).map(({ region }) => region);
}
