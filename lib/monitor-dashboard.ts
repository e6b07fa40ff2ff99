import type { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
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
import { METRICS, type MetricDefinition } from '../lambda/contract/metrics.ts';
import { RUNBOOK, runbookPage } from '../lambda/contract/published-docs.ts';
import type { KnownState } from '../lambda/contract/states.ts';
import type { MonitorAlarms } from './monitor-alarms.ts';
import { LATEST_TRANSITIONS } from './saved-queries.ts';
import type { Sweeper } from './sweeper.ts';
import type { Topics } from './topics.ts';

/** Props of {@link MonitorDashboard}. */
export interface MonitorDashboardProps {
  /** What is shown. */
  readonly sweeper: Sweeper;
  /** Shown with their states. */
  readonly alarms: MonitorAlarms;
  /** Shown with what they could not deliver. */
  readonly topics: Topics;
}

/** Of the 24 columns that a dashboard has. */
const HALF = { width: 12, height: 6 };
const THIRD = { width: 8, height: 5 };

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

/** Instances, transitions and the monitor's own health on one page: the fleet above, the monitor below. */
export class MonitorDashboard extends Dashboard {
  constructor(scope: Construct, id: string, { sweeper, alarms, topics }: MonitorDashboardProps) {
    const total = (state: KnownState) => sweeper.metricInstances({ state, label: state, color: COLORS[state] });
    const perRegion = (state: KnownState) =>
      new GraphWidget({
        ...HALF,
        title: `Instances ${state}, by region`,
        stacked: true,
        left: [search(sweeper, METRICS.instances, ['Region'], ` State="${state}"`)],
        leftYAxis: FROM_ZERO,
      });
    const graph = (title: string, ...left: readonly IMetric[]) =>
      new GraphWidget({ ...THIRD, title, left: [...left], leftYAxis: FROM_ZERO });

    super(scope, id, {
      widgets: [
        [
          new TextWidget({
            width: 24,
            height: 2,
            markdown: [
              `**EC2 State Monitor** looks every ${sweeper.every.toHumanString()}. A gap in a line means not seen. Zero means seen, and none. Graphs by region leave out a line that had no data for two weeks.`,
              `When an alarm rings: [runbook](${RUNBOOK}). Nobody gets mails? [Confirm the subscriptions](${runbookPage('nobody-hears')}). Times are in UTC unless you choose otherwise above.`,
            ].join('\n\n'),
          }),
        ],
        [
          new SingleValueWidget({
            width: 18,
            height: 4,
            title: 'Instances now, all regions',
            sparkline: true,
            metrics: [total('running'), total('stopped'), inTransition(total, sweeper.every)],
          }),
          new SingleValueWidget({
            width: 6,
            height: 4,
            title: 'Last 24 hours',
            // A period of a day would be that of the calendar, and the dashboard may override it.
            start: '-PT24H',
            end: 'P0D',
            setPeriodToTimeRange: true,
            metrics: [terminated(sweeper)],
          }),
        ],
        [
          new GraphWidget({
            ...HALF,
            title: 'Instances, all regions',
            stacked: true,
            left: STACKED.map(total),
            leftYAxis: FROM_ZERO,
          }),
          new GraphWidget({
            ...HALF,
            title: 'Transitions in the time shown',
            view: GraphWidgetView.BAR,
            setPeriodToTimeRange: true,
            left: [search(sweeper, METRICS.transitions, ['Region', 'To'])],
          }),
        ],
        [perRegion('running'), perRegion('stopped')],
        ...(sweeper.groupTag === undefined ? [] : [[perGroup(sweeper, sweeper.groupTag)]]),
        [
          new LogQueryWidget({
            width: 24,
            height: 8,
            title: 'Latest transitions',
            view: LogQueryVisualizationType.TABLE,
            logGroupNames: [sweeper.logGroup.logGroupName],
            queryString: new QueryString(LATEST_TRANSITIONS).toString(),
          }),
        ],
        [
          new AlarmStatusWidget({ width: 16, height: 4, title: 'Alarms', alarms: [...alarms.all] }),
          new SingleValueWidget({
            width: 8,
            height: 4,
            title: 'Topics that nobody hears',
            metrics: [sweeper.metricTopicsUnheard({ label: 'not confirmed by anybody (0 is good)' })],
          }),
        ],
        [
          graph(
            'Sweeps and errors',
            sweeper.metricSweeps({ label: 'sweeps that reached their end' }),
            sweeper.metricErrors({ label: 'errors' }),
          ),
          graph('Duration of a sweep', sweeper.metricSweepDuration()),
          graph('Age of the oldest look', sweeper.metricOldestLook()),
        ],
        [
          graph('Regions that failed', search(sweeper, METRICS.scopeFailed, ['Region'])),
          graph('Transitions not yet announced', sweeper.metricTransitionsPending()),
          graph(
            'Failed deliveries by SNS (chat, webhooks: attempts)',
            ...Object.entries(topics.byName).map(([label, topic]) =>
              topic.metricNumberOfNotificationsFailed({ label, statistic: 'Sum' }),
            ),
          ),
        ],
      ],
    });
  }
}

const FROM_ZERO = { min: 0 };

function inTransition(total: (state: KnownState) => IMetric, period: Duration): MathExpression {
  return new MathExpression({
    label: 'in transition',
    period,
    expression: 'pending + stopping + ending',
    usingMetrics: { pending: total('pending'), stopping: total('stopping'), ending: total('shutting-down') },
  });
}

function terminated(sweeper: Sweeper): MathExpression {
  const { expression } = search(sweeper, METRICS.transitions, [], ' To="terminated"');
  return new MathExpression({ label: 'terminated', expression: `SUM(${expression})`, period: sweeper.every });
}

function perGroup(sweeper: Sweeper, tag: string): GraphWidget {
  const [[account, region, state]] = METRICS.instancesByGroup.dimensions;
  const byGroup = { ...METRICS.instancesByGroup, dimensions: [[account, region, state, dimensionValue(tag)]] };
  return new GraphWidget({
    ...HALF,
    width: 24,
    title: `Instances running, by ${tag}`,
    stacked: true,
    left: [search(sweeper, byGroup, ['Region', dimensionValue(tag)], ' State="running"')],
    leftYAxis: FROM_ZERO,
  });
}

/**
 * Every series of a metric under its first list of dimensions, labelled by some of them. It is a search, so a new region shows up
 * by itself, and one without data for two weeks is left out. "CloudWatch search expression syntax", CloudWatch User Guide.
 */
function search(
  { namespace }: Sweeper,
  { name, dimensions: [dimensions = []], statistic }: MetricDefinition,
  label: readonly string[],
  terms = '',
): SearchExpression {
  const schema = [namespace, ...dimensions].map((part) => `"${part}"`).join(',');
  return new SearchExpression({
    expression: `SEARCH('{${schema}} MetricName="${name}"${terms}', '${statistic}')`,
    label: label.map((dimension) => `\${PROP('Dim.${dimension}')}`).join(' '),
  });
}
