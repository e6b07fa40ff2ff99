/** npm start: the whole system on this machine, against simulated AWS. Nothing leaves 127.0.0.1. */
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { App } from 'aws-cdk-lib';
import { MEMBER_ROLE } from '../lambda/contract/member.ts';
import { encodeSilences, SILENCES_KEY } from '../lambda/contract/silence.ts';
import { memberTemplate } from '../lib/member-role.ts';
import { MonitorStack } from '../lib/monitor-stack.ts';
import { LocalDeployment } from '../local/deployment.ts';
import { readAssembly } from '../local/function/assembly.ts';
import { memberRoleOf } from '../local/function/member-role.ts';
import { announcementDelays } from '../local/judge/announcement-delays.ts';
import type { CompleteLook } from '../local/judge/observations.ts';
import { possibleLook } from '../local/judge/possible-look.ts';
import { verdictOfAccounts } from '../local/judge/verdict-of-accounts.ts';
import { type Alarm, type AlarmChange, Alarms } from '../local/model/alarms.ts';
import { virtualClock } from '../local/model/clock.ts';
import { Cloud, type CloudSettings } from '../local/model/cloud.ts';
import { seeded } from '../local/model/random.ts';
import { company } from '../local/story/members.ts';
import { type Blindness, plot } from '../local/story/plot.ts';
import { populate } from '../local/story/population.ts';
import { StoryTime } from '../local/story/story-time.ts';
import { LOCAL, type LocalOptions, readLocalOptions } from './local-options.ts';
import { type HintSummary, LocalScreen } from './local-screen.ts';
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
  // Where production is: what happens there is known within seconds.
  const home = regions.at(-1) ?? regions[0];
  const interrupted = interruption();
  const assembly = temporaryFolder();

  const screen = new LocalScreen(process.stdout, verbose);
  screen.say('EC2 State Monitor, in simulated AWS on this machine only', 'title');
  screen.say(`${instances} instances in ${regions.join(', ')}; ${sweeps} sweeps, one a simulated minute; seed ${seed}`);
  screen.say('Synthesizing the stack and bundling the function …', 'quiet');
  const destination = { account: ACCOUNT, partition: 'aws', region: home, stackName: 'Ec2StateMonitor' };
  const app = new App({ outdir: assembly });
  new MonitorStack(app, destination.stackName, {
    ...(options['no-hints'] ? { hints: 'none' } : {}),
    ...(options.accounts > 0 ? { accounts: 'organization' } : {}),
  });
  app.synth();
  const stack = readAssembly(assembly, destination);

  const clock = virtualClock('2026-11-21T12:00:00Z');
  const random = seeded(seed);
  const settings: CloudSettings = {
    now: clock.now,
    random,
    account: ACCOUNT,
    regions: regions.map((name) => ({ name, optInStatus: 'opt-in-not-required' })),
  };
  const cloud = new Cloud(settings);
  const population = populate(cloud, regions, instances, random);
  const trustedRole = stack.role?.name ?? '';
  const role = memberRoleOf(memberTemplate({ name: MEMBER_ROLE, hub: ACCOUNT, trustedRole }), destination.partition);
  const {
    accounts,
    members,
    events: eventsElsewhere,
  } = company(
    cloud,
    options.accounts,
    role,
    (index) => ({ ...settings, random: seeded(seed + index + 1) }),
    home,
    sweeps,
  );
  clock.pass(DAY_SECONDS / 2);
  for (const id of population.staging.filter((_, index) => index % 3 === 2)) cloud.fleet.stop(id);
  clock.pass(DAY_SECONDS / 2);

  const period = stack.everyMinutes * 60_000;
  const firstTick = clock.now() + period;
  const lastTick = clock.now() + sweeps * period;
  const blindness: Blindness = { down: false, unreachable: new Set() };
  const events: StoryEvent[] = [];
  const plotted = plot(cloud, population, regions, sweeps, blindness, (silence) => {
    cloud.store.put(stack.bucket, SILENCES_KEY, Buffer.from(encodeSilences([silence])));
  });
  const all = [...plotted, ...eventsElsewhere].sort((a, b) => a.sweep - b.sweep || a.second - b.second);
  const story = new StoryTime(clock, all, period / 1000, (at, title) => {
    events.push({ at, title });
    screen.at(at, title, 'title');
  });
  const looks: CompleteLook[] = [];
  const note = (region: string, by: string) => {
    if (!blindness.unreachable.has(region)) looks.push(possibleLook(cloud.fleet, region, clock.now(), by));
  };
  const looksElsewhere = members.map((): CompleteLook[] => []);
  const noteElsewhere = () => {
    for (const [index, { cloud: member, isOpen }] of members.entries()) {
      if (!isOpen) continue;
      looksElsewhere[index]?.push(...regions.map((region) => possibleLook(member.fleet, region, clock.now())));
    }
  };
  let calls = 0;
  /** A hint may lead to several looks: EC2 was asked since this was called last, at this time of the account. */
  const noteLooksOnHint = () => {
    const asked = cloud.calls.slice(calls).filter(({ operation }) => operation === 'DescribeInstances');
    calls = cloud.calls.length;
    for (const region of new Set(asked.map((call) => call.region))) note(region, 'the look on a hint');
  };

  const deployment = await LocalDeployment.create(cloud, stack, destination, {
    port,
    seed,
    accounts,
    passUntil(time) {
      noteLooksOnHint();
      story.passUntil(time);
    },
  });
  try {
    screen.say(`${stack.resources} resources are deployed. Simulated AWS listens on ${deployment.url}\n`, 'quiet');
    const isSimulated = ({ namespace }: Alarm) => !namespace.startsWith('AWS/');
    const alarms = new Alarms(stack.alarms.filter(isSimulated));
    const changes: AlarmChange[] = [];
    const hints = { received: 0, looks: 0 };
    let failures = 0;
    let shown = 0;
    const unshown = () => {
      const messages = cloud.topics.published().slice(shown);
      shown += messages.length;
      return messages;
    };

    /** Until there is nothing in the queue. */
    const takeHints = async () => {
      calls = cloud.calls.length;
      for (let run = await deployment.hint(); run !== undefined; run = await deployment.hint()) {
        noteLooksOnHint();
        const summary = run.value as HintSummary | undefined;
        if (summary === undefined) failures += 1;
        hints.received += summary?.hints ?? 0;
        hints.looks += summary?.looks ?? 0;
        const messages = unshown();
        screen.hint(clock.now(), run, messages, announcementDelays(cloud.fleet.journal(), messages));
      }
    };

    for (let tick = firstTick; tick <= lastTick && !interrupted.aborted; tick += period) {
      while (clock.now() < tick) {
        story.pass();
        if (!blindness.down) await takeHints();
      }
      if (blindness.down) {
        await deployment.cool();
        screen.at(clock.now(), 'no sweep', 'quiet');
      } else {
        for (const region of regions) note(region, 'the sweep');
        noteElsewhere();
        const run = await deployment.tick(tick);
        if (run.error !== undefined) failures += 1;
        screen.sweep(clock.now(), run, unshown());
      }
      const changed = alarms.evaluate(tick, ({ metric: name, ...identity }) =>
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
    const watched = [
      { cloud, looks },
      ...members.map((member, index) => ({ ...member, looks: looksElsewhere[index] ?? [] })),
    ];
    const verdict = verdictOfAccounts(
      watched.map(({ cloud: { account, fleet }, looks: possible }) => ({
        id: account,
        journals: { states: fleet.journal(), health: fleet.healthJournal() },
        looks: possible,
      })),
      messages,
    );
    const report = reportOn({
      settings: options,
      metrics: cloud.metrics,
      alarms: changes,
      region: home,
      namespace: destination.stackName,
      firstTick,
      lastTick,
      periodSeconds: period / 1000,
      events,
      messages,
      verdict,
      hints,
      delays: announcementDelays(cloud.fleet.journal(), messages),
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
