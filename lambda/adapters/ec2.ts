import {
  type DescribeInstanceStatusCommandInput,
  type DescribeInstancesCommandInput,
  DescribeRegionsCommand,
  EC2Client,
  type EC2ClientConfig,
  type EC2PaginationConfiguration,
  EC2ServiceException,
  type Instance as Ec2Instance,
  paginateDescribeInstanceStatus,
  paginateDescribeInstances,
} from '@aws-sdk/client-ec2';
import { WATCH_ALL, type Watching } from '../contract/watching.ts';
import type { Health } from '../core/known/health.ts';
import type { Instance } from '../core/known/instance.ts';
import { type Scope, scopeKey } from '../core/known/scope.ts';
import { Denied, type LookPorts } from '../core/look/ports.ts';
import type { RoundPorts } from '../core/round/ports.ts';
import { abortable } from './abortable.ts';
import { decoderFor } from './ec2-decoder.ts';
import { DESCRIBE_INSTANCES } from './ec2-listing.ts';
import { type Page, type PagedOperation, readAsStream } from './ec2-pages.ts';
import { DESCRIBE_INSTANCE_STATUS, decodeHealth } from './ec2-status.ts';
import { managedInstances } from './managed-instances.ts';

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
 * The ports that EC2 serves.
 *
 * @param homeRegion the region that is asked which regions are enabled
 * @param filters all must be true of what is listed; what is asked for by id is not filtered
 * @param watching which of the listed instances to leave out, and the tag that groups the rest
 * @param onManagedRejected called once for a region that cannot be asked for managed instances: it lists them only if the
 * account shows them
 */
export function ec2Ports(
  clientFor: (scope: Scope) => EC2Client,
  homeRegion: string,
  filters: readonly InstanceFilter[] = [],
  watching: Pick<Watching, 'exclude' | 'group'> = WATCH_ALL,
  onManagedRejected: (scope: Scope) => void = () => {},
): Pick<LookPorts, 'list' | 'ask' | 'health'> & Pick<RoundPorts, 'discover'> {
  const { group } = watching;
  const includingManaged = managedInstances(onManagedRejected);
  // Apart, since EC2 may know the parameter for one operation and not for the other. Silent, since the listing has spoken.
  const healthIncludingManaged = managedInstances(() => {});
  return {
    discover: async (account, signal) => {
      const client = clientFor({ account, region: homeRegion });
      const asked = client.send(new DescribeRegionsCommand({ AllRegions: false }), { abortSignal: signal });
      const { Regions = [] } = await abortable(signal, asked);
      const names = Regions.flatMap(({ RegionName }) => RegionName ?? []);
      if (names.length === 0) throw new Error('EC2 named no region at all: the answer is not complete.');
      return names.sort().map((region) => ({ account, region }));
    },
    list: (scope, signal, tagKeys) =>
      includingManaged(scope, false, (extra) =>
        listAll(clientFor(scope), signal, { ...extra, ...inputOf(filters) }, decoderFor(watching, tagKeys)),
      ),
    health: (scope, signal) =>
      healthIncludingManaged(scope, false, (extra) => healthOfAll(clientFor(scope), signal, extra)),
    ask: async (scope, ids, signal, tagKeys) => {
      // An answer by id includes excluded instances: left out, one would be taken for gone.
      const decodeAny = decoderFor({ exclude: [], group }, tagKeys);
      const instances: Instance[] = [];
      for (let start = 0; start < ids.length; start += FILTER_VALUES) {
        const byId = { name: 'instance-id', values: ids.slice(start, start + FILTER_VALUES) };
        // Whether an instance is gone must not depend on what a region knew hours ago.
        const found = await includingManaged(scope, true, (extra) =>
          listAll(clientFor(scope), signal, { ...extra, ...inputOf([byId]) }, decodeAny),
        );
        instances.push(...found);
      }
      return instances;
    },
  };
}

