import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
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
    readonly view?: string;
    readonly setPeriodToTimeRange?: boolean;
    readonly start?: string;
    readonly end?: string;
  };
}

/** The widgets as CloudWatch reads them, references replaced by the ids of what they refer to. */
function widgetsOf(template: Template): readonly Widget[] {
  const [dashboard] = Object.values(resources(template, 'AWS::CloudWatch::Dashboard'));
  const parts: readonly (string | { Ref?: string; 'Fn::GetAtt'?: string[] })[] =
    dashboard?.Properties.DashboardBody['Fn::Join'][1];
  const body = parts
    .map((part) => (typeof part === 'string' ? part : (part.Ref ?? part['Fn::GetAtt']?.join('.'))))
    .join('');
  return JSON.parse(body).widgets;
}

const widgets = (props: MonitorStackProps) => widgetsOf(synthesize(props));

/** What a widget of that title draws. */
const titled = (all: readonly Widget[], title: string) =>
  all.find(({ properties }) => properties.title === title)?.properties;

const shown = widgets({ namespace: 'Staging-2' });
const metrics = shown.flatMap(({ properties }) => properties.metrics ?? []);
const expressions = metrics.flatMap(([first]) =>
  typeof first === 'object' && first !== null && 'expression' in first ? [String(first.expression)] : [],
);

test('regions appear by themselves: the schema is quoted, as a hyphen in the namespace asks for', () => {
  expect(expressions).toEqual([
    'pending + stopping + ending',
    `SUM(SEARCH('{"Staging-2","Account","Region","To"} MetricName="Transitions" To="terminated"', 'Sum'))`,
    `SEARCH('{"Staging-2","Account","Region","To"} MetricName="Transitions"', 'Sum')`,
    `SEARCH('{"Staging-2","Account","Region","State"} MetricName="Instances" State="running"', 'Average')`,
    `SEARCH('{"Staging-2","Account","Region","State"} MetricName="Instances" State="stopped"', 'Average')`,
    `SEARCH('{"Staging-2","Account","Region"} MetricName="Impaired"', 'Average')`,
    `SEARCH('{"Staging-2","Account","Region","Check"} MetricName="Impaired"', 'Average')`,
    `SEARCH('{"Staging-2","Account","Region","Event"} MetricName="ScheduledEvents"', 'Average')`,
    `SEARCH('{"Staging-2","Account","Region"} MetricName="ScopeFailed"', 'Maximum')`,
    `SEARCH('{"Staging-2","Account","Region"} MetricName="HealthUnknown"', 'Maximum')`,
  ]);
});

test.each([
  ['Instances running, by region', `\${PROP('Dim.Region')}`],
  ['Instances stopped, by region', `\${PROP('Dim.Region')}`],
  ['Regions that failed', `\${PROP('Dim.Region')}`],
  ['Impaired instances, by region', `\${PROP('Dim.Region')}`],
  ['Impaired instances, by check', `\${PROP('Dim.Region')} \${PROP('Dim.Check')}`],
  ['Scheduled events', `\${PROP('Dim.Region')} \${PROP('Dim.Event')}`],
  ['Transitions in the time shown', `\${PROP('Dim.Region')} \${PROP('Dim.To')}`],
])('%s: each line bears its name', (title, label) => {
  expect(titled(shown, title)?.metrics).toEqual([[expect.objectContaining({ label })]]);
});

test('the bars are of all the time shown, not of its last minutes', () => {
  expect(titled(shown, 'Transitions in the time shown')).toMatchObject({ view: 'bar', setPeriodToTimeRange: true });
});

test('the last 24 hours are a time range of its own, and depend on no period that the dashboard may override', () => {
  expect(titled(shown, 'Last 24 hours')).toMatchObject({ start: '-PT24H', end: 'P0D', setPeriodToTimeRange: true });
});

test('who reads zeros is told what SEARCH leaves out', () => {
  expect(shown.find(({ type }) => type === 'text')?.properties.markdown).toMatch(/no data for two weeks/);
});

