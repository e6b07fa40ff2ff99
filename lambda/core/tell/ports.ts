import type { Message } from './message.ts';

/** What telling does to the world. */
export interface TellPorts {
  /** Hands one message to SNS. Throws {@link Unacceptable} when SNS will never take it. */
  readonly publish: (message: Message, signal: AbortSignal) => Promise<void>;
}

/** SNS will not take the message, however often it is sent: its content is the fault. */
export class Unacceptable extends Error {
  override readonly name = 'Unacceptable';
}
