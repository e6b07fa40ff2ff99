import { deepEqual, equal, ok } from 'node:assert/strict';
import { METRICS, type MetricDefinition } from '../../lambda/contract/metrics.ts';
import type { Aws } from './aws.ts';
import type { Checks } from './checks.ts';
import { type EmulatedDeployment, STACK } from './emulated-deployment.ts';
import { type PublishedSeries, seriesKey } from './metrics.ts';

interface Widget {
  readonly type: string;
  readonly properties: {
    readonly title: string;
    readonly region?: string;
    readonly metrics?: readonly (readonly unknown[])[];
    readonly alarms?: readonly string[];
    readonly query?: string;
  };
}

const SEARCH = /SEARCH\('\{"([^"]+)",([^}]*)\} MetricName="(\w+)"/;

/** Reads the dashboard back: every line in it has to show something that was really published. */
export async function checkDashboard(
  aws: Aws,
  deployment: EmulatedDeployment,
  published: readonly PublishedSeries[],
  checks: Checks,
): Promise<void> {
  const DashboardName = deployment.physical('AWS::CloudWatch::Dashboard');
  const { DashboardBody } = await aws.call<{ DashboardBody: string }>('cloudwatch', 'get_dashboard', { DashboardName });
  const { widgets }: { widgets: Widget[] } = JSON.parse(DashboardBody);
  checks.saw(...widgets.map(({ type, properties: { title } }) => `${type.padEnd(7)} ${title}`));
  const lines = widgets.flatMap(({ properties: { metrics = [] } }) => metrics);

  await checks.check('the dashboard has no line for a metric that nobody publishes', () => {
    const keys = published.map(seriesKey);
    const unpublished = lines
      .filter((line) => line[0] === STACK)
      .map(([, name, ...rest]) => seriesKey({ name: String(name), dimensions: dimensionsIn(rest) }))
      .filter((key) => !keys.includes(key));
    deepEqual(unpublished, []);
  });
  await checks.check('every SEARCH in it names a metric and all of its dimensions', () => {
    const searches = lines.flatMap(([first]) => JSON.stringify(first).replaceAll('\\"', '"').match(SEARCH) ?? []);
    equal(searches.length / 4, 9);
    for (let index = 0; index < searches.length; index += 4) {
      const [namespace, dimensions = '', name] = searches.slice(index + 1, index + 4);
      const definitions: readonly MetricDefinition[] = Object.values(METRICS);
      const known = definitions.flatMap((each) => (each.name === name ? each.dimensions : [])).map(String);
      equal(namespace, STACK);
      ok(known.includes(dimensions.replaceAll('"', '')), `${name} has no dimensions ${dimensions}`);
    }
  });
  await checks.check('it shows all alarms, and the log of this function', () => {
    const alarms = widgets.flatMap(({ properties }) => properties.alarms ?? []);
    const names = deployment.resources
      .filter(({ ResourceType }) => ResourceType === 'AWS::CloudWatch::Alarm')
      .map(({ PhysicalResourceId }) => PhysicalResourceId);
    deepEqual(alarms.map((arn) => arn.split(':alarm:')[1]).sort(), names.sort());
    const query = widgets.find(({ type }) => type === 'log')?.properties.query;
    ok(query?.startsWith(`SOURCE '${deployment.physical('AWS::Logs::LogGroup')}' | fields @timestamp`), query);
    ok(query?.includes('filter message.event = "transition"'), query);
  });
  await checks.check('its address is an output of the stack', () => {
    equal(
      deployment.output('DashboardUrl'),
      `https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/${DashboardName}`,
    );
  });
}

function dimensionsIn(line: readonly unknown[]): Record<string, string> {
  const texts = line.filter((part) => typeof part === 'string');
  return Object.fromEntries(texts.flatMap((text, index) => (index % 2 === 0 ? [[text, texts[index + 1] ?? '']] : [])));
}
