/** npm run status: every EC2 instance of an account or of many, its state and its health, with the caller's own credentials. Changes nothing. */
import { setTimeout as wait } from 'node:timers/promises';
import { deadlineAfter } from '../lambda/adapters/deadline.ts';
import type { Scope } from '../lambda/core/known/scope.ts';
import type { Account } from './status/account.ts';
import { jsonOf } from './status/for-machines.ts';
import { linesOf, tableOf } from './status/for-people.ts';
import { looksAt, type Sight } from './status/look.ts';
import { readStatusOptions, remarksOn, STATUS, type StatusOptions } from './status/options.ts';
import { attemptOf, Blind, openSession } from './status/session.ts';
import { isWell } from './status/shown-health.ts';
import { troubleOf } from './status/trouble.ts';
import { waitingFor } from './status/waiting.ts';
import { eventsOf, exitCodeOf } from './status/watch-events.ts';
import { INTERRUPTED, interruption } from './terminal/interruption.ts';
import { optionsOrExit } from './terminal/options.ts';
import { painterFor } from './terminal/paint.ts';
import { printable } from './terminal/printable.ts';
import { progressOn } from './terminal/progress.ts';

// Of interest to who updates the SDK, which is pinned; not to who asks for instances.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** Looks and tells. @returns the exit code */
async function main(options: StatusOptions): Promise<number> {
  for (const remark of remarksOn(options)) console.error(printable(remark));
  const { states, filters, stack, json, check, watch, timeout, every, looks } = options;

  const interrupted = watch ? interruption() : new AbortController().signal;
  const deadline = (): AbortSignal => deadlineAfter(timeout * 1000, interrupted);
  const paint = painterFor(process.stdout);
  const progress = progressOn(process.stderr);
  let last: readonly Sight[] | undefined;
  try {
    const areMany = options.accounts !== 'self';
    progress.show(`Signing in, and asking which ${areMany ? 'accounts there are' : 'regions are enabled'} …`);
    const { ports, targets, setAside } = await openSession(options, deadline, ({ account, region }) => {
      progress.clear();
      const where = areMany ? `${account} ${region}` : region;
      console.error(`${where} cannot be asked for managed instances: those that the account hides are not listed.`);
    });
    // Imported when it is needed: it brings clients that nothing else here uses.
    const asked =
      stack === undefined
        ? undefined
        : import('./status/silenced.ts').then(({ silencedBy }) => silencedBy(stack, timeout, Date.now));
    const waiting = waitingFor(targets);
    const means = {
      ports,
      selection: filters.length === 0 ? '' : JSON.stringify(filters),
      now: Date.now,
      deadline,
      troubleOf: (error: unknown, action: string) => troubleOf(error, attemptOf(action, timeout)),
      onScopes: (account: Account | undefined, scopes: readonly Scope[]) => {
        waiting.opened(account, scopes);
        if (last === undefined) progress.show(waiting.text());
      },
      onSight: (sight: Sight) => {
        waiting.answered(sight);
        if (last === undefined) progress.show(waiting.text());
      },
    };
    const pause = (): Promise<boolean> => wait(every * 1000, true, { signal: interrupted }).catch(() => false);
    for await (const sights of looksAt(targets, means, { looks, pause })) {
      if (interrupted.aborted) break;
      const silenced = await asked;
      progress.clear();
      if (!watch && !json) say(tableOf(sights, states, Date.now(), paint, setAside));
      if (!json && silenced !== undefined) say(['', ...silenced.lines(paint)]);
      for (const event of watch || json ? eventsOf(last, sights, states, setAside) : []) {
        say(json ? [jsonOf(event, states, silenced?.fields)] : linesOf(event, states, paint));
      }
      last = sights;
    }
  } catch (error) {
    if (!interrupted.aborted) throw error;
  } finally {
    progress.clear();
  }
  return last === undefined ? INTERRUPTED : exitCodeOf(last, !check || isWell(last, states));
}

function say(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

// Who reads may have read enough: `npm run status | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  process.exitCode = await main(optionsOrExit(STATUS, readStatusOptions));
} catch (error) {
  if (!(error instanceof Blind)) throw error;
  console.error(printable(error.message));
  process.exitCode = 1;
}
// What still hangs (an answer that stalls, a program that hands out credentials) is not waited for, only what is being printed.
process.stdout.write('', () => process.stderr.write('', () => process.exit()));
