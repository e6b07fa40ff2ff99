import { LOG_EVENTS } from '../contract/log.ts';
import type { TopicName } from '../contract/topics.ts';
import type { Point } from './census.ts';
import type { Instant } from './instance.ts';
import type { Sweep } from './plan.ts';
import { problemOf, type Subscriptions } from './ports.ts';

/** For how long what SNS said of the subscriptions is good: people confirm within minutes, and leave without notice. */
export const ASK_FOR_SUBSCRIPTIONS_AFTER_MS = 60 * 60_000;

/**
 * Looks once an hour whether anybody would hear: warns in the log where people are to be told and nobody has confirmed.
 * Never throws: a sweep is none the worse for not knowing.
 *
 * @param askedAt when this process last looked
 * @returns what to publish, and when it was looked last
 */
export async function lookForSubscriptions(
  { ports, deadlines, now }: Sweep,
  askedAt: Instant | undefined,
): Promise<{ points: Point[]; askedAt: Instant }> {
  if (askedAt !== undefined && now() - askedAt < ASK_FOR_SUBSCRIPTIONS_AFTER_MS) return { points: [], askedAt };
  const event = LOG_EVENTS.subscriptions;
  try {
    const topics = await ports.subscriptions(deadlines.look);
    const unheard = unheardAmong(topics);
    ports.log(unheard.length > 0 ? 'warn' : 'info', {
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
    return { points: [{ metric: 'topicsUnheard', dimensions: {}, value: unheard.length }], askedAt: now() };
  } catch (error) {
    ports.log('warn', { event, error: problemOf(error) });
    return { points: [], askedAt: now() };
  }
}

/**
 * The topics for people that reach nobody. Alerts and chat are the same news: one of them is enough. Transitions are for
 * machines, of which there need not be any.
 */
function unheardAmong(topics: readonly Subscriptions[]): TopicName[] {
  const heard = new Set(topics.filter(({ confirmed }) => confirmed > 0).map(({ topic }) => topic));
  return [
    ...(heard.has('Alerts') || heard.has('Chat') ? [] : (['Alerts'] as const)),
    ...(heard.has('Health') ? [] : (['Health'] as const)),
  ];
}
