import { DEFAULT_ANNOUNCING } from '../../lambda/contract/announcing.ts';
import type { MemberNews } from '../../lambda/contract/message.ts';
import type { Instance } from '../../lambda/core/known/instance.ts';
import type { ChosenAccount } from '../../lambda/core/known/member.ts';
import { type Scope, scopeKey } from '../../lambda/core/known/scope.ts';
import { Refused, type Stored } from '../../lambda/core/look/ports.ts';
import { newMemory } from '../../lambda/core/round/memory.ts';
import type { Deadlines, Job, Ports } from '../../lambda/core/round/plan.ts';
import type { Point } from '../../lambda/core/round/points.ts';
import { beginRound, closeShards, listMeanwhile, lookAtShard } from '../../lambda/core/round/sharded-round.ts';
import { shardOf } from '../../lambda/core/round/shards.ts';
import { sweep } from '../../lambda/core/round/sweep.ts';
import type { Message } from '../../lambda/core/tell/message.ts';
import { StoredMembers } from '../lambda/core/stored-members.ts';
import { type Dice, diceFor } from './dice.ts';

/** How an account answers. `hung`: not before its time is up. */
export type Answer = 'open' | 'refused' | 'broken' | 'hung';

/** How an account is chosen. */
export type Choice = 'active' | 'suspended' | 'absent';

/** What an account really is in one sweep. */
export interface AccountTruth {
  readonly id: string;
  readonly answer: Answer;
  readonly choice: Choice;
  readonly instances: readonly Instance[];
}

/** One sweep, as it really was and as the monitor told it. */
export interface AccountsSweep {
  readonly accounts: readonly AccountTruth[];
  /** Whether the accounts could be listed. */
  readonly isListed: boolean;
  /** Whether it is a life in which news of accounts may come late and twice. */
  readonly isRestless: boolean;
  /** How often S3 was asked for a snapshot of a region that never had an instance, or to write one, after its first look. */
  readonly calls: number;
  readonly messages: readonly Message[];
  readonly points: readonly Point[];
  /** The accounts that were asked for instances. */
  readonly asked: ReadonlySet<string>;
  /** Accounts whose shard failed. */
  readonly lost: ReadonlyMap<string, Fate>;
  readonly hasLostShard: boolean;
  /** What the sweep threw. */
  readonly error: unknown;
}

/** When a shard failed: before it looked, or before it could report. */
type Fate = 'unlooked' | 'unreported';

/** A mistake that somebody could make in the ports, or in what they hand over. */
export type Mistake = (ports: Ports, sweepId: string) => Ports;

/** Rounds of so many shards, none of which fails. */
export interface Undisturbed {
  readonly shards: number;
}

export const HUB = '100000000000';
const MEMBERS = ['200000000001', '200000000002', '200000000003', '200000000004', '200000000005'];
const REGIONS = ['us-east-1', 'eu-west-1'];
const START = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;
const SWEEPS = 30;

/** A life of a few accounts: each refuses, breaks, hangs, departs and comes back by chance, while its instances stop and start. */
export async function liveWithAccounts(
  seed: number,
  mistake: Mistake = (ports) => ports,
  undisturbed?: Undisturbed,
): Promise<AccountsSweep[]> {
  const life = new Life(diceFor(seed, 'accounts'), diceFor(seed, 'shards'), mistake, undisturbed);
  const sweeps: AccountsSweep[] = [];
  for (let each = 0; each < SWEEPS; each += 1) sweeps.push(await life.sweep());
  return sweeps;
}

class Life {
  readonly #dice: Dice;
  readonly #mistake: Mistake;
  readonly #stored = new Map<string, Stored>();
  /** Now and then, it cannot be recorded how accounts stand. */
  readonly #isRestless: boolean;
  readonly #members = new StoredMembers();
  /** Into how many shards its rounds are divided. Some of them fail. */
  readonly #shards: number;
  #memory = newMemory();
  #accounts: AccountTruth[];
  #now = START;
  #writes = 0;
  #hasLostShard = false;
  #calls = 0;
  #sweeps = 0;

  readonly #shardDice: Dice;
  readonly #isUndisturbed: boolean;

