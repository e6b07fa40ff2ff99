import type { Ports } from '../../lambda/core/round/plan.ts';
import type { ManagedVisibility } from '../../local/model/instance-query.ts';
import type { SweepRecord } from './history.ts';
import type { LifeSettings } from './settings.ts';

/** Where a mistake is made. */
export interface MistakeContext {
  readonly record: SweepRecord;
  /** The same for all sweeps of a life, so that a mistake can remember things by it. */
  readonly settings: LifeSettings;
  /** The same for all sweeps of a warm process. */
  readonly process: object;
  readonly now: () => number;
  /** Whether the account hides managed instances now. */
  readonly managedVisibility: () => ManagedVisibility;
}

/** A deliberate mistake: the ports of a sweep, wrapped so that the sweep behaves as if its code were wrong. */
export type Mistake = (ports: Ports, context: MistakeContext) => Ports;
