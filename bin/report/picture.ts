/**
 * npm run picture: plays the story, opens its report in Chromium, and makes `docs/picture.png` of it. Fails when the page
 * complains, loads anything, or does not fit a phone. `--check` leaves the picture as it is; `--views FOLDER` writes the whole
 * page there, as each view shows it.
 *
 * The same fonts and the same Chromium give the same picture. Before it is made anew: apt-get install chromium fonts-inter.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { OptionsError } from '../terminal/options-error.ts';
import { Browser, type View } from './browser.ts';
import { BrowserError } from './devtools.ts';
import { findChromium } from './find-chromium.ts';

const PICTURE = join(import.meta.dirname, '../../docs/picture.png');

/** How the page is looked at. The first is the picture. */
const VIEWS: Readonly<Record<string, View>> = {
  'a laptop': { width: 1280, height: 800, scale: 1.5, scheme: 'light' },
  'a laptop, dark': { width: 1280, height: 800, scale: 1.5, scheme: 'dark' },
  'a phone': { width: 390, height: 844, scale: 2, scheme: 'light' },
  'a phone, dark': { width: 390, height: 844, scale: 2, scheme: 'dark' },
};

/** How far down the picture goes: what is below is small, or differs from run to run. */
const PICTURE_END = "document.querySelector('#health').getBoundingClientRect().top";

/** Points at the middle of the time line and away again. Says what is wrong: wider than the window, without charts or numbers. */
const LOOK = `(() => {
  const timeline = document.querySelector('.timeline');
  timeline.dispatchEvent(new PointerEvent('pointermove', { clientX: innerWidth / 2, clientY: 0 }));
  const numbers = document.querySelectorAll('.readout-line').length;
  timeline.dispatchEvent(new PointerEvent('pointerleave'));
  const { scrollWidth } = document.documentElement;
  return [
    ...(scrollWidth > innerWidth ? ['is ' + scrollWidth + ' pixels wide'] : []),
    ...(document.querySelectorAll('.plot path').length < 6 ? ['shows no charts'] : []),
    ...(numbers < 3 ? ['shows no numbers under the pointer'] : []),
  ];
})()`;

const USAGE = [
  'npm run picture [-- OPTION …]: makes docs/picture.png anew, in Chromium',
  '',
  '  --check         leaves the picture as it is, and only looks whether the page is as it should be',
  '  --views FOLDER  writes the whole page there, as each view shows it',
  '  --help          this text',
].join('\n');

async function main(): Promise<number> {
  const { check, views, help } = readOptions();
  if (help === true) {
    console.log(USAGE);
    return 0;
  }
  if (views !== undefined) mkdirSync(views, { recursive: true });
  const chromium = findChromium();
  const folder = mkdtempSync(join(tmpdir(), 'ec2-state-monitor-picture-'));
  const file = join(folder, 'report.html');
  let browser: Browser | undefined;
  try {
    play(file);
    const profile = join(folder, 'profile');
    mkdirSync(profile);
    browser = new Browser(chromium, profile);
    const problems: string[] = [];
    for (const [name, view] of Object.entries(VIEWS)) {
      const page = await browser.open(pathToFileURL(file).href, view);
      const looks = (await page.evaluate(LOOK)) as readonly string[];
      problems.push(
        ...[...page.complaints, ...page.requests.map((request) => `loads ${request}`), ...looks].map(
          (problem) => `${name}: the page ${problem}`,
        ),
      );
      if (views !== undefined) {
        const whole = Number(await page.evaluate('document.documentElement.scrollHeight'));
        writeFileSync(join(views, `${name.replaceAll(/\W+/g, '-')}.png`), await page.picture(whole));
      }
      if (view === VIEWS['a laptop'] && !check) {
        const picture = await page.picture(Math.round(Number(await page.evaluate(PICTURE_END))));
        writeFileSync(PICTURE, picture);
        console.log(`docs/picture.png: ${Math.round(picture.length / 1024)} kB`);
      }
    }
    for (const problem of problems) console.error(problem);
    if (problems.length === 0) console.log(`The page is as it should be on ${Object.keys(VIEWS).join('; ')}.`);
    return problems.length === 0 ? 0 : 1;
  } finally {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @throws OptionsError for an option that there is not */
function readOptions() {
  try {
    return parseArgs({ options: { check: { type: 'boolean' }, views: { type: 'string' }, help: { type: 'boolean' } } })
      .values;
  } catch (error) {
    throw new OptionsError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

/** @throws Error when the story does not end well */
function play(file: string): void {
  const program = join(import.meta.dirname, '../local.ts');
  const args = ['--import', 'tsx', program, '--seed', '1', '--pace', '0', '--report', file];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm start ended with ${status}:\n${stdout}${stderr}`);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof BrowserError || error instanceof OptionsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
