import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  GraphWidgetView,
  type IMetric,
  LogQueryVisualizationType,
  LogQueryWidget,
  MathExpression,
  SearchExpression,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { QueryString } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { dimensionValue } from '../lambda/contract/dimension.ts';
import { ALL_ACCOUNTS, METRICS, type MetricDefinition } from '../lambda/contract/metrics.ts';
import type { KnownState } from '../lambda/contract/states.ts';
import type { MonitorAlarms } from './monitor-alarms.ts';
import { latestTransitions } from './saved-queries.ts';
import type { CheckedSettings } from './settings/settings.ts';
import type { Sweeper } from './sweeper.ts';
import type { Topics } from './topics.ts';

/** Props of {@link MonitorDashboard}. */
export interface MonitorDashboardProps extends Pick<CheckedSettings, 'runbook'> {
  /** What is shown. */
  readonly sweeper: Sweeper;
  /** Shown with their states. */
  readonly alarms: MonitorAlarms;
  /** Shown with what they could not deliver. */
  readonly topics: Topics;
}

/** Blue: running. Grey: stopped. Red: terminated. Yellow: on its way. People who cannot tell red from green can tell these apart. */
const COLORS: Readonly<Record<KnownState, string>> = {
  running: '#0072b2',
  pending: '#56b4e9',
  stopped: '#999999',
  stopping: '#e69f00',
  'shutting-down': '#cc79a7',
  terminated: '#d55e00',
};

/** The largest part of a stack is at its bottom. */
const STACKED: readonly KnownState[] = ['running', 'stopped', 'pending', 'stopping', 'shutting-down', 'terminated'];

const QUARTER = { width: 6 };