  constructor(dice: Dice, shardDice: Dice, mistake: Mistake, undisturbed: Undisturbed | undefined) {
    this.#dice = dice;
    this.#shardDice = shardDice;
    this.#isUndisturbed = undisturbed !== undefined;
    this.#mistake = mistake;
    this.#isRestless = dice.chance(0.3) && !this.#isUndisturbed;
    this.#shards = undisturbed?.shards ?? shardDice.pick([1, 1, 2, 3]);
    const member = (id: string): AccountTruth => ({
      id,
      answer: dice.chance(0.7) ? 'open' : 'refused',
      choice: dice.chance(0.8) ? 'active' : 'absent',
      instances: [],
    });
    const hub: AccountTruth = { id: HUB, answer: 'open', choice: 'active', instances: [] };
    this.#accounts = [hub, ...MEMBERS.map(member)].map((account) => ({
      ...account,
      // Some regions have never had any.
      instances: [0, 1]
        .filter(() => dice.chance(0.6))
        .map((region) => instanceIn(account.id, region, START - 1000 * MINUTE)),
    }));
  }

  async sweep(): Promise<AccountsSweep> {
    const dice = this.#dice;
    this.#now += MINUTE;
    this.#sweeps += 1;
    this.#accounts = this.#accounts.map((account) => this.#changed(account));
    // A new process, or the hour is over: accounts are listed and regions are discovered anew.
    if (dice.chance(0.2)) this.#memory = newMemory();
    const isListed = dice.chance(0.9);
    const messages: Message[] = [];
    const points: Point[] = [];
    const asked = new Set<string>();
    const ports = this.#mistake(this.#ports(isListed, messages, points, asked), `s${this.#sweeps}`);
    const job: Job = {
      plan: {
        account: HUB,
        hasMembers: true,
        // Another each time, so that the accounts are listed in each round.
        choice: `${this.#sweeps}`,
        partAtMost: 2,
        shards: this.#shards,
        partition: 'aws',
        regions: 'all',
        selection: '',
        outboxAtMost: 1_000,
        heldAtMost: 100,
        runbook: 'https://example.com/runbook',
        announcing: { ...DEFAULT_ANNOUNCING, remind: [] },
        sweepId: `s${this.#sweeps}`,
        at: this.#now,
      },
      ports,
      deadlines: deadlines(),
      now: () => this.#now,
      pause: async () => {},
    };
    this.#hasLostShard = false;
    const lost = new Map<string, Fate>();
    const error = await this.#round(job, lost).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return {
      accounts: this.#accounts,
      isListed,
      isRestless: this.#isRestless,
      calls: this.#calls,
      messages,
      points,
      asked,
      lost,
      hasLostShard: this.#hasLostShard,
      error,
    };
  }

  /** One round, as the function makes it or as the steps of the state machine do. */
  async #round(job: Job, lost: Map<string, Fate>): Promise<unknown> {
    if (this.#shards === 1) return sweep(job, this.#memory);
    const begun = await beginRound(job, this.#memory);
    if (!('of' in begun)) return begun;
    const { of, list } = begun;
    const members = [...(this.#members.membership?.value.members.values() ?? [])];
    const lookAtOne = async (index: number): Promise<void> => {
      const fates = ['well', 'well', 'well', 'well', 'unlooked', 'unreported'] as const;
      const fate = this.#isUndisturbed ? 'well' : this.#shardDice.pick(fates);
      if (fate !== 'well') {
        this.#hasLostShard = true;
        for (const member of members) if (shardOf(member, { of }) === index) lost.set(member.id, fate);
        if (index === 0) lost.set(HUB, fate);
      }
      if (fate === 'unlooked') return;
      const keepReport = fate === 'unreported' ? async () => {} : job.ports.keepReport;
      await lookAtShard({ index, of }, { ...job, ports: { ...job.ports, keepReport } }, this.#memory);
    };
    await Promise.all([...Array(of).keys()].map(lookAtOne));
    if (list) await listMeanwhile(job);
    return closeShards(begun, new Map(), job, this.#memory);
  }

  #changed(account: AccountTruth): AccountTruth {
    const dice = this.#dice;
    const isHub = account.id === HUB;
    const instances = account.instances.map((instance): Instance => {
      if (!dice.chance(0.15)) return instance;
      return instance.state === 'running'
        ? { ...instance, state: 'stopped' }
        : { ...instance, state: 'running', launchTime: this.#now - 10_000 };
    });
    for (const region of REGIONS.keys()) {
      const { id } = instanceIn(account.id, region, this.#now - 10_000);
      if (!instances.some((each) => each.id === id) && dice.chance(0.05)) {
        instances.push(instanceIn(account.id, region, this.#now - 10_000));
      }
    }
    if (isHub || !dice.chance(0.2)) return { ...account, instances };
    const answer = dice.pick<Answer>(['open', 'open', 'open', 'refused', 'broken', 'hung']);
    const choice = dice.pick<Choice>(['active', 'active', 'active', 'suspended', 'absent']);
    return { ...account, answer, choice, instances };
  }

  #ports(isListed: boolean, messages: Message[], points: Point[], asked: Set<string>): Ports {
    const dice = this.#dice;
    const accountOf = (id: string): AccountTruth => {
      const account = this.#accounts.find((each) => each.id === id);
      if (account === undefined) throw new Error(`There is no account ${id}.`);
      return account;
    };
    const answered = async <T>(id: string, signal: AbortSignal, answer: (account: AccountTruth) => T): Promise<T> => {
      const account = accountOf(id);
      switch (account.answer) {
        case 'open':
          return answer(account);
        case 'refused':
          throw new Refused(`${id} does not trust the monitor`);
        case 'broken':
          throw new Error(`${id} is throttled`);
        case 'hung':
          return new Promise((_, reject) => {
            if (signal.aborted) reject(signal.reason);
            signal.addEventListener('abort', () => reject(signal.reason));
          });
      }
    };
    const inRegion = ({ account, region }: Scope): readonly Instance[] => {
      const { id } = instanceIn(account, REGIONS.indexOf(region), 0);
      return accountOf(account).instances.filter((each) => each.id === id);
    };
    return {
      chosen: async () => {
        if (!isListed) throw new Error('Organizations refuses.');
        return this.#accounts.flatMap(({ id, choice }): ChosenAccount[] =>
          id === HUB || choice === 'absent' ? [] : [{ id, name: `name-${id}`, isActive: choice === 'active' }],
        );
      },
      ...this.#members.ports,
      commitMembership: async (membership, over, signal) => {
        if (this.#isRestless && dice.chance(0.3)) throw new Error('S3 does not answer.');
        return this.#members.ports.commitMembership(membership, over, signal);
      },
      commitRegions: async (part, regions, over, signal) => {
        if (this.#isRestless && dice.chance(0.3)) throw new Error('S3 does not answer.');
        return this.#members.ports.commitRegions(part, regions, over, signal);
      },
      discover: (id, signal) => answered(id, signal, () => REGIONS.map((region) => ({ account: id, region }))),
      recorded: async (id) =>
        [...this.#stored.values()]
          .map(({ snapshot }) => snapshot.scope)
          .filter((scope) => id === 'all' || scope.account === id),
      load: async (scope) => {
        if (inRegion(scope).length === 0 && scope.account !== HUB) this.#calls += 1;
        return this.#stored.get(scopeKey(scope));
      },
      list: (scope, signal) => {
        asked.add(scope.account);
        return answered(scope.account, signal, () => inRegion(scope));
      },
      ask: async () => [],
      health: async () => new Map(),
      commit: async (snapshot, over) => {
        const key = scopeKey(snapshot.scope);
        if (snapshot.scope.account !== HUB && snapshot.instances.size === 0) this.#calls += 1_000;
        if (this.#stored.get(key)?.etag !== over?.etag) return undefined;
        this.#writes += 1;
        const stored = { snapshot, etag: `${this.#writes}` };
        this.#stored.set(key, stored);
        return stored;
      },
      silences: async () => [],
      subscriptions: async () => [],
      publish: async (message) => {
        messages.push(message);
      },
      measure: async (measured) => {
        points.push(...measured);
      },
      log: () => {},
    };
  }
}

/** The one instance that a region may have. */
function instanceIn(account: string, region: number, launchTime: number): Instance {
  return { id: `i-${account}-${region}`, state: 'running', launchTime };
}

/** The time of an account is up as soon as nothing else is left to do. Nothing else ends before the sweep does. */
function deadlines(): Deadlines {
  const never = new AbortController().signal;
  const within = (): AbortSignal => {
    const controller = new AbortController();
    setImmediate(() => controller.abort(new Error('The time is up.')));
    return controller.signal;
  };
  return { discover: never, look: never, within, announce: never, end: never };
}

/** What machines were told of an account. */
export function memberNewsIn({ messages }: AccountsSweep): { readonly account: string; readonly news: MemberNews }[] {
  return messages.flatMap(({ reader, attributes, body }) =>
    reader === 'Transitions' && attributes.kind === 'member' ? [JSON.parse(body)] : [],
  );
}

/** The transitions that machines were told of, in order. */
export function transitionsIn({ messages }: AccountsSweep): {
  readonly account: string;
  readonly instance: string;
  readonly to: string;
}[] {
  return messages.flatMap(({ reader, attributes, body }) => {
    if (reader !== 'Transitions' || attributes.kind !== 'transitions') return [];
    const { account, transitions } = JSON.parse(body);
    return transitions.map(({ instance, to }: { instance: string; to: string }) => ({ account, instance, to }));
  });
}
