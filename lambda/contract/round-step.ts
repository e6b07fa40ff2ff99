import * as z from 'zod/mini';
import { checked } from './checked.ts';

/** What the steps of one round hand to each other. Times are milliseconds since the epoch. */
const roundInSteps = z.object({
  sweepId: z.string(),
  /** The time that its points carry. */
  at: z.number(),
  startedAt: z.number(),
  /** When all of it has to be over. */
  until: z.number(),
  /** How many shards there are. */
  of: z.number(),
});

/** What {@link roundInSteps} reads. */
export type RoundInSteps = Readonly<z.infer<typeof roundInSteps>>;

/** What is done side by side: a shard is looked at, by its index, or the accounts are listed. */
const branch = z.union([z.number(), z.literal('list')]);

/** What {@link branch} reads. */
export type Branch = z.infer<typeof branch>;

const roundStep = z.discriminatedUnion('step', [
  z.object({ step: z.literal('begin') }),
  z.object({ step: z.literal('look'), round: roundInSteps, branch }),
  z.object({
    step: z.literal('close'),
    round: roundInSteps,
    /** What came of each branch. `error` is the name of an error. */
    looked: z.array(z.object({ branch, error: z.optional(z.string()) })),
  }),
]);

/** One step of a round that several invocations share, as the state machine hands it to the function. */
export type RoundStep = Readonly<z.infer<typeof roundStep>>;

/** What the first step gives to the state machine. Without branches, the round is over already. */
export interface Branches {
  readonly round: RoundInSteps;
  readonly branches: readonly Branch[];
}

/** The step that an event is. `undefined`: it is none. @throws Error for a step that cannot be read */
export function stepIn(event: unknown): RoundStep | undefined {
  const isStep = typeof event === 'object' && event !== null && 'step' in event;
  return isStep ? checked(roundStep, event) : undefined;
}
