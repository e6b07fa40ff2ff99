import { grouped } from './observations.ts';
import { runVerdict, type Verdict } from './run-verdict.ts';

type Arguments = Parameters<typeof runVerdict>;

/** One account that is watched: what happened in it, and what could be seen of it. */
export interface WatchedAccount {
  readonly id: string;
  readonly journals: Arguments[0];
  readonly looks: Arguments[2];
}

/** One verdict over several accounts, each judged by what was told of it alone. @param messages of every topic, as they were published */
export function verdictOfAccounts(accounts: readonly WatchedAccount[], messages: Arguments[1]): Verdict {
  const byAccount = grouped(messages, ({ attributes }) => attributes['account']?.value ?? '');
  const verdicts = accounts.map(({ id, journals, looks }) => runVerdict(journals, byAccount.get(id) ?? [], looks));
  const sum = (numberOf: (verdict: Verdict) => number) => verdicts.reduce((total, each) => total + numberOf(each), 0);
  return {
    happened: sum(({ happened }) => happened),
    announced: sum(({ announced }) => announced),
    opened: sum(({ opened }) => opened),
    closed: sum(({ closed }) => closed),
    duplicates: sum(({ duplicates }) => duplicates),
    problems: verdicts.flatMap(({ problems }) => problems),
  };
}
