import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS, type MetricDefinition } from '../../lambda/contract/metrics.ts';
import { SETTINGS, type SettingDefinition } from '../../lib/settings.ts';

const README = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

it('lists the settings as they are', () => {
  const rows = Object.entries<SettingDefinition>(SETTINGS).map(
    ([key, { meaning, allowed, default: value, example }]) => [
      `\`${key}\``,
      meaning,
      allowed,
      value === 'none' ? value : `\`${value}\``,
      // A shell would take the arrow for a redirection.
      /[>*{;]/.test(example) ? `\`-c '${key}=${example}'\`` : `\`-c ${key}=${example}\``,
    ],
  );
  expect(README).toContain(table(['setting', 'meaning', 'allowed', 'default', 'example'], rows));
});

it('lists the metrics as they are', () => {
  const rows = Object.values<MetricDefinition>(METRICS).map(({ name, dimensions, unit, statistic, when }) => [
    `\`${name}\``,
    dimensions.map((names) => names.join(', ') || 'none').join('; or '),
    unit,
    statistic,
    when,
  ]);
  expect(README).toContain(table(['metric', 'dimensions', 'unit', 'read with', 'when'], rows));
});