/** What clients share. Each request handler keeps connections of its own, so many clients have one. */
export type SharedConfig = Required<Pick<EC2ClientConfig, 'credentials' | 'requestHandler'>>;

/**
 * EC2 clients for the scopes of one account, each made once.
 *
 * @param account the account that the credentials belong to
 * @returns throws for a scope of another account
 */
export function ec2Clients(account: string, shared: Partial<SharedConfig> = {}): (scope: Scope) => EC2Client {
  const clients = new Map<string, EC2Client>();
  return (scope) => {
    if (scope.account !== account) throw new Error(`The credentials are of ${account}, not of ${scope.account}.`);
    const key = scopeKey(scope);
    const client = clients.get(key) ?? new EC2Client({ ...shared, region: scope.region });
    clients.set(key, client);
    return client;
  };
}

/** The signal fired between the first page and the last. It has the name of what a deadline throws. */
class ListingTimeout extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * For the listing only. Health is read without filters, of everything that runs: filters that let only trouble through are
 * ANDed, so that each check would need a call of its own, and there are none for `performance` and for checks that AWS adds.
 * And who is not in a filtered answer may be well, or not yet checked, or left out by mistake.
 */
function inputOf(filters: readonly InstanceFilter[]): DescribeInstancesCommandInput {
  return filters.length === 0
    ? {}
    : { Filters: filters.map(({ name, values }) => ({ Name: name, Values: [...values] })) };
}

async function listAll(
  client: EC2Client,
  signal: AbortSignal,
  input: DescribeInstancesCommandInput,
  decode: (answer: Ec2Instance) => Instance | undefined,
): Promise<Instance[]> {
  const instances = await readAll(client, signal, 'listing', DESCRIBE_INSTANCES, decode, (config) =>
    paginateDescribeInstances(config, input, { abortSignal: signal }),
  );
  return [...instances.values()];
}

function healthOfAll(
  client: EC2Client,
  signal: AbortSignal,
  input: DescribeInstanceStatusCommandInput,
): Promise<ReadonlyMap<string, Health>> {
  return readAll(client, signal, 'reading health', DESCRIBE_INSTANCE_STATUS, decodeHealth, (config) =>
    paginateDescribeInstanceStatus(config, input, { abortSignal: signal }),
  );
}

/**
 * Every page of an operation.
 *
 * @param doing what it is for, in the message when the time is up
 * @param paginate the SDK's paginator for the operation
 * @returns what was decoded, by id
 * @throws Denied
 */
async function readAll<Item, T extends { readonly id: string }>(
  client: EC2Client,
  signal: AbortSignal,
  doing: string,
  operation: PagedOperation,
  decode: (item: Item) => T | undefined,
  paginate: (config: EC2PaginationConfiguration) => AsyncIterable<unknown>,
): Promise<Map<string, T>> {
  // By id: a listing that shifts under its pages can show an instance twice. The first sight counts.
  const found = new Map<string, T>();
  let arrived = 0;
  const take = (page: Page<T>): void => {
    arrived += 1;
    for (const each of page.items) {
      if (!found.has(each.id)) found.set(each.id, each);
    }
  };
  // A page can be empty and still have a token: only a page without one is the last.
  const pages = paginate({
    client,
    pageSize: PAGE_SIZE,
    withCommand: (command) => void readAsStream(command, operation, decode, take),
  });
  try {
    await abortable(signal, readThrough(pages));
  } catch (error) {
    if (signal.aborted && arrived > 0) {
      throw new ListingTimeout(
        `The time for ${doing} was up when ${arrived} pages with ${found.size} instances had arrived, and there were more. ` +
          "If this region is too large for one interval, set a longer one by the setting 'every'.",
        { cause: error },
      );
    }
    throw error instanceof EC2ServiceException && BY_ORGANIZATION.test(error.message)
      ? new Denied(error.message)
      : error;
  }
  return found;
}

async function readThrough(pages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of pages);
}