test('who sees no failed check is told when that means none', () => {
  const texts = shown.flatMap(({ type, properties }) => (type === 'text' ? [properties.markdown] : []));
  expect(texts.join()).toMatch(/missing from the other two means none/);
});

test('the total of impaired instances is among the numbers of now', () => {
  const lines = titled(shown, 'Instances now, all regions')?.metrics ?? [];
  expect(lines.map((metric) => metric.slice(0, -1))).toContainEqual([
    'Staging-2',
    'Impaired',
    'Account',
    'AWS::AccountId',
  ]);
});

test('in transition is who is on the way from one state to another', () => {
  const summed = (titled(shown, 'Instances now, all regions')?.metrics ?? []).flatMap((metric) => {
    const { id } = metric.at(-1) as { readonly id?: string };
    return id === undefined ? [] : [[id, ...metric.slice(1, -1)]];
  });
  expect(summed).toEqual([
    ['pending', 'Instances', 'Account', 'AWS::AccountId', 'State', 'pending'],
    ['stopping', 'Instances', 'Account', 'AWS::AccountId', 'State', 'stopping'],
    ['ending', 'Instances', 'Account', 'AWS::AccountId', 'State', 'shutting-down'],
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

test('how long it takes from an event to its announcement is shown as people ask for it, where there are hints', () => {
  const title = 'From event to announcement, with hints';
  const lines = (titled(shown, title)?.metrics ?? []).map((metric) => {
    const { label, stat } = metric.at(-1) as { readonly label: string; readonly stat: string };
    return [label, stat];
  });
  expect(lines).toEqual([
    ['half of them', 'p50'],
    ['9 of 10', 'p90'],
    ['slowest', 'Maximum'],
  ]);
  const without = widgets({ hints: 'none' }).map(({ properties }) => properties.title ?? '');
  expect(without.filter((each) => /hint/i.test(each))).toEqual([]);
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
  expect(query).toMatch(/\| sort @timestamp desc\n\| limit 100$/);
});

test('every alarm is shown with its state', () => {
  const template = synthesize({
    chat: true,
    group: 'team',
    groupMetrics: true,
    minimumRunning: [{ atLeast: 3 }, { region: 'eu-west-1', group: 'web', atLeast: 1 }],
    maximumImpaired: [{ atMost: 0 }],
  });
  const alarms = Object.keys(resources(template, 'AWS::CloudWatch::Alarm')).map((id) => `${id}.Arn`);
  expect(alarms).toHaveLength(11);
  const [widget] = widgetsOf(template).filter(({ type }) => type === 'alarm');
  expect(widget?.properties.alarms?.toSorted()).toEqual(alarms.toSorted());
});

test('groups have a graph where they are counted', () => {
  const all = widgets({ namespace: 'Staging-2', group: 'team', groupMetrics: true });
  expect(titled(all, 'Instances running, by team')?.metrics).toEqual([
    [
      expect.objectContaining({
        expression: `SEARCH('{"Staging-2","Account","Region","State","team"} MetricName="Instances" State="running"', 'Average')`,
        label: `\${PROP('Dim.Region')} \${PROP('Dim.team')}`,
      }),
    ],
  ]);
});

test('it tells those who look at it where to read on', () => {
  const text = shown.find(({ type }) => type === 'text')?.properties.markdown;
  expect(text).toMatch(/\[runbook\]\(https:\S+docs\/runbook\.md\)/);
  const runbook = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
  const pages = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading = '']) =>
    heading.toLowerCase().replaceAll(' ', '-'),
  );
  const linked = [...(text ?? '').matchAll(/\/docs\/runbook\.md#([^)]*)\)/g)].map(([, page]) => page);
  expect(linked).toHaveLength(1);
  expect(pages).toEqual(expect.arrayContaining(linked));
});

test('a runbook of their own is linked instead', () => {
  const text = widgets({ runbook: 'https://wiki.example.com/ec2' }).find(({ type }) => type === 'text')?.properties
    .markdown;
  expect(text).toContain('[runbook](https://wiki.example.com/ec2)');
  expect(text).toContain('(https://wiki.example.com/ec2#nobody-hears)');
  expect(text).not.toContain('runbook.md');
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
