/**
 * npm run picture: plays the story, opens its report in Chromium, and makes `docs/picture.png` of it. Fails when the page
 * complains, loads anything, or does not fit a phone.
 *
 * The same fonts and the same Chromium give the same picture. Before it is made anew: apt-get install chromium fonts-inter.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, launch } from 'puppeteer-core';
import { temporaryFolder } from '../temporary-folder.ts';
import { optionsOrExit, type Program, readOptions, type Values } from '../terminal/options.ts';

const PICTURE_FILE = join(import.meta.dirname, '../../docs/picture.png');

const PICTURE = {
  command: 'npm run picture',
  purpose: 'makes docs/picture.png anew, in Chromium',
  options: {
    check: { kind: 'flag', meaning: 'leaves the picture as it is, and only checks the page' },
    views: { kind: 'text', placeholder: 'FOLDER', meaning: 'writes the whole page there, as each view shows it' },
  },
  notes: `CHROMIUM is the path of the browser, /usr/bin/chromium by default.
Exit codes: 0 when the page is as it should be, 1 when it is not, 2 for wrong options.`,
} as const satisfies Program;

const LAPTOP = { name: 'a laptop', width: 1280, height: 800, deviceScaleFactor: 1.5 };
const PHONE = { name: 'a phone', width: 390, height: 844, deviceScaleFactor: 2, isMobile: true };

/** How the page is looked at. The first is the picture. */
const VIEWS = [LAPTOP, PHONE].flatMap(({ name, ...viewport }) => [
  { name, viewport, scheme: 'light' },
  { name: `${name}, dark`, viewport, scheme: 'dark' },
]);

/** Beside those of Puppeteer, with which the browser asks nobody for anything. */
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--font-render-hinting=none',
  // Chromium's sandbox refuses to work for root. It opens nothing but a page that we wrote.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** What looks wrong: wider than the window, without charts. */
const LOOK = `[
  ...(document.documentElement.scrollWidth > innerWidth ? ['is wider than the window'] : []),
  ...([...document.querySelectorAll('svg path')].filter((path) => path.checkVisibility()).length < 20 ? ['shows no charts'] : []),
]`;

const TOP_OF_HEALTH = `[...document.querySelectorAll('text')].find((text) => text.textContent === 'Heartbeat').getBoundingClientRect().top`;

/** @returns the exit code */
async function main({ check, views }: Values<typeof PICTURE.options>): Promise<number> {
  const executablePath = process.env['CHROMIUM'] || '/usr/bin/chromium';
  if (!existsSync(executablePath)) {
    console.error(
      `There is no ${executablePath}: install Chromium (Debian: apt-get install chromium), or give its path in CHROMIUM.`,
    );
    return 1;
  }
  if (views !== undefined) mkdirSync(views, { recursive: true });
  const folder = temporaryFolder();
  const file = join(folder, 'report.html');
  play(file);
  const problems: string[] = [];
  let browser: Browser | undefined;
  try {
    browser = await launch({ executablePath, userDataDir: join(folder, 'profile'), pipe: true, args: FLAGS });
    for (const { name, viewport, scheme } of VIEWS) {
      const page = await browser.newPage();
      const complain = (problem: string) => problems.push(`${name}: the page ${problem}`);
      const url = pathToFileURL(file).href;
      page.on('console', (message) => complain(`logs ${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => complain(`throws ${error}`));
      page.on('request', (request) => request.url() !== url && complain(`loads ${request.url()}`));
      await page.setViewport(viewport);
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.goto(url);
      ((await page.evaluate(LOOK)) as string[]).map(complain);
      if (views !== undefined)
        await page.screenshot({ path: join(views, `${name.replaceAll(/\W+/g, '-')}.png`), fullPage: true });
      if (name === LAPTOP.name && !check) {
        // What is below the heartbeat differs from run to run.
        const height = Number(await page.evaluate(TOP_OF_HEALTH));
        const clip = { x: 0, y: 0, width: viewport.width, height: Math.round(height) };
        const picture = await page.screenshot({ path: PICTURE_FILE, clip, captureBeyondViewport: true });
        console.log(`docs/picture.png: ${Math.round(picture.length / 1024)} kB`);
      }
      await page.close();
    }
  } finally {
    await browser?.close();
  }
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) return 1;
  console.log(`The page is as it should be on ${VIEWS.map(({ name }) => name).join('; ')}.`);
  return 0;
}

/** @throws Error when the story does not end well */
function play(file: string): void {
  const program = join(import.meta.dirname, '../local.ts');
  const args = ['--import', 'tsx', program, '--seed', '1', '--pace', '0', '--report', file];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm start ended with ${status}:\n${stdout}${stderr}`);
}

process.exitCode = await main(optionsOrExit(PICTURE, (args) => readOptions(PICTURE, args)));
