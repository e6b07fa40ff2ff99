import { parseSelectors, type Silence } from '../../lambda/contract/silence.ts';
import type { Cloud } from '../model/cloud.ts';
import { REFUSALS } from '../model/faults.ts';
import type { Population } from './population.ts';

/** What keeps the monitor from seeing. The story changes it as it goes. */
export interface Blindness {
  /** No tick of the schedule reaches the function, and hints wait in their queue. */
  down: boolean;
  /** Regions that do not answer. */
  readonly unreachable: Set<string>;
}

/** Something that happens in the story. */
export interface Event {
  /** Before which sweep, counted from 0. */
  readonly sweep: number;
  /** How long after the sweep before it, in seconds of virtual time: 0 to 59. */
  readonly second: number;
  /** For the audience. Absent: a part of what was told before. */
  readonly title?: string;
  readonly happen: () => void;
}

/** How many sweeps the story needs at least: what happens must have time to show. */
export const SWEEPS_AT_LEAST = 24;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * A bad day of a small company, spread over the given number of sweeps: a rollout, a host that fails, a spot interruption,
 * somebody who stops production, a retirement ahead, a region that cannot be reached for a while, and changes while the monitor
 * itself is down. Patches of staging are silenced. Nothing happens in the last sweeps, so that everything can be announced.
 *
 * @param silence stores a silence, as `npm run silence` does
 */
export function plot(
  cloud: Cloud,
  { web, production, batch, staging }: Population,
  regions: readonly [string, ...string[]],
  sweeps: number,
  blindness: Blindness,
  silence: (silence: Silence) => void,
): readonly Event[] {
  const { fleet } = cloud;
  const [first] = regions;
  const middle = regions[Math.floor(regions.length / 2)] ?? first;
  const at = (share: number): number => Math.round(share * sweeps);
  const some = <T>(from: readonly T[], most: number): readonly T[] => from.slice(0, most);
  const replaced = some(web, 4);
  const [idle, other, third, ...patched] = staging.filter((id) => fleet.instance(id)?.state === 'running');
  const [failing, hung, retiring] = production;
  let reachable = (): void => {};

  const event = (share: number, second: number, title: string | undefined, happen: () => void): Event => ({
    sweep: at(share),
    second,
    ...(title === undefined ? {} : { title }),
    happen,
  });
  return [
    event(0.05, 50, `A rollout: the group web gets ${replaced.length} new instances`, () => {
      replaced.forEach((_, index) => {
        fleet.launch(first, { name: `web-${web.length + index + 1}`, type: 'm7g.large', autoScalingGroup: 'web' });
      });
    }),
    event(0.08, 55, 'A host fails, and with it a production machine', () => {
      if (failing !== undefined) fleet.impair(failing, 'system');
    }),
    event(0.1, 45, `The rollout goes on: ${replaced.length} old instances of the group are ended`, () => {
      for (const id of replaced) fleet.terminate(id);
    }),
    event(0.2, 20, `A spot interruption in ${middle}: EC2 wants ${some(batch, 3).length} instances back`, () => {
      for (const id of some(batch, 3)) fleet.terminate(id, 'spot-termination');
    }),
    event(0.22, 5, 'The host that failed works again', () => {
      if (failing !== undefined) fleet.recover(failing, 'system');
    }),
    event(0.24, 30, 'alice silences staging, to patch it', () => {
      const from = cloud.now();
      const until = from + (at(0.34) - at(0.24)) * MINUTE_MS;
      silence({
        id: 'patches',
        by: 'alice',
        why: 'kernel patches',
        from,
        until,
        select: parseSelectors('tag:env=staging'),
      });
    }),
    event(0.26, 10, '... two of its machines stop', () => {
      for (const id of some(patched, 2)) fleet.stop(id);
    }),
    event(0.3, 20, '... and start again: a mail tells of it when the silence ends', () => {
      for (const id of some(patched, 2)) if (fleet.instance(id)?.state === 'stopped') fleet.start(id);
    }),
    event(0.3, 40, 'Someone stops production', () => {
      for (const id of production) fleet.stop(id);
    }),
    event(0.42, 15, '... and starts it again, having noticed', () => {
      for (const id of production) if (fleet.instance(id)?.state === 'stopped') fleet.start(id);
    }),
    // At least two sweeps before a region cannot be reached: of two regions, it is this one.
    event(0.43, 45, 'AWS schedules the retirement of a production machine, eleven days ahead', () => {
      if (retiring !== undefined) {
        fleet.schedule(retiring, { code: 'instance-retirement', notBefore: cloud.now() + 11 * DAY_MS });
      }
    }),
    event(0.5, 40, `${middle} cannot be reached`, () => {
      blindness.unreachable.add(middle);
      reachable = cloud.faults.inject({
        service: 'ec2',
        region: middle,
        operation: 'DescribeInstances',
        effect: REFUSALS.unavailable,
      });
    }),
    event(0.55, 0, '... where a machine shuts itself down meanwhile', () => {
      const running = fleet.instances(middle).find(({ state }) => state === 'running');
      if (running !== undefined) fleet.stop(running.instanceId, 'guest-os');
    }),
    event(0.62, 10, `${middle} is back`, () => {
      blindness.unreachable.delete(middle);
      reachable();
    }),
    event(0.68, 5, 'The monitor is down: its schedule is paused, and hints wait', () => {
      blindness.down = true;
    }),
    event(0.68, 30, '... a machine is stopped and started again before anyone looks', () => {
      if (idle !== undefined) fleet.stop(idle);
    }),
    event(0.71, 50, undefined, () => {
      if (idle !== undefined && fleet.instance(idle)?.state === 'stopped') fleet.start(idle);
    }),
    event(0.71, 52, '... another one is retired by AWS, one is terminated, one is launched', () => {
      if (other !== undefined) fleet.stop(other, 'scheduled-stop');
      if (third !== undefined) fleet.terminate(third);
      fleet.launch(first, { name: '서버-1', type: 't3.large' });
    }),
    event(0.8, 0, 'The monitor is up again', () => {
      blindness.down = false;
    }),
    event(0.83, 5, 'Someone stops the machine that AWS wants to retire, and starts it on another host', () => {
      if (retiring !== undefined) fleet.stop(retiring);
    }),
    event(0.83, 40, undefined, () => {
      if (retiring !== undefined && fleet.instance(retiring)?.state === 'stopped') fleet.start(retiring);
    }),
    event(0.85, 45, 'A reboot, which is no news: the state stays, and only one sweep sees a check fail', () => {
      if (hung !== undefined && fleet.instance(hung)?.state === 'running') fleet.reboot(hung);
    }),
  ].sort((a, b) => a.sweep - b.sweep || a.second - b.second);
}
