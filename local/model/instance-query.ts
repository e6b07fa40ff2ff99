import { AwsError } from './aws-error.ts';
import type { InstanceRecord } from './instance.ts';
import { matchesWildcards } from './wildcards.ts';

/** One filter. An instance passes if it matches any of the values. */
export interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

/** The query of a listing. An instance must pass all filters. */
export interface InstanceQuery {
  readonly filters?: readonly Filter[];
  readonly instanceIds?: readonly string[];
  /** 5 to 1000. */
  readonly maxResults?: number;
  readonly nextToken?: string;
  /** Also those that an AWS service manages and the account hides. */
  readonly includeManagedResources?: boolean | undefined;
}

/**
 * Whether listings show instances that AWS services manage to callers who do not ask for them. "Amazon EC2 managed
 * instances", EC2 User Guide. `unsupported`: EC2 in this partition shows them all and refuses the parameter.
 */
export type ManagedVisibility = 'hidden' | 'visible' | 'unsupported';

/** Where a listing continues: after the instance with this serial number, with this page, counted from 0. */
export interface Position {
  readonly after: number;
  readonly page: number;
}

/** What the queries of an operation may ask for. */
export interface QueryRules {
  readonly maxInstanceIds: number;
  readonly isFilter: (name: string) => boolean;
  /** The filters, for the refusal of others. */
  readonly filters: string;
}

const MAX_FILTER_VALUES = 200;

const INSTANCE_RULES: QueryRules = {
  maxInstanceIds: 1000,
  isFilter: (name) => name.startsWith('tag:') || name === 'instance-id' || name === 'instance-state-name',
  filters: 'instance-id, instance-state-name and tag:KEY',
};

/** Refuses what EC2 refuses. "DescribeInstances" and "Error codes for the Amazon EC2 API", EC2 API Reference. @throws AwsError */
export function checkQuery(
  { filters = [], instanceIds = [], maxResults, includeManagedResources }: InstanceQuery,
  visibility: ManagedVisibility,
  rules: QueryRules = INSTANCE_RULES,
): void {
  if (includeManagedResources !== undefined && visibility === 'unsupported') {
    throw new AwsError('UnknownParameter', 400, 'The parameter IncludeManagedResources is not recognized');
  }
  if (maxResults !== undefined && !(Number.isInteger(maxResults) && maxResults >= 5 && maxResults <= 1000)) {
    throw new AwsError(
      'InvalidParameterValue',
      400,
      `Value ( ${maxResults} ) for parameter maxResults is invalid. Expecting a value from 5 to 1000.`,
    );
  }
  if (maxResults !== undefined && instanceIds.length > 0) {
    throw new AwsError(
      'InvalidParameterCombination',
      400,
      'The parameter instancesSet cannot be used with the parameter maxResults',
    );
  }
  if (instanceIds.length > rules.maxInstanceIds) {
    throw new AwsError(
      'InvalidParameterValue',
      400,
      `${instanceIds.length} instance ids were given. The maximum is ${rules.maxInstanceIds}.`,
    );
  }
  const values = filters.reduce((sum, filter) => sum + filter.values.length, 0);
  if (values > MAX_FILTER_VALUES) {
    throw new AwsError(
      'FilterLimitExceeded',
      400,
      `The maximum number of filter values specified on a single call is ${MAX_FILTER_VALUES}, and ${values} were given.`,
    );
  }
  for (const { name } of filters) {
    if (!rules.isFilter(name)) {
      throw new AwsError(
        'InvalidParameterValue',
        400,
        `The filter '${name}' is invalid. Simulated are ${rules.filters}.`,
      );
    }
  }
}

/** Whether the instance is asked for by its id, rather than found by looking. */
export function asksFor(id: string, { filters = [], instanceIds = [] }: InstanceQuery): boolean {
  return (
    instanceIds.includes(id) || filters.some((filter) => filter.name === 'instance-id' && filter.values.includes(id))
  );
}

/** Whether the account hides the instance from this query. One that is named in `instanceIds` never is. */
export function isHidden(
  { instanceIds = [], includeManagedResources = false }: InstanceQuery,
  { operator, instanceId }: InstanceRecord,
  visibility: ManagedVisibility,
): boolean {
  return operator !== null && visibility === 'hidden' && !includeManagedResources && !instanceIds.includes(instanceId);
}

/** Whether the instance, as shown, is in the answer. */
export function selects({ filters = [], instanceIds = [] }: InstanceQuery, record: InstanceRecord): boolean {
  if (instanceIds.length > 0 && !instanceIds.includes(record.instanceId)) {
    return false;
  }
  return filters.every(({ name, values }) => {
    const actual = filtered(record, name);
    return actual !== undefined && values.some((value) => matchesWildcards(value, actual));
  });
}

function filtered(record: InstanceRecord, filter: string): string | undefined {
  if (filter === 'instance-id') return record.instanceId;
  if (filter === 'instance-state-name') return record.state;
  const key = filter.slice('tag:'.length);
  return Object.hasOwn(record.tags, key) ? record.tags[key] : undefined;
}

/** The opaque token for a position. */
export function encodeToken(position: Position): string {
  return Buffer.from(JSON.stringify([position.after, position.page])).toString('base64url');
}

/** The position of a token, the beginning for none. @throws AwsError for one that {@link encodeToken} did not make. */
export function decodeToken(token: string | undefined): Position {
  if (token === undefined) {
    return { after: -1, page: 0 };
  }
  const match = /^\[(-?\d+),(\d+)\]$/.exec(Buffer.from(token, 'base64url').toString());
  if (!match) {
    throw new AwsError('InvalidNextToken', 400, `The specified NextToken '${token}' is not valid.`);
  }
  return { after: Number(match[1]), page: Number(match[2]) };
}
