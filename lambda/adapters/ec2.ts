import {
  DescribeRegionsCommand,
  EC2Client,
  type EC2ClientConfig,
  EC2ServiceException,
  type Instance as Ec2Instance,
  paginateDescribeInstances,
} from '@aws-sdk/client-ec2';
import { WATCH_ALL, type Watching } from '../contract/watching.ts';
import type { Instance } from '../core/instance.ts';
import { Denied, type Ports } from '../core/ports.ts';
import { abortable } from './abortable.ts';
import { decoderFor } from './ec2-decoder.ts';
import { DESCRIBE_INSTANCES } from './ec2-listing.ts';
import { type Page, readAsStream } from './ec2-pages.ts';

/** With MaxResults a call counts as paginated, which has twice the request tokens. "Request throttling", EC2 API Developer Guide. */
const PAGE_SIZE = 1000;

/** A filter takes 200 values. "Filtering", EC2 API Reference. */
const FILTER_VALUES = 200;

/** How EC2 explains that a policy of the organization denies. "Troubleshooting access denied error messages", IAM User Guide. */
const BY_ORGANIZATION = /explicit deny in a (service|resource) control policy/;

/** What EC2 itself is to select by: true of an instance that matches any of the values, in which `*` and `?` are wildcards. */
export interface InstanceFilter {
  /** As DescribeInstances calls it: `tag:Name`, … */
  readonly name: string;
  readonly values: readonly string[];
}

/**
 * The ports that EC2 serves. One client a region, made when it is first needed.
 *
 * @param filters all must be true of what is listed; what is asked for by id is not filtered
 * @param watching which of the listed are left out, and the tag that groups the rest
 */
export function ec2Ports(
  clientFor: (region: string) => EC2Client,
  homeRegion: string,
  filters: readonly InstanceFilter[] = [],
  watching: Pick<Watching, 'exclude' | 'group'> = WATCH_ALL,
): Pick<Ports, 'discover' | 'list' | 'ask'> {
  const { group } = watching;
  const decodeWatched = decoderFor(watching);
  // Whoever is asked for by id is told of, excluded or not: left out, it would be taken for gone.
  const decodeAny = decoderFor({ exclude: [], ...(group === undefined ? {} : { group }) });
  return {
    discover: async (signal) => {
      const { Regions } = await abortable(
        signal,
        clientFor(homeRegion).send(new DescribeRegionsCommand({ AllRegions: false }), { abortSignal: signal }),
      );
      const names = (Regions ?? []).map(({ RegionName }) => RegionName).filter((name) => name !== undefined);
      if (names.length === 0) throw new Error('EC2 named no region at all: the answer is not complete.');
      return names.sort();
    },
    list: (scope, signal) => listAll(clientFor(scope.region), signal, filters, decodeWatched),
    ask: async ({ region }, ids, signal) => {
      const instances: Instance[] = [];
      for (let start = 0; start < ids.length; start += FILTER_VALUES) {
        const byId = { name: 'instance-id', values: ids.slice(start, start + FILTER_VALUES) };
        instances.push(...(await listAll(clientFor(region), signal, [byId], decodeAny)));
      }
      return instances;
    },
  };
}

/** EC2 clients by region, each made once. */
export function ec2Clients(shared: Pick<EC2ClientConfig, 'credentials'> = {}): (region: string) => EC2Client {
  const clients = new Map<string, EC2Client>();
  return (region) => {
    const client = clients.get(region) ?? new EC2Client({ ...shared, region });
    clients.set(region, client);
    return client;
  };
}

/** The signal fired between the first page and the last. It has the name of what a deadline throws. */
class ListingTimeout extends Error {
  override readonly name = 'TimeoutError';
}

async function listAll(
  client: EC2Client,
  signal: AbortSignal,
  filters: readonly InstanceFilter[],
  decode: (answer: Ec2Instance) => Instance | undefined,
): Promise<Instance[]> {
  const input =
    filters.length === 0 ? {} : { Filters: filters.map(({ name, values }) => ({ Name: name, Values: [...values] })) };
  // By id: a listing that shifts under its pages can show an instance twice. The first sight counts.
  const instances = new Map<string, Instance>();
  let arrived = 0;
  const take = (page: Page<Instance>): void => {
    arrived += 1;
    for (const instance of page.items) {
      if (!instances.has(instance.id)) instances.set(instance.id, instance);
    }
  };
  // A page can be empty and still have a token: only a page without one is the last.
  const pages = paginateDescribeInstances(
    {
      client,
      pageSize: PAGE_SIZE,
      withCommand: (command) => void readAsStream(command, DESCRIBE_INSTANCES, decode, take),
    },
    input,
    { abortSignal: signal },
  );
  try {
    await abortable(signal, readThrough(pages));
  } catch (error) {
    if (signal.aborted && arrived > 0) {
      throw new ListingTimeout(
        `The time for listing was up when ${arrived} pages with ${instances.size} instances had arrived, and there were more. ` +
          "If this region is too large for one interval, set a longer one by the setting 'every'.",
        { cause: error },
      );
    }
    throw error instanceof EC2ServiceException && BY_ORGANIZATION.test(error.message)
      ? new Denied(error.message)
      : error;
  }
  return [...instances.values()];
}

async function readThrough(pages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of pages);
}
