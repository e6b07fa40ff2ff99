import type { MemberNews } from '../../../lambda/contract/message.ts';
import { ALL_ACCOUNTS } from '../../../lambda/contract/metrics.ts';
import { type AccountsSweep, HUB, memberNewsIn, transitionsIn } from '../accounts.ts';

/** What the judge knows of one account. */
interface Track {
  /** It was seen once. */
  isWatched: boolean;
  lastNews: MemberNews | undefined;
  /** It was in the last list: accounts are listed while they are looked at, so all lists but the first are good from the next sweep on. */
  isListed: boolean;
  /** The last state of each instance that a look saw or machines were told of. */
  /** Nobody knows for sure any more what was seen there. */
  isForgotten: boolean;
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
    const wasListed = sweeps.slice(0, index).some(({ isListed }) => isListed);
    const transitions = transitionsIn(sweep);
    if (!sweep.hasLostShard && sweep.error !== undefined) say(`the sweep failed: ${sweep.error}`);
    if (sweep.hasLostShard && !`${sweep.error}`.includes('Shard'))
      say(`a shard failed, and the sweep says: ${sweep.error}`);
    let isBlind = sweep.hasLostShard;
    let mayBeBlind = isBlind;
    let running = 0;
    for (const { id, answer, choice, instances } of sweep.accounts) {
      const track = tracks.get(id) ?? {
        isWatched: false,
        lastNews: undefined,
        isListed: false,
        isForgotten: false,
        told: new Map(),
      };
      tracks.set(id, track);
      if (sweep.isListed && !wasListed) track.isListed = choice === 'active';
      const isChosen = id === HUB || track.isListed;
      if (sweep.isListed) track.isListed = choice === 'active';
      const fate = sweep.lost.get(id);
      const isSeen = isChosen && answer === 'open' && fate !== 'unlooked';
      const newsBefore = track.lastNews;
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
      if (isChosen && !sweep.asked.has(id) && answer === 'open' && fate !== 'unlooked')
        say(`${id} may be looked at, and was not`);
      if (!isSeen && ofAccount.length > 0)
        say(`${id} could not be seen, and ${ofAccount.length} changes were invented`);
      if (isSeen) {
        for (const { id: instance, state, launchTime } of instances) {
          const last = track.told.get(instance);
          const now = ofAccount.filter((each) => each.instance === instance).at(-1)?.to;
          const isNew = last === undefined && track.isWatched;
          const hasChanged = isNew || (last !== undefined && (last.state !== state || last.launchTime !== launchTime));
          if (hasChanged && now !== state && !track.isForgotten)
            say(`${instance} became ${state}, and machines were told ${now ?? 'nothing'}`);
          if (!hasChanged && now !== undefined) say(`${instance} did not change, and machines were told ${now}`);
          track.told.set(instance, { state, launchTime });
          if (state === 'running') running += 1;
        }
      }
      if (id !== HUB) {
        const expected = expectedNews(track, isChosen && fate === undefined, answer, sweep.isListed, choice);
        if (`${told}` !== `${expected ?? ''}`)
          say(`${id} (${choice}, ${answer}): told '${told}', and it should be '${expected ?? ''}'`);
        if (expected !== undefined) {
          track.lastNews = expected;
          if (isSeen) track.isForgotten = false;
        }
        // An account that was never said to be watched and is not chosen any more is a stranger when it is chosen again.
        else if (sweep.isListed && choice !== 'active' && track.lastNews !== 'departed') {
          track.lastNews = undefined;
          track.isForgotten = true;
        }
      }
      track.isWatched ||= isSeen;
      // Who was never seen is not missing from the total. Who is not chosen any more is not, either. One that was chosen anew may be.
      if (isChosen && track.isWatched && !isSeen) mayBeBlind = true;
      if (isChosen && !isSeen && isKnownBy(newsBefore)) isBlind = true;
      // Nobody knows any more what was seen in a round that was lost, if the account was new.
      if (isChosen && isSeen && fate === 'unreported' && !isKnownBy(newsBefore)) track.isForgotten = true;
    }
    const total = sweep.points.find(
      ({ metric, dimensions: { Account, Region, State } }) =>
        metric === 'instances' && Account === ALL_ACCOUNTS && Region === undefined && State === 'running',
    );
    if (sweep.isRestless) continue;
    if (isBlind && total !== undefined) say('an account is missing from the total, and the total has no gap');
    if (!mayBeBlind && total?.value !== running) say(`the total is ${total?.value}, and ${running} instances run`);
  }
  return violations;
}

/** Whether an account was watched when this was the last that was said about it. */
function isKnownBy(news: MemberNews | undefined): boolean {
  return news === 'joined' || news === 'seen-again' || news === 'blind';
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
