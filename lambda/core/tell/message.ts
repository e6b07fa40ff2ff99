import type { MessageAttributes } from '../../contract/message.ts';
import type { Reader } from '../../contract/topics.ts';

/** What SNS gets: announcements of one kind that share one message, for one kind of reader. */
export interface Message {
  readonly reader: Reader;
  /** Only mail shows it, so only messages for people have one. */
  readonly subject?: string | undefined;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** The ids of the announcements inside. */
  readonly covers: readonly string[];
}
