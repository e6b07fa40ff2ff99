import type { TransitionsDocument } from '../../lambda/contract/message.ts';
import type { StateChange } from '../model/instance.ts';
import type { PublishedMessage } from '../model/topics.ts';

/** How long after a change machines were told of it. */
export interface AnnouncementDelay {
  readonly region: string;
  readonly ms: number;
}

/**
 * The delay of each transition that machines were told of. One that was inferred, and never was, has none.
 *
 * @param states every real change, oldest first
 */
export function announcementDelays(
  states: readonly StateChange[],
  messages: readonly PublishedMessage[],
): readonly AnnouncementDelay[] {
  return messages.flatMap(({ at, subject, attributes, message }) => {
    if (subject !== null || attributes['kind']?.value !== 'transitions') return [];
    const { region, transitions }: TransitionsDocument = JSON.parse(message);
    return transitions.flatMap(({ instance, to }) => {
      const change = states.findLast((each) => each.instance === instance && each.to === to && each.at <= at);
      return change === undefined ? [] : [{ region, ms: at - change.at }];
    });
  });
}
