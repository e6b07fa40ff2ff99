import type { Instant } from '../../lambda/core/known/scope.ts';
import type { Known } from '../../lambda/core/known/snapshot.ts';
import { censusOf } from '../../lambda/core/round/census.ts';
import { consoleLink } from '../../lambda/core/tell/console-link.ts';
import { documentOf } from '../../lambda/core/tell/document.ts';
import { printableJson } from '../terminal/printable.ts';
import type { Sight } from './look.ts';
import { instancesIn, type States, type WatchEvent } from './watch-events.ts';

/**
 * An event as a line of JSON: the whole of what `--json` prints, or one line of `--watch --json`. Times are ISO 8601 in UTC,
 * what is not known is `null`, a transition has the fields that messages for machines have. Fields may be added.
 */
export function jsonOf(event: WatchEvent, states: States): string {
  switch (event.kind) {
    case 'listing':
      return printableJson(listingOf(event.sights, states));
    case 'transition': {
      const { region, transition } = event;
      const document = documentOf(transition, { partition: partitionOf(region), region });
      return printableJson({ kind: 'transition', region, ...document });
    }
    case 'not-seen':
    case 'seen-again': {
      const { region, at, status } = event.sight;
      const error = event.kind === 'not-seen' ? event.sight.trouble : null;
      return printableJson({ kind: 'region', at: iso(at), region, status, error });
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
      error: sight.status === 'seen' ? null : sight.trouble,
    })),
    instances: listed.flatMap(({ sight, instances }) => instances.map((known) => instanceOf(known, sight.region))),
  };
}

function instanceOf({ seen, since }: Known, region: string) {
  const { reason } = seen;
  return {
    instance: seen.id,
    name: seen.name ?? null,
    region,
    state: seen.state,
    since: since === undefined || since.atLeast ? null : iso(since.at),
    reason: reason
      ? { code: reason.code ?? null, text: reason.text ?? null, at: reason.at === undefined ? null : iso(reason.at) }
      : null,
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

function iso(at: Instant): string {
  return new Date(at).toISOString();
}
