import type { TransitionDocument } from '../../lambda/contract/message.ts';
import { type Census, censusOf } from '../../lambda/core/census.ts';
import { consoleLink } from '../../lambda/core/console-link.ts';
import { documentOf } from '../../lambda/core/document.ts';
import type { Instant } from '../../lambda/core/instance.ts';
import type { Known } from '../../lambda/core/snapshot.ts';
import { printableJson } from '../terminal/printable.ts';
import type { Sight } from './look.ts';
import { instancesIn, type News, type States } from './news.ts';
import type { Trouble } from './trouble.ts';

/** What `--json` prints, and the first line of `--watch --json`. Times are ISO 8601 in UTC. Fields may be added. */
export interface ListingDocument {
  readonly kind: 'listing';
  /** When the look began. */
  readonly at: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly regions: readonly RegionDocument[];
  readonly instances: readonly InstanceDocument[];
}

/** A region that was looked at. One that was not seen is not empty: nobody knows what is in it. */
export interface RegionDocument {
  readonly region: string;
  readonly status: 'seen' | 'not-seen';
  /** `null` when it was not seen. */
  readonly instances: number | null;
  readonly error: Trouble | null;
}

/** An instance. What is not known is `null`; names are those of the messages for machines. */
export interface InstanceDocument {
  readonly instance: string;
  readonly name: string | null;
  readonly region: string;
  readonly state: string;
  /** Since when it is in its state, where EC2 says so. */
  readonly since: string | null;
  readonly reason: { readonly code: string | null; readonly text: string | null; readonly at: string | null } | null;
  readonly type: string | null;
  readonly zone: string | null;
  readonly privateIp: string | null;
  readonly launchTime: string;
  readonly ami: string | null;
  readonly autoScalingGroup: string | null;
  readonly lifecycle: string | null;
  readonly consoleUrl: string | null;
}

/** The other lines of `--watch --json`. A transition has the fields that messages for machines have. */
export type NewsDocument =
  | ListingDocument
  | ({ readonly kind: 'transition'; readonly region: string } & TransitionDocument)
  | ({ readonly kind: 'region'; readonly at: string; readonly region: string } & Pick<
      RegionDocument,
      'status' | 'error'
    >);

/** News as a line of JSON. */
export function jsonOf(news: News, states: States): string {
  return printableJson(documentOfNews(news, states));
}

function documentOfNews(news: News, states: States): NewsDocument {
  switch (news.kind) {
    case 'listing':
      return listingOf(news.sights, states);
    case 'transition': {
      const { region, transition } = news;
      return { kind: 'transition', region, ...documentOf(transition, partitionOf(region), region) };
    }
    case 'not-seen': {
      const { region, at, status, trouble } = news.sight;
      return { kind: 'region', at: iso(at), region, status, error: trouble };
    }
    case 'seen-again': {
      const { region, at, status } = news.sight;
      return { kind: 'region', at: iso(at), region, status, error: null };
    }
  }
}

function listingOf(sights: readonly Sight[], states: States): ListingDocument {
  const listed = sights.map((sight) => ({ sight, instances: instancesIn(sight, states) }));
  return {
    kind: 'listing',
    at: iso(Math.min(...sights.map(({ at }) => at))),
    counts: countsOf(censusOf(listed.flatMap(({ instances }) => instances.map(({ seen }) => seen)))),
    regions: listed.map(({ sight, instances }) => ({
      region: sight.region,
      status: sight.status,
      instances: sight.status === 'seen' ? instances.length : null,
      error: sight.status === 'seen' ? null : sight.trouble,
    })),
    instances: listed.flatMap(({ sight, instances }) => instances.map((known) => instanceOf(known, sight.region))),
  };
}

function instanceOf({ seen, since }: Known, region: string): InstanceDocument {
  const { reason } = seen;
  return {
    instance: seen.id,
    name: seen.name ?? null,
    region,
    state: seen.state,
    since: since === undefined || since.atLeast ? null : iso(since.at),
    reason:
      reason === undefined
        ? null
        : {
            code: reason.code ?? null,
            text: reason.text ?? null,
            at: reason.at === undefined ? null : iso(reason.at),
          },
    type: seen.type ?? null,
    zone: seen.zone ?? null,
    privateIp: seen.privateIp ?? null,
    launchTime: iso(seen.launchTime),
    ami: seen.ami ?? null,
    autoScalingGroup: seen.autoScalingGroup ?? null,
    lifecycle: seen.lifecycle ?? null,
    consoleUrl: consoleLink(partitionOf(region), region, seen.id) ?? null,
  };
}

function countsOf(census: Census): Record<string, number> {
  return Object.fromEntries(census);
}

/** The partition of a region, by its name. "Partitions", AWS Fault Isolation Boundaries whitepaper. */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return /^(us-iso|eu-isoe|eusc-)/.test(region) ? 'not public' : 'aws';
}

function iso(at: Instant): string {
  return new Date(at).toISOString();
}
