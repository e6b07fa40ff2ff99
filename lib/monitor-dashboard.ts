import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  GraphWidgetView,
  type IMetric,
  LogQueryVisualizationType,
  LogQueryWidget,
  SearchExpression,
  SingleValueWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { LOG_EVENTS } from '../lambda/contract/log.ts';
import { type KnownState, METRICS, type MetricDefinition, STATES } from '../lambda/contract/metrics.ts';
import type { MonitorAlarms } from './monitor-alarms.ts';
import type { Sweeper } from './sweeper.ts';

/** Props of {@link MonitorDashboard}. */
export interface MonitorDashboardProps {
  /** What is shown. */
  readonly sweeper: Sweeper;
  /** Shown with their states. */
  readonly alarms: MonitorAlarms;
}

const HALF = { width: 12, height: 6 };
const THIRD = { width: 8, height: 6 };
const FULL = { width: 24 };

/** Instances, transitions and the monitor's own health on one page. */
export class MonitorDashboard extends Dashboard {
  constructor(scope: Construct, id: string, { sweeper, alarms }: MonitorDashboardProps) {
    const perRegion = (state: KnownState) =>
      new GraphWidget({
        ...HALF,
        title: `Instances ${state}, by region`,
        stacked: true,
        left: [search(sweeper, METRICS.instances, ['Region'], ` State="${state}"`)],
      });
    const graph = (title: string, ...left: readonly IMetric[]) => new GraphWidget({ ...THIRD, title, left: [...left] });
    const byState = STATES.map((state) => sweeper.metricInstances({ state, label: state }));

    super(scope, id, {
      widgets: [
        [new SingleValueWidget({ ...FULL, title: 'Instances now', metrics: byState })],
        [perRegion('running'), perRegion('stopped')],
        [
          new GraphWidget({ ...HALF, title: 'Instances, all regions', stacked: true, left: byState }),
          new GraphWidget({
            ...HALF,
            title: 'Transitions in the time shown',
            view: GraphWidgetView.BAR,
            setPeriodToTimeRange: true,
            left: [search(sweeper, METRICS.transitions, ['Region', 'To'])],
          }),
        ],
        [
          new LogQueryWidget({
            ...FULL,
            title: 'Latest transitions',
            view: LogQueryVisualizationType.TABLE,
            logGroupNames: [sweeper.logGroup.logGroupName],
            queryLines: [
              'fields @timestamp, message.region, message.name, message.instance, message.from, message.to, message.cause',
              `filter message.event = "${LOG_EVENTS.transition}"`,
              'sort @timestamp desc',
              'limit 100',
            ],
          }),
        ],
        [
          new AlarmStatusWidget({
            ...FULL,
            title: 'Health of the monitor',
            alarms: [alarms.notRunning, alarms.failing, alarms.blind, alarms.undelivered],
          }),
        ],
        [
          graph('Sweeps and errors', sweeper.metricSweeps(), sweeper.metricErrors({ label: 'Errors' })),
          graph('Duration of a sweep', sweeper.metricSweepDuration()),
          graph('Age of the oldest look', sweeper.metricOldestLook()),
        ],
        [
          graph('Regions that failed', search(sweeper, METRICS.scopeFailed, ['Region'])),
          graph('Transitions not yet announced', sweeper.metricTransitionsPending()),
        ],
      ],
    });
  }
}

/**
 * Every series of a metric with its most dimensions, labelled by some of them. A search, so that a region shows up by itself.
 * "CloudWatch search expression syntax".
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
