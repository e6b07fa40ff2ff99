import type { ConditionEnd } from '../../contract/message.ts';
import type { ScheduledEvent } from './health.ts';
import type { Instant } from './scope.ts';

/** When something happened: after the one and not after the other. `after` is absent if nothing says it. */
export interface Bounds {
  readonly after?: Instant | undefined;
  readonly before: Instant;
}

/**
 * Something that is wrong with an instance, or ahead of it.
 *
 * - `impaired`: a status check fails. `of` is the check.
 * - `event`: AWS is going to do something to it. `of` is the event's code.
 * - `stuck`: it has been on its way to a settled state for too long. `of` is the state that it does not leave.
 * - `spot`: EC2 warns that it will take a spot instance back, or that the risk has risen. `of` is `interruption` or `rebalance`.
 */
export type Condition =
  | { readonly type: 'impaired'; readonly of: string; readonly remediation?: string | undefined }
  | EventAhead
  | { readonly type: 'stuck' | 'spot'; readonly of: string };

/** The condition that AWS is going to do something to an instance. */
export interface EventAhead extends Omit<ScheduledEvent, 'code' | 'over'> {
  readonly type: 'event';
  readonly of: string;
}

/** A condition as it is known of an instance. */
export type KnownCondition = {
  readonly condition: Condition;
  readonly began: Bounds;
} & (
  | /** One look showed it, which ended then, and another has to. */ { readonly is: 'suspected'; readonly by: Instant }
  | {
      readonly is: 'open';
      /** Id of its one life. */
      readonly incident: string;
      readonly unconfirmed?: UnconfirmedChange | undefined;
    }
  | /** It was over by then. It is remembered for a while, so that a late answer does not open it again. */ {
      readonly is: 'closed';
      readonly why: ConditionEnd;
      readonly by: Instant;
    }
);

/** What one look showed of an open condition, and another has to repeat. */
interface UnconfirmedChange {
  /** What the event would become. Absent: the condition would be over. */
  readonly condition?: EventAhead | undefined;
  /** When the first look ended that showed it. */
  readonly by: Instant;
}

/** `impaired:system`, `event:instance-retirement`, `stuck:stopping`: what a condition is called in settings and messages. */
export function conditionName({ type, of }: { readonly type: string; readonly of: string }): string {
  return `${type}:${of}`;
}
