import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS, type MetricDefinition } from '../../lambda/contract/metrics.ts';
import type { Definition } from '../../lib/settings/definition.ts';
import { SETTINGS } from '../../lib/settings/settings.ts';

const read = (file: string): string => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
const README = read('README.md');
const READMES = ['README.md', 'README.ko.md'];
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const MEANINGS = [...read('docs/settings.md').matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map(
  ([, key = '', meaning = '']) => [key, meaning] as const,
);

it('shows some of the settings, in their order and as docs/settings.md defines them', () => {
  const [shown = ''] = /\| setting \| meaning \|\n(\|.+\n)+/.exec(README) ?? [];
  const keys = [...shown.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key);
  const rows = MEANINGS.filter(([key]) => keys.includes(key)).map(([key, meaning]) => [`\`${key}\``, meaning]);
  expect(rows.length).toBeGreaterThanOrEqual(6);
  expect(shown).toBe(`${table(['setting', 'meaning'], rows)}\n`);
});

test('docs/settings.md lists the settings as they are', () => {
  const meanings: Readonly<Record<string, string>> = Object.fromEntries(MEANINGS);
  const rows = Object.entries<Definition<unknown>>(SETTINGS).map(([key, { allowed, default: value, example }]) => [
    `\`${key}\``,
    meanings[key] ?? 'a meaning',
    allowed,
    value === undefined ? 'none' : `\`${value}\``,
    // A shell would take the arrow for a redirection.
    /[>*{; ]/.test(example) ? `\`-c '${key}=${example}'\`` : `\`-c ${key}=${example}\``,
  ]);
  expect(read('docs/settings.md')).toContain(table(['setting', 'meaning', 'allowed', 'default', 'example'], rows));
});

test('docs/metrics.md lists the metrics as they are', () => {
  const listed = [...read('docs/metrics.md').matchAll(/^\| (`.*) \| [^|]+ \|$/gm)].map(([, row]) => row);
  const rows = Object.values<MetricDefinition>(METRICS).map(({ name, dimensions, unit, statistic }) => {
    const names = dimensions.map((each) => each.join(', ') || 'none').join('; or ');
    return [`\`${name}\``, names, unit, statistic].join(' | ');
  });
  expect(listed).toEqual(rows);
});

it.each(READMES)('%s shows a mail as it really is', (file) => {
  const [mail = ''] = /Subject: [^`]+/.exec(read(file)) ?? [];
  const messages = read('docs/messages.md');
  expect(mail.length).toBeGreaterThan(100);
  expect(messages).toContain(mail.trim());
});

it.each(READMES)('%s lists the alarms that have a page in the runbook', (file) => {
  const runbook = read('docs/runbook.md');
  const pages = [...runbook.matchAll(/^## ([A-Z]\w+)$/gm)].map(([, heading]) => heading);
  expect([...read(file).matchAll(/^\| `([A-Z]\w+)` \|/gm)].map(([, name]) => name)).toEqual(pages);
});

test('README.ko.md shows the same settings as README.md', () => {
  const keysIn = (text: string) => [...text.matchAll(/^\| `([a-z]\w+)` \|/gm)].map(([, key]) => key);
  expect(keysIn(read('README.ko.md'))).toEqual(keysIn(README));
});

test.each(READMES)('%s has no comment in a block of commands: an interactive zsh runs it as a command', (file) => {
  const blocks = [...read(file).matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, commands = '']) => commands);
  expect(blocks.length).toBeGreaterThan(1);
  expect(blocks.filter((commands) => /(^|\s)#/m.test(commands))).toEqual([]);
});

it('leads only to files and headings that there are', () => {
  const headings = (text: string) =>
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
  const root = join(import.meta.dirname, '../..');
  const documents = ['README.md', 'README.ko.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
  const guides = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'));
  for (const file of [...documents, ...guides.map((guide) => `docs/${guide}`)]) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [path = '', heading] = target.split('#');
      const there = path === '' ? join(root, file) : join(root, file, '..', path);
      expect([file, target, existsSync(there)]).toEqual([file, target, true]);
      if (heading !== undefined) expect(headings(readFileSync(there, 'utf8'))).toContain(heading);
    }
  }
});
