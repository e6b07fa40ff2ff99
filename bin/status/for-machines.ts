import type { Health } from '../../lambda/core/known/health.ts';
import type { Instant } from '../../lambda/core/known/scope.ts';
import type { Known } from '../../lambda/core/known/snapshot.ts';
import { censusOf } from '../../lambda/core/round/census.ts';
import { conditionDocument } from '../../lambda/core/tell/condition-document.ts';
import { consoleLink } from '../../lambda/core/tell/console-link.ts';
import { documentOf } from '../../lambda/core/tell/document.ts';
import { printableJson } from '../terminal/printable.ts';
import type { Account, SetAside } from './account.ts';
import type { SeenRegion, Sight } from './look.ts';
import { healthIn } from './shown-health.ts';
import { instancesIn, type States, type WatchEvent } from './watch-events.ts';

/**
 * An event as a line of JSON: the whole of what `--json` prints, or one line of `--watch --json`. Times are ISO 8601 in UTC,
 * what is not known is `null`, a transition or a condition has the fields that messages for machines have. With several accounts,
 * everything says in which it is. Fields may be added.
 *
 * @param more further fields of a listing
 */
export function jsonOf(event: WatchEvent, states: States, more: object = {}): string {
  switch (event.kind) {
    case 'listing':
      return printableJson({ ...listingOf(event.sights, event.setAside ?? [], states), ...more });
    case 'transition': {
      const { account, region, transition } = event;
      const document = documentOf(transition, { partition: partitionOf(region), region });
      return printableJson({ kind: 'transition', ...accountFields(account), region, ...document });
    }
    case 'condition': {
      const { account, region, condition } = event;
      const place = { account: '', partition: partitionOf(region), region };
      const { account: _, ...document } = conditionDocument(condition, place);
      return printableJson({ ...document, ...accountFields(account) });
    }
    case 'not-seen':
    case 'seen-again':
    case 'health': {
      const { account, region, at, status } = event.sight;
      const kind = region === undefined ? 'account' : 'region';
      return printableJson({ kind, at: iso(at), ...accountFields(account), region, status, ...errorsOf(event.sight) });
    }
  }
}

/** What says in which account something is, where there are several. */
function accountFields(account: Account | undefined) {
  return account === undefined ? {} : { account: account.id, accountName: account.name ?? null };
}

/** A region or an account that was not seen is not empty: nobody knows what is in it. */
function listingOf(sights: readonly Sight[], setAside: readonly SetAside[], states: States) {
  const listed = sights.map((sight) => ({ sight, instances: instancesIn(sight, states) }));
  return {
    kind: 'listing',
    at: iso(Math.min(...sights.map(({ at }) => at))),
    counts: Object.fromEntries(censusOf(listed.flatMap(({ instances }) => instances.map(({ seen }) => seen)))),
    ...accountsOf(sights, setAside),
    regions: listed
      .filter(({ sight }) => sight.region !== undefined)
      .map(({ sight, instances }) => ({
        ...accountFields(sight.account),
        region: sight.region,
        status: sight.status,
        instances: sight.status === 'seen' ? instances.length : null,
        ...errorsOf(sight),
      })),
    instances: listed.flatMap(({ sight, instances }) =>
      sight.status === 'not-seen'
        ? []
        : instances.map((known) => ({
            ...instanceOf(known, sight),
            health: healthDocument(healthIn(sight, known)),
          })),
    ),
  };
}

/** Every account that was meant: what could not be seen as a whole, and what was not looked at, included. */
function accountsOf(sights: readonly Sight[], setAside: readonly SetAside[]) {
  const byId = new Map(
    sights.flatMap(({ account, ...sight }) => {
      if (account === undefined) return [];
      const isUnseen = sight.status === 'not-seen' && sight.region === undefined;
      const what = isUnseen ? { status: 'not-seen', error: sight.trouble } : { status: 'looked-at', error: null };
      return [[account.id, { ...accountFields(account), state: null, ...what }] as const];
    }),
  );
  const others = setAside.map((account) => ({
    ...accountFields(account),
    state: account.state,
    status: 'not-looked-at',
    error: null,
  }));
  return byId.size === 0 ? {} : { accounts: [...byId.values(), ...others] };
}

function errorsOf(sight: Sight) {
  return sight.status === 'seen'
    ? { error: null, healthError: sight.healthTrouble ?? null }
    : { error: sight.trouble, healthError: null };
}

function healthDocument(health: Health | undefined) {
  if (health === undefined) return null;
  const checks = Object.entries(health.checks).map(
    ([name, { status, impairedSince, remediation = null }]) =>
      [name, { status, impairedSince: isoOrNull(impairedSince), remediation }] as const,
  );
  const events = health.events.map(({ id, code, description, notBefore, notAfter, deadline, over = null }) => ({
    id,
    code,
    description,
    notBefore: isoOrNull(notBefore),
    notAfter: isoOrNull(notAfter),
    deadline: isoOrNull(deadline),
    over,
  }));
  return { checks: Object.fromEntries(checks), events };
}

function instanceOf({ seen, since }: Known, { account, region }: SeenRegion) {
  const { reason } = seen;
  return {
    instance: seen.id,
    name: seen.name ?? null,
    ...accountFields(account),
    region,
    state: seen.state,
    since: since === undefined || since.atLeast ? null : iso(since.at),
    reason: reason ? { code: reason.code ?? null, text: reason.text ?? null, at: isoOrNull(reason.at) } : null,
    type: seen.type ?? null,
    zone: seen.zone ?? null,
    privateIp: seen.privateIp ?? null,
    launchTime: iso(seen.launchTime),
    ami: seen.ami ?? null,
    autoScalingGroup: seen.autoScalingGroup ?? null,
    lifecycle: seen.lifecycle ?? null,
    operator: seen.operator ?? null,
    consoleUrl: consoleLink(partitionOf(region), region, seen.id) ?? null,
  };
}

/** The partition of a region, by its name. "Partitions", AWS Fault Isolation Boundaries whitepaper. */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  if (region.startsWith('eusc-')) return 'aws-eusc';
  return /^(us-iso|eu-isoe)/.test(region) ? 'not public' : 'aws';
}

function isoOrNull(at: Instant | undefined): string | null {
  return at === undefined ? null : iso(at);
}

function iso(at: Instant): string {
  return new Date(at).toISOString();
}
