import { LOG_EVENTS } from '../../contract/log.ts';
import type { Topic } from '../../contract/topics.ts';
import type { Instant } from '../known/scope.ts';
import { problemOf } from '../log.ts';
import type { Job, Plan } from './plan.ts';
import type { Point } from './points.ts';
import type { Subscriptions } from './ports.ts';

/** For how long what SNS said of the subscriptions is good: people confirm within minutes, and leave without notice. */
const ASK_FOR_SUBSCRIPTIONS_AFTER_MS = 60 * 60_000;

/**
 * Looks once an hour whether anybody would hear: warns in the log where people are to be told and nobody has confirmed.
 * Never throws: a sweep is none the worse for not knowing.
 *
 * @param askedAt when this process last looked
 * @returns what to publish, and when it was looked last
 */
export async function lookForSubscriptions(
  { plan, ports, deadlines, now }: Job,
  askedAt: Instant | undefined,
): Promise<{ points: Point[]; askedAt: Instant }> {
  if (askedAt !== undefined && now() - askedAt < ASK_FOR_SUBSCRIPTIONS_AFTER_MS) return { points: [], askedAt };
  const event = LOG_EVENTS.subscriptions;
  try {
    const topics = await ports.subscriptions(deadlines.look);
    const unheard = unheardAmong(topics, plan);
    const isKnown = topics.some(({ confirmed }) => confirmed !== undefined);
    ports.log(unheard.length > 0 || topics.some(({ error }) => error !== undefined) ? 'warn' : 'info', {
      event,
      topics,
      ...(unheard.length === 0
        ? {}
        : {
            unheard,
            advice:
              'Nobody has confirmed a subscription, so nobody hears what is sent there. Confirm the mails that SNS sent, or subscribe: see "Nobody hears" in docs/runbook.md.',
          }),
    });
    // One metric and not one for each topic: every one is paid for, and which topics they are is in the log.
    const point: Point = { metric: 'topicsUnheard', dimensions: {}, value: unheard.length };
    return { points: isKnown ? [point] : [], askedAt: now() };
  } catch (error) {
    ports.log('warn', { event, error: problemOf(error) });
    return { points: [], askedAt: now() };
  }
}

/**
 * The topics for people that reach nobody. Transitions are for machines, of which there need not be any. Chat has the same news
 * as Alerts, so that one of them is enough, unless there are alarms about the fleet: those go to Alerts only.
 */
function unheardAmong(topics: readonly Subscriptions[], { minimumRunning = [], maximumImpaired = [] }: Plan): Topic[] {
  const isUnheard = (name: Topic): boolean => topics.some(({ topic, confirmed }) => topic === name && confirmed === 0);
  const hasAlarms = minimumRunning.length + maximumImpaired.length > 0;
  const readInChat = !hasAlarms && topics.some(({ topic }) => topic === 'Chat') && !isUnheard('Chat');
  return [
    ...(isUnheard('Alerts') && !readInChat ? (['Alerts'] as const) : []),
    ...(isUnheard('Health') ? (['Health'] as const) : []),
  ];
}