/** Instances, their health, transitions and the monitor's own health on one page: the fleet above, the monitor below. */
export class MonitorDashboard extends Dashboard {
  constructor(scope: Construct, id: string, { sweeper, alarms, topics, runbook }: MonitorDashboardProps) {
    const { every: period, groupTag, members } = sweeper;
    const search = searchIn(sweeper.namespace);
    const total = (state: KnownState) => sweeper.metricInstances({ state, label: state, color: COLORS[state] });
    const [pending, stopping, ending] = [total('pending'), total('stopping'), total('shutting-down')];
    const terminated = search(METRICS.transitions, [], ' To="terminated"').expression;

    const graph = (title: string, left: IMetric[], more: Partial<GraphWidgetProps> = {}) =>
      new GraphWidget({ width: 8, height: 5, title, left, leftYAxis: { min: 0 }, ...more });
    const stack = (title: string, left: IMetric[], width = 12) =>
      graph(title, left, { width, height: 6, stacked: true });
    const byRegion = (state: KnownState) =>
      stack(`Instances ${state}, by region`, [search(METRICS.instances, ['Region'], ` State="${state}"`)]);

    super(scope, id, {
      widgets: [
        [
          new TextWidget({
            width: 24,
            height: 2,
            markdown: [
              `**EC2 State Monitor** looks every ${period.toHumanString()}. A gap in a line means not seen. Zero means seen, and none. Graphs by region leave out a line that had no data for two weeks.`,
              `When an alarm rings: [runbook](${runbook}). Nobody gets mails? [Confirm the subscriptions](${runbook}#nobody-hears). Times are in UTC unless you choose otherwise above.`,
            ].join('\n\n'),
          }),
        ],
        [
          new SingleValueWidget({
            width: 18,
            height: 4,
            title: 'Instances now, all regions',
            sparkline: true,
            metrics: [
              total('running'),
              total('stopped'),
              sweeper.metricImpaired({ label: 'impaired' }),
              new MathExpression({
                label: 'in transition',
                period,
                expression: 'pending + stopping + ending',
                usingMetrics: { pending, stopping, ending },
              }),
            ],
          }),
          new SingleValueWidget({
            width: 6,
            height: 4,
            title: 'Last 24 hours',
            // A period of a day would be that of the calendar, and the dashboard may override it.
            start: '-PT24H',
            end: 'P0D',
            setPeriodToTimeRange: true,
            metrics: [new MathExpression({ label: 'terminated', expression: `SUM(${terminated})`, period })],
          }),
        ],
        [
          stack('Instances, all regions', STACKED.map(total)),
          new GraphWidget({
            width: 12,
            height: 6,
            title: 'Transitions in the time shown',
            view: GraphWidgetView.BAR,
            setPeriodToTimeRange: true,
            left: [search(METRICS.transitions, ['Region', 'To'])],
          }),
        ],
        [byRegion('running'), byRegion('stopped')],
        members?.accountMetrics ? [stack('Instances running, by account', [runningByAccount(search)], 24)] : [],
        groupTag === undefined
          ? []
          : [stack(`Instances running, by ${groupTag}`, [runningByGroup(search, dimensionValue(groupTag))], 24)],
        [
          new TextWidget({
            width: 24,
            height: 1,
            markdown:
              '**Health** of the instances that run. While a region has a line on the left, its health is known: a line that is missing from the other two means none.',
          }),
        ],
        [
          graph('Impaired instances, by region', [search(METRICS.impaired, ['Region'])]),
          graph('Impaired instances, by check', [search(METRICS.impairedByCheck, ['Region', 'Check'])]),
          graph('Scheduled events', [search(METRICS.scheduledEvents, ['Region', 'Event'])]),
        ],
        [
          new LogQueryWidget({
            width: 24,
            height: 8,
            title: 'Latest transitions',
            view: LogQueryVisualizationType.TABLE,
            logGroupNames: [sweeper.logGroup.logGroupName],
            queryString: new QueryString(latestTransitions(members !== undefined)).toString(),
          }),
        ],
        [
          new AlarmStatusWidget({ width: 12, height: 4, title: 'Alarms', alarms: [...alarms.all] }),
          graph(
            'Silences that go on, and what they hold back',
            [
              sweeper.metricSilences({ label: 'silences' }),
              sweeper.metricHeld({ label: 'held back' }),
              sweeper.metricSilencesUnknown({ label: 'silences could not be read' }),
            ],
            { width: 6, height: 4 },
          ),
          new SingleValueWidget({
            width: 6,
            height: 4,
            title: 'Topics that nobody hears',
            metrics: [sweeper.metricTopicsUnheard({ label: 'not confirmed by anybody (0 is good)' })],
          }),
        ],
        [
          graph('Sweeps and errors', [
            sweeper.metricSweeps({ label: 'sweeps that reached their end' }),
            sweeper.metricErrors({ label: 'errors' }),
          ]),
          graph('Duration of a sweep', [sweeper.metricSweepDuration()]),
          graph('Age of the oldest look', [sweeper.metricOldestLook()]),
        ],
        sweeper.hasHints
          ? [
              graph(
                'From event to announcement, with hints',
                [
                  sweeper.metricHintDelay({ label: 'half of them', statistic: 'p50' }),
                  sweeper.metricHintDelay({ label: '9 of 10' }),
                  sweeper.metricHintDelay({ label: 'slowest', statistic: 'Maximum' }),
                ],
                { width: 12 },
              ),
              graph('Hints that led to nothing', [sweeper.metricHintsUnused({ label: 'hints' })], { width: 12 }),
            ]
          : [],
        [
          graph('Regions that failed', [search(METRICS.scopeFailed, ['Region'])], QUARTER),
          graph(
            'Regions whose health is unknown',
            [sweeper.metricHealthUnknown({ label: 'all regions' }), search(METRICS.healthUnknown, ['Region'])],
            QUARTER,
          ),
          graph('Transitions not yet announced', [sweeper.metricTransitionsPending()], QUARTER),
          graph(
            'Failed deliveries by SNS (chat, webhooks: attempts)',
            Object.entries(topics.byName).map(([label, topic]) =>
              topic.metricNumberOfNotificationsFailed({ label, statistic: 'Sum' }),
            ),
            QUARTER,
          ),
        ],
      ],
    });
  }
}

type Search = ReturnType<typeof searchIn>;

/**
 * Every series of a metric under its first list of dimensions, labelled by some of them. It is a search, so a new region shows up
 * by itself, and one without data for two weeks is left out. "CloudWatch search expression syntax", CloudWatch User Guide.
 */
function searchIn(namespace: string) {
  return (metric: MetricDefinition, label: readonly string[], terms = ''): SearchExpression => {
    const { name, dimensions, statistic } = metric;
    const schema = [namespace, ...(dimensions[0] ?? [])].map((part) => `"${part}"`).join(',');
    return new SearchExpression({
      expression: `SEARCH('{${schema}} MetricName="${name}"${terms}', '${statistic}')`,
      label: label.map((dimension) => `\${PROP('Dim.${dimension}')}`).join(' '),
    });
  };
}

/** Without the total over all accounts, which would double the stack. */
function runningByAccount(search: Search): SearchExpression {
  const metric = { ...METRICS.instances, dimensions: [METRICS.instances.dimensions[1]] };
  return search(metric, ['Account'], ` State="running" NOT Account="${ALL_ACCOUNTS}"`);
}

function runningByGroup(search: Search, tag: string): SearchExpression {
  const dimensions = [[...METRICS.instances.dimensions[0], tag]];
  return search({ ...METRICS.instancesByGroup, dimensions }, ['Region', tag], ' State="running"');
}
