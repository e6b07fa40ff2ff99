import { METRICS } from '../../lambda/contract/metrics.ts';
import type { MonitorStackProps } from '../../lib/monitor-stack.ts';
import { resources, synthesize } from './synthesize.ts';

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly markdown?: string;
    readonly title: string;
    readonly query?: string;
    readonly metrics?: readonly (readonly unknown[])[];
    readonly alarms?: readonly string[];
  };
}

/** The widgets as CloudWatch reads them, references replaced by the ids of what they refer to. */
function widgets(props: MonitorStackProps): readonly Widget[] {
  const [dashboard] = Object.values(resources(synthesize(props), 'AWS::CloudWatch::Dashboard'));
  const parts: readonly (string | { Ref?: string; 'Fn::GetAtt'?: string[] })[] =
    dashboard?.Properties.DashboardBody['Fn::Join'][1];
  const body = parts
    .map((part) => (typeof part === 'string' ? part : (part.Ref ?? part['Fn::GetAtt']?.join('.'))))
    .join('');
  return JSON.parse(body).widgets;
}

const shown = widgets({ namespace: 'Staging-2' });
const metrics = shown.flatMap(({ properties }) => properties.metrics ?? []);
const expressions = metrics.flatMap(([first]) =>
  typeof first === 'object' && first !== null && 'expression' in first ? [String(first.expression)] : [],
);

test('regions appear by themselves: the schema is quoted, as a hyphen in the namespace asks for', () => {
  expect(expressions).toEqual([
    'pending + stopping + ending',
    `SUM(SEARCH('{"Staging-2","Account","Region","To"} MetricName="Transitions" To="terminated"', 'Sum', 86400))`,
    `SEARCH('{"Staging-2","Account","Region","To"} MetricName="Transitions"', 'Sum')`,
    `SEARCH('{"Staging-2","Account","Region","State"} MetricName="Instances" State="running"', 'Average')`,
    `SEARCH('{"Staging-2","Account","Region","State"} MetricName="Instances" State="stopped"', 'Average')`,
    `SEARCH('{"Staging-2","Account","Region"} MetricName="ScopeFailed"', 'Maximum')`,
  ]);
});

test('the account has a line for each state', () => {
  const totals = metrics.filter(([namespace, name]) => namespace === 'Staging-2' && name === 'Instances');
  const states = totals.map(([, , , account, , state]) => `${account} ${state}`);
  expect(new Set(states)).toEqual(
    new Set(
      ['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'].map((s) => `AWS::AccountId ${s}`),
    ),
  );
});

test('everything that the function publishes is shown', () => {
  for (const { name } of Object.values(METRICS)) {
    const graphed = metrics.some(([namespace, metric]) => namespace === 'Staging-2' && metric === name);
    expect([name, graphed || expressions.some((search) => search.includes(`MetricName="${name}"`))]).toEqual([
      name,
      true,
    ]);
  }
});

test('the latest transitions are read out of the log of the function', () => {
  const query = shown.find(({ type }) => type === 'log')?.properties.query ?? '';
  expect(query).toMatch(
    /^SOURCE 'MonitorSweeperLogs[0-9A-F]{8}' \| fields @timestamp, message\.name, message\.instance/,
  );
  expect(query).toContain('| filter message.event = "transition"');
});

test('every alarm is shown with its state', () => {
  expect(shown.find(({ type }) => type === 'alarm')?.properties.alarms).toHaveLength(6);
});

test('groups have a graph where they are counted', () => {
  const [graph] = widgets({ group: 'team', groupMetrics: true }).filter(({ properties }) =>
    /team/.test(properties.title),
  );
  expect(JSON.stringify(graph?.properties.metrics)).toContain('\\"State\\",\\"team\\"} MetricName=\\"Instances\\"');
});

test('it tells those who look at it where to read on', () => {
  const text = shown.find(({ type }) => type === 'text')?.properties.markdown;
  expect(text).toMatch(/\[runbook\]\(https:\S+docs\/runbook\.md\)/);
});

test('no widget overlaps another, and none is wider than the page', () => {
  const cells = shown.flatMap(({ x, y, width, height }) => {
    expect(x + width).toBeLessThanOrEqual(24);
    return Array.from(
      { length: width * height },
      (_, index) => `${x + (index % width)},${y + Math.floor(index / width)}`,
    );
  });
  expect(new Set(cells).size).toBe(cells.length);
});
