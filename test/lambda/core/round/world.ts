import { DEFAULT_ANNOUNCING } from '../../../../lambda/contract/announcing.ts';
import type { Silence } from '../../../../lambda/contract/silence.ts';
import type { Health } from '../../../../lambda/core/known/health.ts';
import type { Instance } from '../../../../lambda/core/known/instance.ts';
import type { Scope } from '../../../../lambda/core/known/scope.ts';
import type { LogLine } from '../../../../lambda/core/log.ts';
import type { Stored } from '../../../../lambda/core/look/ports.ts';
import type { SweepReport } from '../../../../lambda/core/round/close-round.ts';
import { type Memory, newMemory } from '../../../../lambda/core/round/memory.ts';
import type { Deadlines, Job, Plan, Ports } from '../../../../lambda/core/round/plan.ts';
import type { Point } from '../../../../lambda/core/round/points.ts';
import { sweep } from '../../../../lambda/core/round/sweep.ts';
import type { Message } from '../../../../lambda/core/tell/message.ts';
import { MINUTE, sight, T0 } from '../sights.ts';
import { NO_MEMBERS } from '../stored-members.ts';

export const ACCOUNT = '123456789012';
export const never = new AbortController().signal;
export const DEADLINES: Deadlines = { discover: never, look: never, within: () => never, announce: never, end: never };

export const scopes = (regions: readonly string[]): Scope[] => regions.map((region) => ({ account: ACCOUNT, region }));

/** A world of plain functions: two regions, and everything that a sweep did to it. */
export class World {
  now = T0;
  fleet: Record<string, readonly Instance[]> = { east: [sight('i-e', 'running')], west: [sight('i-w', 'running')] };
  health: readonly Health[] = [];
  readonly stored = new Map<string, Stored>();
  silences: readonly Silence[] = [];
  readonly messages: Message[] = [];
  readonly points: (readonly Point[])[] = [];
  readonly lines: (LogLine & { level: string })[] = [];
  readonly calls: string[] = [];
  readonly memory: Memory = newMemory();
  plan: Partial<Plan> = {};
  deadlines = DEADLINES;
  readonly pauses: number[] = [];
  #writes = 0;
  #sweeps = 0;

  readonly ports: Ports = {
    discover: async () => this.#called('discover', scopes(Object.keys(this.fleet))),
    recorded: async () => this.#called('recorded', scopes([...this.stored.keys()])),
    load: async ({ region }) => this.#called(`load ${region}`, this.stored.get(region)),
    list: async ({ region }) => this.#called(`list ${region}`, this.fleet[region] ?? []),
    ask: async ({ region }, ids) => this.#called(`ask ${region} ${ids}`, []),
    health: async ({ region }) => {
      const ids = new Set(this.fleet[region]?.map(({ id }) => id));
      const shown = this.health.filter(({ id }) => ids.has(id)).map((each) => [each.id, each] as const);
      return this.#called(`health ${region}`, new Map(shown));
    },
    commit: async (snapshot, over) => {
      const { region } = snapshot.scope;
      this.#called(`commit ${region}`, undefined);
      if (this.stored.get(region)?.etag !== over?.etag) return undefined;
      this.#writes += 1;
      const stored = { snapshot, etag: `"${this.#writes}"` };
      this.stored.set(region, stored);
      return stored;
    },
    silences: async () => this.#called('silences', this.silences),
    ...NO_MEMBERS,
    publish: async (message) => {
      this.#called(`publish ${message.reader} ${message.attributes.region}`, undefined);
      this.messages.push(message);
    },
    subscriptions: async () =>
      this.#called('subscriptions', [
        { topic: 'Transitions', confirmed: 0, pending: 0 },
        { topic: 'Alerts', confirmed: 1, pending: 0 },
        { topic: 'Health', confirmed: 1, pending: 0 },
      ]),
    measure: async (points) => {
      this.#called('measure', undefined);
      this.points.push(points);
    },
    log: (level, line) => this.lines.push({ level, ...line }),
  };

  #called<T>(call: string, answer: T): T {
    this.calls.push(call);
    return answer;
  }

  /** One sweep, a minute after the one before, with some ports replaced. */
  async sweep(ports: Partial<Ports> = {}): Promise<SweepReport> {
    this.calls.length = 0;
    this.messages.length = 0;
    this.now += MINUTE;
    return sweep(this.job(ports), this.memory);
  }

  /** What the next sweep is to do, with some ports replaced. */
  job(ports: Partial<Ports> = {}): Job {
    this.#sweeps += 1;
    return {
      plan: {
        account: ACCOUNT,
        partition: 'aws',
        regions: 'all',
        selection: '',
        outboxAtMost: 1_000,
        heldAtMost: 100,
        runbook: 'https://example.com/runbook',
        announcing: DEFAULT_ANNOUNCING,
        sweepId: `s${this.#sweeps}`,
        at: this.now,
        ...this.plan,
      },
      ports: { ...this.ports, ...ports },
      deadlines: this.deadlines,
      pause: async (ms) => {
        this.pauses.push(ms);
      },
      now: () => this.now,
    };
  }

  values(metric: Point['metric']): Record<string, number> {
    const points = (this.points.at(-1) ?? []).filter((point) => point.metric === metric);
    return Object.fromEntries(
      points.map(({ dimensions: { Account: _, ...rest }, value }) => [Object.values(rest).join(' '), value]),
    );
  }

  stop(region: string): void {
    this.fleet = {
      ...this.fleet,
      [region]: (this.fleet[region] ?? []).map((instance) => ({ ...instance, state: 'stopped' })),
    };
  }

  told(): string[] {
    return this.messages.map(({ reader, attributes: { region, to } }) => `${reader} ${region} ${to ?? 'baseline'}`);
  }
}
