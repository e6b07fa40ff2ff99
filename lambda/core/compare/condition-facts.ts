import type { ConditionNews } from '../../contract/message.ts';
import { type Condition, conditionName, type KnownCondition } from '../known/condition.ts';
import type { ConditionFact } from '../known/fact.ts';
import type { Known } from '../known/snapshot.ts';
import { conditionsOf, type Situation } from './conditions.ts';
import { factId, type Write } from './fact-id.ts';

/** An instance with what the table of conditions says, and the facts to tell. */
export interface WithConditions {
  /** The very `now` of the situation if no condition changed. */
  readonly known: Known | undefined;
  readonly facts: readonly ConditionFact[];
}

/**
 * What becomes of the conditions of one instance.
 *
 * @param subject the instance as it is to be told of
 */
export function withConditions(subject: Known, situation: Omit<Situation, 'identify'>, writing: Write): WithConditions {
  const { seen, sequence } = subject;
  const idOf = (condition: Condition, news: ConditionNews): string => {
    const event = condition.type === 'event' ? condition.id : '';
    return factId(writing, seen.id, sequence, `${conditionName(condition)} ${event} ${news}`);
  };
  const identify = (condition: Condition): string => idOf(condition, 'opened');
  const { conditions, happened } = conditionsOf({ ...situation, identify });
  const facts = happened.map(({ when, ...told }): ConditionFact => {
    const { news, condition, incident } = told;
    const isStuck = condition.type === 'stuck';
    return {
      kind: 'condition',
      // The incident is the id of the fact that it opened.
      id: news === 'opened' ? incident : idOf(condition, news),
      sequence,
      generation: writing.generation,
      subject: seen,
      ...told,
      ...when,
      journey: isStuck ? (situation.before?.journey ?? situation.now?.journey) : undefined,
    };
  });
  return { known: situation.now && replaced(situation.now, conditions), facts };
}

function replaced(known: Known, conditions: readonly KnownCondition[]): Known {
  const { conditions: before = [] } = known;
  if (conditions === known.conditions || (conditions.length === 0 && before.length === 0)) return known;
  return { ...known, conditions: conditions.length === 0 ? undefined : conditions };
}
