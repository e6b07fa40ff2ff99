import type { MemberNews } from '../../../lambda/contract/message.ts';
import { ALL_ACCOUNTS } from '../../../lambda/contract/metrics.ts';
import { type AccountsSweep, HUB, memberNewsIn, transitionsIn } from '../accounts.ts';

/** What the judge knows of one account. */
interface Track {
  /** It was seen once. */
  isWatched: boolean;
  lastNews: MemberNews | undefined;
  /** The last state of each instance that a look saw or machines were told of. */
  readonly told: Map<string, { state: string; launchTime: number }>;
}

/**
 * Judges a life of several accounts by what really happened: nothing missed where the monitor may look, nothing invented where it
 * may not, each standing told once, no account in the way of another, and no total that leaves one out. Shares no code with the table.
 */
export function judgeAccounts(sweeps: readonly AccountsSweep[]): string[] {
  const violations: string[] = [];
  const tracks = new Map<string, Track>();
  for (const [index, sweep] of sweeps.entries()) {
    const say = (what: string): void => void violations.push(`sweep ${index + 1}: ${what}`);
    const news = memberNewsIn(sweep);
    const transitions = transitionsIn(sweep);
    if (sweep.error !== undefined) say(`the sweep failed: ${sweep.error}`);
    let isBlind = false;
    let running = 0;
    for (const { id, answer, choice, instances } of sweep.accounts) {
      const track = tracks.get(id) ?? { isWatched: false, lastNews: undefined, told: new Map() };
      tracks.set(id, track);
      // Without a list, the monitor goes by what it knows: who is watched is looked at, whatever Organizations would say.
      const isChosen =
        id === HUB ||
        (sweep.isListed ? choice === 'active' : track.lastNews !== undefined && track.lastNews !== 'departed');
      const isSeen = isChosen && answer === 'open';
      const ofAccount = transitions.filter(({ account }) => account === id);
      const told = news.filter(({ account }) => account === id).map((each) => each.news);

      if (sweep.isRestless) {
        // What could not be recorded of an account is not known to the next sweep: only what is told has to be true.
        for (const { id: instance, state } of instances) {
          const last = ofAccount.filter((each) => each.instance === instance).at(-1)?.to;
          if (last !== undefined && (answer !== 'open' || last !== state))
            say(`${instance} is ${state}, and machines were told ${last}`);
        }
        continue;
      }
      if (isChosen && !sweep.asked.has(id) && answer === 'open') say(`${id} may be looked at, and was not`);
      if (!isSeen && ofAccount.length > 0)
        say(`${id} could not be seen, and ${ofAccount.length} changes were invented`);
      if (isSeen) {
        for (const { id: instance, state, launchTime } of instances) {
          const last = track.told.get(instance);
          const now = ofAccount.filter((each) => each.instance === instance).at(-1)?.to;
          const isNew = last === undefined && track.isWatched;
          const hasChanged = isNew || (last !== undefined && (last.state !== state || last.launchTime !== launchTime));
          if (hasChanged && now !== state)
            say(`${instance} became ${state}, and machines were told ${now ?? 'nothing'}`);
          if (!hasChanged && now !== undefined) say(`${instance} did not change, and machines were told ${now}`);
          track.told.set(instance, { state, launchTime });
          if (state === 'running') running += 1;
        }
      }
      if (id !== HUB) {
        const expected = expectedNews(track, isChosen, answer, sweep.isListed, choice);
        if (`${told}` !== `${expected ?? ''}`)
          say(`${id} (${choice}, ${answer}): told '${told}', and it should be '${expected ?? ''}'`);
        if (expected !== undefined) track.lastNews = expected;
        // An account that was never onboarded and is not chosen any more is a stranger when it is chosen again.
        else if (sweep.isListed && choice !== 'active' && track.lastNews === 'not-onboarded')
          track.lastNews = undefined;
      }
      track.isWatched ||= isSeen;
      // Who was never seen is not missing from the total. Who is not chosen any more is not, either.
      if (isChosen && track.isWatched && !isSeen) isBlind = true;
    }
    const total = sweep.points.find(
      ({ metric, dimensions: { Account, Region, State } }) =>
        metric === 'instances' && Account === ALL_ACCOUNTS && Region === undefined && State === 'running',
    );
    if (sweep.isRestless) continue;
    if (isBlind && total !== undefined) say('an account is missing from the total, and the total has no gap');
    if (!isBlind && total?.value !== running) say(`the total is ${total?.value}, and ${running} instances run`);
  }
  return violations;
}

/** The news of an account in one sweep: what a person would say who sees the same. */
function expectedNews(
  { lastNews }: Track,
  isChosen: boolean,
  answer: AccountsSweep['accounts'][number]['answer'],
  isListed: boolean,
  choice: string,
): MemberNews | undefined {
  const isWatched = lastNews === 'joined' || lastNews === 'seen-again';
  if (isListed && choice !== 'active') {
    return isWatched || lastNews === 'blind' ? 'departed' : undefined;
  }
  if (!isChosen) return undefined;
  if (answer === 'open') return isWatched ? undefined : lastNews === 'blind' ? 'seen-again' : 'joined';
  if (answer !== 'refused') return undefined;
  if (isWatched || lastNews === 'departed') return 'blind';
  return lastNews === 'blind' || lastNews === 'not-onboarded' ? undefined : 'not-onboarded';
}
