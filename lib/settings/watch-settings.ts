import { type MinimumRunning, minimumRunning, parseMinimums } from '../../lambda/contract/minimum-running.ts';
import { parseTagFilters, type TagFilter, tagFilter } from '../../lambda/contract/watching.ts';
import { type Definitions, readBy, text, truth } from './definition.ts';

/** Which instances are watched, and how they are grouped and counted. */
export interface WatchSettings {
  /**
   * Instances to watch: those that match all of these filters, such as `tag:env=prod*,staging`.
   *
   * @default - all instances
   */
  readonly select?: readonly (string | TagFilter)[];

  /**
   * Instances to exclude: any that match one of these filters.
   *
   * @default - none
   */
  readonly exclude?: readonly (string | TagFilter)[];

  /**
   * Key of the tag that groups instances. Its value is an attribute of every message.
   *
   * @default - no grouping
   */
  readonly group?: string | undefined;

  /**
   * Whether instances are also counted by that tag. This publishes six metrics for each value in each region, for the 20
   * largest groups and those with a `minimumRunning`.
   *
   * @default false
   */
  readonly groupMetrics?: boolean;

  /**
   * How many instances should run at least, with an alarm for each entry: `12` in all regions together, `us-east-1=4` in
   * one region, `us-east-1/web=2` of a group in a region.
   *
   * @default - no such alarm
   */
  readonly minimumRunning?: readonly (string | MinimumRunning)[];
}

const filters = readBy(parseTagFilters, tagFilter).default([]);

/** {@link WatchSettings}, by key. */
export const WATCH_SETTINGS = {
  select: {
    schema: filters,
    meaning: 'instances to watch: those that match all of these filters',
    allowed: 'tag:KEY=VALUE,VALUE with semicolons between filters; * and ? are wildcards in a value',
    example: 'tag:env=prod*;tag:team=web,db',
  },
  exclude: {
    schema: filters,
    meaning: 'instances to exclude: any that match one of these filters',
    allowed: 'as in `select`',
    example: 'tag:env=sandbox',
  },
  group: {
    schema: text
      .trim()
      .max(128, { error: 'the key of a tag has at most 128 characters' })
      .regex(/^\P{Cc}*$/u, { error: ({ input }) => `${JSON.stringify(input)} has a control character` })
      .transform((key) => key || undefined)
      .optional(),
    meaning: 'tag that groups instances; its value is the attribute `group` of every message',
    allowed: 'the key of a tag',
    example: 'team',
  },
  groupMetrics: {
    schema: truth,
    meaning: 'whether to count instances by that tag too: six metrics for each value in each region, each billed',
    allowed:
      'true or false; true needs a `group` in printable ASCII without quotation marks and backslashes, and not named Account, Region or State',
    default: 'false',
    example: 'true',
  },
  minimumRunning: {
    schema: readBy(parseMinimums, minimumRunning).default([]),
    meaning: 'how many instances should run at least, with an alarm for each entry: in all regions, in one, of a group',
    allowed:
      'N, REGION=N or REGION/GROUP=N separated by commas (in cdk.json also a list), at most 50; a group needs `groupMetrics`',
    example: '12,us-east-1=4',
  },
} as const satisfies Definitions<WatchSettings>;
