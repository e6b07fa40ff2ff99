import { type CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { METRICS } from '../contract/metrics.ts';
import type { Instant } from '../core/known/scope.ts';
import type { Point } from '../core/round/points.ts';
import type { RoundPorts } from '../core/round/ports.ts';
import { abortable } from './abortable.ts';

/** "PutMetricData", CloudWatch API Reference: 1,000 metrics a call. At some 250 bytes each that is far below its 1 MB. */
const METRICS_PER_CALL = 1000;

/** The port that CloudWatch serves. Calls follow one another, so that the last point is published after all others. */
export function cloudWatchPorts(client: CloudWatchClient, namespace: string): Pick<RoundPorts, 'measure'> {
  return {
    measure: async (points, at, signal) => {
      for (let start = 0; start < points.length; start += METRICS_PER_CALL) {
        const MetricData = points.slice(start, start + METRICS_PER_CALL).map((point) => datum(point, at));
        const { $metadata } = await abortable(
          signal,
          client.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }), { abortSignal: signal }),
        );
        // The operation answers nothing else by which an answer of something in between could be told from its own.
        if ($metadata.requestId === undefined) {
          throw new Error('The answer to PutMetricData is not one of CloudWatch: it has no request id.');
        }
      }
    },
  };
}

function datum({ metric, dimensions, value }: Point, at: Instant): MetricDatum {
  const { name, unit } = METRICS[metric];
  return {
    MetricName: name,
    Unit: unit,
    Value: value,
    Timestamp: new Date(at),
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  };
}
