import type { Instant } from '../known/scope.ts';
import { type Accounts, accountsKnown, accountsListedOnce, NO_ACCOUNTS } from './accounts.ts';
import type { Job, Sweep } from './plan.ts';
import { silencingNow } from './silencing.ts';

/** What has to be known before anything is looked at. */
export interface Opened {
  readonly sweep: Sweep;
  readonly accounts: Accounts;
  /** When the round began. */
  readonly startedAt: Instant;
  /** What keeps us from knowing the accounts. Empty: they are known. */
  readonly failures: readonly unknown[];
}

/** Opens a round in which nothing has been looked at yet. Never throws. */
export async function openFirst(job: Job): Promise<Opened> {
  const opened = await openRound(job);
  if (opened.failures.length > 0) return opened;
  const accounts = await accountsListedOnce(opened.accounts, job);
  return { ...opened, accounts, sweep: { ...opened.sweep, accountNames: accounts.names } };
}

/** Reads what is silenced, and which accounts there are. Never throws: without them the account of the monitor is watched all the same. */
export async function openRound(job: Job): Promise<Opened> {
  const startedAt = job.now();
  const failures: unknown[] = [];
  const [silencing, accounts] = await Promise.all([
    silencingNow(job),
    accountsKnown(job).catch((error: unknown): Accounts => {
      failures.push(error);
      return NO_ACCOUNTS;
    }),
  ]);
  return { sweep: { ...job, silencing, accountNames: accounts.names }, accounts, startedAt, failures };
}
