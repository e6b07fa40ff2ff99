/** npm start: the whole system on this machine, against simulated AWS. Nothing leaves 127.0.0.1. */
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { App } from 'aws-cdk-lib';
import { MonitorStack } from '../lib/monitor-stack.ts';
import { LocalDeployment } from '../local/deployment.ts';
import { readAssembly } from '../local/function/assembly.ts';
import type { CompleteLook } from '../local/judge/observations.ts';
import { possibleLook } from '../local/judge/possible-look.ts';
import { runVerdict } from '../local/judge/run-verdict.ts';
import { type Alarm, type AlarmChange, Alarms } from '../local/model/alarms.ts';
import { virtualClock } from '../local/model/clock.ts';
import { Cloud } from '../local/model/cloud.ts';
import { seeded } from '../local/model/random.ts';
import { type Blindness, plot } from '../local/story/plot.ts';
import { populate } from '../local/story/population.ts';
import { LOCAL, type LocalOptions, readLocalOptions } from './local-options.ts';
import { LocalScreen } from './local-screen.ts';
import { alarmMood, alarmText } from './report/alarm-text.ts';
import { reportOn, type StoryEvent } from './report/data.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { INTERRUPTED, interruption } from './terminal/interruption.ts';
import { optionsOrExit } from './terminal/options.ts';

const ACCOUNT = '123456789012';
const DAY_SECONDS = 86_400;

/** Plays the story. @returns the exit code: 0 when all that happened was announced */
async function main(options: LocalOptions): Promise<number> {
  const { regions, sweeps, instances, seed, pace, port, linger, verbose, report: file } = options;
  const [home] = regions;
  const interrupted = interruption();
  const assembly = temporaryFolder();

  const screen = new LocalScreen(process.stdout, verbose);
  screen.say('EC2 State Monitor, in simulated AWS on this machine only', 'title');
  screen.say(`${instances} instances in ${regions.join(', ')}; ${sweeps} sweeps, one a simulated minute; seed ${seed}`);
  screen.say('Synthesizing the stack and bundling the function …', 'quiet');
  const destination = { account: ACCOUNT, partition: 'aws', region: home, stackName: 'Ec2StateMonitor' };
  const app = new App({ outdir: assembly });
  new MonitorStack(app, destination.stackName);
  app.synth();
  const stack = readAssembly(assembly, destination);

  const clock = virtualClock('2026-11-21T12:00:00Z');
  const random = seeded(seed);
  const cloud = new Cloud({
    now: clock.now,
    random,
    account: ACCOUNT,
    regions: regions.map((name) => ({ name, optInStatus: 'opt-in-not-required' })),
  });
  const population = populate(cloud, regions, instances, random);
  clock.pass(DAY_SECONDS / 2);
  for (const id of population.staging.filter((_, index) => index % 3 === 2)) cloud.fleet.stop(id);
  clock.pass(DAY_SECONDS / 2);

  const deployment = await LocalDeployment.create(cloud, stack, destination, port);
  try {
    screen.say(`${stack.resources} resources are deployed. Simulated AWS listens on ${deployment.url}\n`, 'quiet');
    const blindness: Blindness = { down: false, unreachable: new Set() };
    const plotted = [...plot(cloud, population, regions, sweeps, blindness)];
    const looks: CompleteLook[] = [];
    const events: StoryEvent[] = [];
    const isSimulated = ({ namespace }: Alarm) => !namespace.startsWith('AWS/');
    const alarms = new Alarms(stack.alarms.filter(isSimulated));
    const changes: AlarmChange[] = [];
    const firstTick = clock.now() + stack.everyMinutes * 60_000;
    let failures = 0;

    for (let sweep = 0; sweep < sweeps && !interrupted.aborted; sweep += 1) {
      let second = 0;
      for (const { title, happen, ...event } of plotted.filter((each) => each.sweep === sweep)) {
        clock.pass(event.second - second);
        second = event.second;
        if (title !== undefined) {
          events.push({ at: clock.now(), title });
          screen.at(clock.now(), title, 'title');
        }
        happen();
      }
      clock.pass(stack.everyMinutes * 60 - second);
      if (blindness.down) {
        await deployment.cool();
        screen.at(clock.now(), 'no sweep', 'quiet');
      } else {
        const visible = regions.filter((region) => !blindness.unreachable.has(region));
        looks.push(...visible.map((region) => possibleLook(cloud.fleet, region, clock.now())));
        const before = cloud.topics.published().length;
        const invocation = await deployment.tick();
        if (invocation.error !== undefined) failures += 1;
        screen.sweep(clock.now(), invocation, cloud.topics.published().slice(before));
      }
      const changed = alarms.evaluate(clock.now(), ({ metric: name, ...identity }) =>
        cloud.metrics.points({ ...identity, name, region: home }),
      );
      changes.push(...changed);
      for (const change of changed) screen.at(change.at, alarmText(change), alarmMood(change));
      await pause(pace, undefined, { signal: interrupted }).catch(() => {});
    }
    if (interrupted.aborted) {
      screen.say(`Interrupted: everything that was started has been ended.${file ? ' No page was written.' : ''}`);
      return INTERRUPTED;
    }

    const messages = cloud.topics.published();
    const journals = { states: cloud.fleet.journal(), health: cloud.fleet.healthJournal() };
    const verdict = runVerdict(journals, messages, looks);
    const report = reportOn({
      settings: options,
      metrics: cloud.metrics,
      alarms: changes,
      region: home,
      namespace: destination.stackName,
      firstTick,
      lastTick: clock.now(),
      periodSeconds: stack.everyMinutes * 60,
      events,
      messages,
      verdict,
      failures,
    });
    screen.closes(report);
    const others = stack.alarms.filter((alarm) => !isSimulated(alarm)).map(({ name }) => name);
    screen.say(`${new Intl.ListFormat('en-GB').format(others)} read metrics of AWS that are not simulated.`, 'quiet');
    if (file !== undefined) {
      // Only here, because it takes a moment to load what draws the charts.
      const { pageOf } = await import('./report/page.ts');
      writeFileSync(file, pageOf(report));
      screen.say(`The same as a page for a browser: ${file}`);
    }
    if (linger > 0) {
      screen.say(`Simulated AWS stays on ${deployment.url} for ${linger} seconds, or until Ctrl-C.`, 'quiet');
      await pause(linger * 1000, undefined, { signal: interrupted }).catch(() => {});
    }
    return verdict.problems.length === 0 && failures === 0 ? 0 : 1;
  } finally {
    await deployment.close();
  }
}

const options = optionsOrExit(LOCAL, readLocalOptions);
try {
  process.exitCode = await main(options);
} catch (error) {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
  console.error(`--port is '${options.port}': ${error.message}. Give another number, or leave it out.`);
  process.exitCode = 2;
}
