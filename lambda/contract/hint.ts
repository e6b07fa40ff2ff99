import * as z from 'zod/mini';

/** The events of EC2 that say where to look. "Amazon EC2 events", Amazon EventBridge Events Reference. */
export const HINT_TYPES = {
  /** An instance entered a state. Best effort: some are never delivered. */
  state: 'EC2 Instance State-change Notification',
  /** EC2 takes a spot instance back in two minutes. */
  interruption: 'EC2 Spot Instance Interruption Warning',
  /** A spot instance is likely to be interrupted. */
  rebalance: 'EC2 Instance Rebalance Recommendation',
} as const;

/** What a spot instance is warned of. */
export type WarningName = 'interruption' | 'rebalance';

const WARNINGS: Readonly<Record<string, WarningName>> = {
  [HINT_TYPES.interruption]: 'interruption',
  [HINT_TYPES.rebalance]: 'rebalance',
};

const text = z.string().check(z.minLength(1));

/** What is read of any event. */
const EVENT = {
  source: z.literal('aws.ec2'),
  account: z.string().check(z.regex(/^\d{12}$/)),
  region: text,
  time: z.string().check(z.refine((time) => !Number.isNaN(Date.parse(time)))),
};

const ec2Event = z.union([
  z.object({
    ...EVENT,
    'detail-type': z.literal(HINT_TYPES.state),
    detail: z.object({ 'instance-id': text, state: text }),
  }),
  z.object({
    ...EVENT,
    'detail-type': z.enum([HINT_TYPES.interruption, HINT_TYPES.rebalance]),
    detail: z.object({ 'instance-id': text }),
  }),
]);

/** Where and when to look. What is true, only a look says. */
export interface Hint {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly instance: string;
  /** When it happened, in milliseconds since the epoch: EC2 says it to the second. */
  readonly at: number;
  /** The state that the instance entered. Absent: it is a warning. */
  readonly state?: string | undefined;
  /** What a spot instance is warned of. */
  readonly warning?: WarningName | undefined;
}

/** What a batch of the queue holds. */
export interface HintBatch {
  readonly hints: readonly Hint[];
  /** How many messages are no events of EC2 that we asked for. */
  readonly malformed: number;
}

/** A message of the queue, of which nothing is known yet. */
interface Message {
  readonly body?: unknown;
}

/** The hints in what the queue hands to the function. `undefined`: it does not come from a queue. */
export function hintsIn(event: unknown): HintBatch | undefined {
  const { Records: messages } = (event ?? {}) as { readonly Records?: unknown };
  if (!Array.isArray(messages)) return undefined;
  const hints = messages.flatMap((message: Message) => hintIn(message) ?? []);
  return { hints, malformed: messages.length - hints.length };
}

function hintIn(message: Message | null): Hint | undefined {
  const { success, data } = ec2Event.safeParse(parsed(message?.body));
  if (!success) return undefined;
  const { account, region, time, detail } = data;
  return {
    account,
    region,
    instance: detail['instance-id'],
    at: Date.parse(time),
    state: 'state' in detail ? detail.state : undefined,
    warning: WARNINGS[data['detail-type']],
  };
}

function parsed(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    // Whoever may send to the queue may send anything.
    return undefined;
  }
}
