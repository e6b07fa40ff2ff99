import type { Health } from '../../lambda/core/known/health.ts';
import type { Instant } from '../../lambda/core/known/scope.ts';
import type { Known } from '../../lambda/core/known/snapshot.ts';
import { censusOf } from '../../lambda/core/round/census.ts';
import { conditionDocument } from '../../lambda/core/tell/condition-document.ts';
import { consoleLink } from '../../lambda/core/tell/console-link.ts';
import { documentOf } from '../../lambda/core/tell/document.ts';
import { printableJson } from '../terminal/printable.ts';
import type { Sight } from './look.ts';
import { healthIn } from './shown-health.ts';
import { instancesIn, type States, type WatchEvent } from './watch-events.ts';

/**
 * An event as a line of JSON: the whole of what `--json` prints, or one line of `--watch --json`. Times are ISO 8601 in UTC,
 * what is not known is `null`, a transition or a condition has the fields that messages for machines have. Fields may be added.
 *
 * @param more further fields of a listing
 */
export function jsonOf(event: WatchEvent, states: States, more: object = {}): string {
  switch (event.kind) {
    case 'listing':
      return printableJson({ ...listingOf(event.sights, states), ...more });
    case 'transition': {
      const { region, transition } = event;
      const document = documentOf(transition, { partition: partitionOf(region), region });
      return printableJson({ kind: 'transition', region, ...document });
    }
    case 'condition': {
      const { region, condition } = event;
      // Nobody asked which account it is.
      const place = { account: '', partition: partitionOf(region), region };
      const { account: _, ...document } = conditionDocument(condition, place);
      return printableJson(document);
    }
    case 'not-seen':
    case 'seen-again':
    case 'health': {
      const { region, at, status } = event.sight;
      return printableJson({ kind: 'region', at: iso(at), region, status, ...errorsOf(event.sight) });
    }
  }
}

/** A region that was not seen is not empty: nobody knows what is in it. */
function listingOf(sights: readonly Sight[], states: States) {
  const listed = sights.map((sight) => ({ sight, instances: instancesIn(sight, states) }));
  return {
    kind: 'listing',
    at: iso(Math.min(...sights.map(({ at }) => at))),
    counts: Object.fromEntries(censusOf(listed.flatMap(({ instances }) => instances.map(({ seen }) => seen)))),
    regions: listed.map(({ sight, instances }) => ({
      region: sight.region,
      status: sight.status,
      instances: sight.status === 'seen' ? instances.length : null,
      ...errorsOf(sight),
    })),
    instances: listed.flatMap(({ sight, instances }) =>
      instances.map((known) => ({
        ...instanceOf(known, sight.region),
        health: healthDocument(healthIn(sight, known)),
      })),
    ),
  };
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

function instanceOf({ seen, since }: Known, region: string) {
  const { reason } = seen;
  return {
    instance: seen.id,
    name: seen.name ?? null,
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
