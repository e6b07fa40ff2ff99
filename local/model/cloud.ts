import { AwsError, NoAnswer } from './aws-error.ts';
import type { Call, FaultEffect } from './faults.ts';
import { Faults } from './faults.ts';
import { Fleet } from './fleet.ts';
import type { Durations } from './instance.ts';
import { Metrics } from './metrics.ts';
import { seeded } from './random.ts';
import type { Region } from './regions.ts';
import { DEFAULT_REGIONS } from './regions.ts';
import { Stacks } from './stacks.ts';
import { Store } from './store.ts';
import { SimulatedTopics } from './topics.ts';

/** What a simulated account needs. */
export interface CloudSettings {
  /** Virtual time, ms since epoch. Must never go back. */
  readonly now: () => number;
  /** Numbers in [0, 1), for ids. Default: {@link seeded} with 1. */
  readonly random?: () => number;
  /** Twelve digits. Default `123456789012`. */
  readonly account?: string;
  /** Default `aws`. */
  readonly partition?: string;
  /** Default: {@link DEFAULT_REGIONS}. */
  readonly regions?: readonly Region[];
  readonly durations?: Partial<Durations>;
  /** See {@link FleetSettings}. Default: no limit but what a query asks for. */
  readonly pageSizes?: readonly number[];
  /** How many versions of an object are kept. Default: all. */
  readonly versionsKept?: number;
}

/** A call that reached AWS, successful or not. */
export interface LoggedCall extends Call {
  /** ms since epoch. */
  readonly at: number;
  /** The permission it needs, such as `s3:ListBucket`. "Actions, resources, and condition keys", Service Authorization Reference. */
  readonly iamAction: string;
}

/** Operations that need a permission of another name. */
const IAM_ACTIONS: Readonly<Record<string, string>> = {
  's3:ListObjectsV2': 's3:ListBucket',
  's3:HeadObject': 's3:GetObject',
};

/**
 * One account of simulated AWS: its resources, its faults, and a log of its calls. Tests may use the parts directly, as a
 * person with a console would. A program under test uses {@link perform} or the HTTP face, so that its calls are logged
 * and faults apply to them.
 */
export class Cloud {
  readonly account: string;
  readonly partition: string;
  /** Virtual time, ms since epoch. */
  readonly now: () => number;
  readonly fleet: Fleet;
  readonly store: Store;
  readonly stacks = new Stacks();
  readonly topics: SimulatedTopics;
  readonly metrics: Metrics;
  readonly faults = new Faults();
  /** Oldest first. The reader may empty it. */
  readonly calls: LoggedCall[] = [];

  constructor({
    now,
    random = seeded(1),
    account = '123456789012',
    partition = 'aws',
    regions = DEFAULT_REGIONS,
    durations = {},
    pageSizes = [],
    versionsKept = Number.POSITIVE_INFINITY,
  }: CloudSettings) {
    this.now = now;
    this.account = account;
    this.partition = partition;
    this.fleet = new Fleet({ now, random, regions, durations, pageSizes });
    this.store = new Store(now, versionsKept);
    this.topics = new SimulatedTopics(now, partition, account);
    this.metrics = new Metrics(now);
  }

  /** Logs a call. @returns the fault that the caller must simulate, if any */
  begin(call: Call): FaultEffect | undefined {
    const name = `${call.service}:${call.operation}`;
    this.calls.push({ ...call, at: this.now(), iamAction: IAM_ACTIONS[name] ?? name });
    return this.faults.take(call);
  }

  /**
   * Makes one call without HTTP: logs it, and simulates its fault.
   *
   * @param act does what the call asks for
   * @throws AwsError from `act` or from a fault; NoAnswer if the answer was lost, whether or not `act` ran
   */
  perform<T>(call: Call, act: () => T): T {
    const effect = this.begin(call);
    if (effect === undefined || effect.kind === 'delay') {
      return act();
    }
    if (effect.kind === 'error') {
      throw new AwsError(effect.code, effect.status, effect.message);
    }
    if (effect.kind === 'drop-after' || effect.kind === 'cut' || effect.kind === 'half') {
      act();
    }
    throw new NoAnswer(`${call.service}:${call.operation} in ${call.region} got no answer (${effect.kind})`);
  }
}
