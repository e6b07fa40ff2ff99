import { z } from 'zod';
import { type MaximumImpaired, maximumImpaired, parseMaximums } from '../../lambda/contract/maximum-impaired.ts';
import { type MinimumRunning, minimumRunning, parseMinimums } from '../../lambda/contract/minimum-running.ts';
import { parseTagFilters, type TagFilter, tagFilter } from '../../lambda/contract/watching.ts';
import { type Definitions, readBy, truth } from './definition.ts';

/** Which instances are watched, and how they are grouped and counted. */
export interface WatchSettings {
  /** Instances to watch: those that match all of these filters, such as `tag:env=prod*,staging`. Default: all. */
  readonly select?: readonly (string | TagFilter)[];
  /** Instances to exclude: any that match one of these filters. Default: none. */
  readonly exclude?: readonly (string | TagFilter)[];
  /** Key of the tag that groups instances. Its value is an attribute of every message. Default: no grouping. */
  readonly group?: string | undefined;
  /**
   * Whether instances are also counted by that tag. This publishes six metrics for each value in each region, for the 20
   * largest groups and those with a `minimumRunning`. Default: false.
   */
  readonly groupMetrics?: boolean;
  /**
   * How many instances should run at least, with an alarm for each entry: `12` in all regions together, `us-east-1=4` in
   * one region, `us-east-1/web=2` of a group in a region. Default: no such alarm.
   */
  readonly minimumRunning?: readonly (string | MinimumRunning)[];
  /**
   * How many instances may fail a status check at most, with an alarm for each entry: `0` in all regions together, `us-east-1=2`
   * in one region. Default: no such alarm.
   */
  readonly maximumImpaired?: readonly (string | MaximumImpaired)[];
}

const filters = readBy(parseTagFilters, tagFilter).default([]);

const group = z
  .string()
  .trim()
  .max(128, 'the key of a tag has at most 128 characters')
  .regex(/^\P{Cc}*$/u, { error: ({ input }) => `${JSON.stringify(input)} has a control character` })
  .transform((key) => key || undefined);

/** {@link WatchSettings}, by key. */
export const WATCH_SETTINGS = {
  select: {
    schema: filters,
    allowed: 'tag:KEY=VALUE,VALUE with semicolons between filters; * and ? are wildcards in a value',
    example: 'tag:env=prod*;tag:team=web,db',
  },
  exclude: { schema: filters, allowed: 'as in `select`', example: 'tag:env=sandbox' },
  group: { schema: group.optional(), allowed: 'the key of a tag', example: 'team' },
  groupMetrics: {
    schema: truth,
    allowed:
      'true or false; true needs a `group` in printable ASCII without quotation marks and backslashes, and not named Account, Region or State',
    default: 'false',
    example: 'true',
  },
  minimumRunning: {
    schema: readBy(parseMinimums, minimumRunning).default([]),
    allowed:
      'N, REGION=N or REGION/GROUP=N separated by commas (in cdk.json also a list), at most 50; a group needs `groupMetrics`',
    example: '12,us-east-1=4',
  },
  maximumImpaired: {
    schema: readBy(parseMaximums, maximumImpaired).default([]),
    allowed: 'N or REGION=N separated by commas (in cdk.json also a list); N may be 0',
    example: '0,us-east-1=2',
  },
} as const satisfies Definitions<WatchSettings>;
