/** npm start: the whole system on this machine, against simulated AWS. Nothing leaves 127.0.0.1. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { App } from 'aws-cdk-lib';
import { MonitorStack } from '../lib/monitor-stack.ts';
import { Deployment } from '../local/deployment.ts';
import { readAssembly } from '../local/function/assembly.ts';
import { virtualClock } from '../local/model/clock.ts';
import { Cloud } from '../local/model/cloud.ts';
import { seeded } from '../local/model/random.ts';
import { judge, type PossibleLook } from '../local/story/judge.ts';
import { type Blindness, plot } from '../local/story/plot.ts';
import { populate } from '../local/story/population.ts';
import { LOCAL, type LocalOptions, readLocalOptions } from './local-options.ts';
import { Stage } from './local-stage.ts';
import { reportOn, type StoryEvent } from './report/data.ts';
import { pageOf } from './report/page.ts';
import { writeWhole } from './report/write-whole.ts';
import { optionsOrExit } from './terminal/options.ts';

const ACCOUNT = '123456789012';
const DAY_SECONDS = 86_400;

/** Plays the story. @returns the exit code: 0 when all that happened was announced */
async function main(options: LocalOptions): Promise<number> {
  const { regions, sweeps, instances, seed, pace, port, linger, verbose, report } = options;
  const [home] = regions;
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());

  const stage = new Stage(process.stdout, verbose);
  stage.opens(options);

  const assembly = mkdtempSync(join(tmpdir(), 'ec2-state-monitor-'));
  let deployment: Deployment | undefined;
  try {
    const destination = { account: ACCOUNT, partition: 'aws', region: home, stackName: 'Ec2StateMonitor' };
    const app = new App({ outdir: assembly });
    new MonitorStack(app, destination.stackName);
    app.synth();
    const stack = readAssembly(assembly, destination);
    stage.synthesized(stack);

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

    deployment = await Deployment.create(cloud, stack, destination, port);
    stage.listens(deployment.url);
    for (const topic of deployment.topics) cloud.topics.subscribe(topic, (message) => stage.message(message));
    const blindness: Blindness = { down: false, unreachable: new Set() };
    const events = [...plot(cloud, population, regions, sweeps, blindness)];
    const looks: PossibleLook[] = [];
    const told: StoryEvent[] = [];
    const firstTick = clock.now() + stack.everyMinutes * 60_000;

    for (let sweep = 0; sweep < sweeps && !interrupted.signal.aborted; sweep += 1) {
      let second = 0;
      for (const event of events.filter((each) => each.sweep === sweep)) {
        clock.pass(event.second - second);
        second = event.second;
        if (event.title !== undefined) {
          told.push({ at: clock.now(), title: event.title });
          stage.event(clock.now(), event.title);
        }
        event.happen();
      }
      clock.pass(stack.everyMinutes * 60 - second);
      if (blindness.down) {
        await deployment.cool();
        stage.noSweep(clock.now());
      } else {
        const visible = regions.filter((region) => !blindness.unreachable.has(region));
        looks.push(...visible.map((region) => ({ region, at: clock.now() })));
        stage.sweep(clock.now(), await deployment.tick());
      }
      await pause(pace, undefined, { signal: interrupted.signal }).catch(() => {});
    }
    if (interrupted.signal.aborted) {
      stage.interrupted(report);
      return 130;
    }
    const verdict = judge(cloud.fleet.journal(), stage.transitions, looks);
    stage.closes(cloud, destination, verdict);
    if (report !== undefined) {
      const run = reportOn({
        settings: options,
        metrics: cloud.metrics,
        region: home,
        namespace: destination.stackName,
        firstTick,
        lastTick: clock.now(),
        periodSeconds: stack.everyMinutes * 60,
        events: told,
        messages: cloud.topics.published(),
        verdict,
        failures: stage.failures,
      });
      writeWhole(report, pageOf(run));
      stage.reported(report);
    }
    if (linger > 0) {
      stage.lingers(deployment.url, linger);
      await pause(linger * 1000, undefined, { signal: interrupted.signal }).catch(() => {});
    }
    return verdict.problems.length === 0 && stage.failures === 0 ? 0 : 1;
  } finally {
    await deployment?.close();
    rmSync(assembly, { recursive: true, force: true });
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
