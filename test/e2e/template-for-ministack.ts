import { readFileSync, writeFileSync } from 'node:fs';

const UNKNOWN_TO_MINISTACK = ['AWS::Logs::QueryDefinition'];

interface Resource {
  readonly Type: string;
  readonly Properties: {
    readonly Metrics?: readonly { readonly MetricStat?: { Metric: object; Period: number; Stat: string } }[];
  };
}

/** An alarm on an expression of one metric, as an alarm on that metric. */
function withoutMetricMath(resource: Resource): Resource {
  const { Metrics = [], ...properties } = resource.Properties;
  const query = Metrics.find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat;
  if (resource.Type !== 'AWS::CloudWatch::Alarm' || query === undefined) return resource;
  const { Metric, Period, Stat: Statistic } = query;
  return { ...resource, Properties: { ...properties, ...Metric, Period, Statistic } as Resource['Properties'] };
}

/**
 * Takes out of a template what MiniStack would refuse it for: resources that it does not know, and metric math, in place of
 * which alarms watch the metric itself. See DIFFERENCES.md.
 *
 * @param file the template, overwritten
 * @returns the logical ids of what was left out
 */
export function templateForMiniStack(file: string): readonly string[] {
  const template: { Resources: Record<string, Resource> } = JSON.parse(readFileSync(file, 'utf8'));
  const resources = Object.entries(template.Resources);
  const known = resources.filter(([, { Type }]) => !UNKNOWN_TO_MINISTACK.includes(Type));
  const Resources = Object.fromEntries(known.map(([id, resource]) => [id, withoutMetricMath(resource)]));
  writeFileSync(file, JSON.stringify({ ...template, Resources }, undefined, 1));
  return resources.flatMap(([id]) => (id in Resources ? [] : [id]));
}
