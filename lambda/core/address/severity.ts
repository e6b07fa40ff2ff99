import { type ConditionRule, fits, type SeverityRule } from '../../contract/announcing.ts';
import type { Cause, ConditionType, Severity } from '../../contract/message.ts';
import type { Settled } from '../known/announcement.ts';
import type { Condition } from '../known/condition.ts';
import type { Journey } from '../known/fact.ts';
import { isStarting } from '../known/state.ts';

/** The severity of a cause, by the direction of the transition. */
interface SeverityByDirection {
  /** Towards `pending` and `running`. */
  readonly beginning: Severity;
  /** Towards `stopping`, `stopped`, `shutting-down`, `terminated`, and towards states that EC2 has not documented. */
  readonly ending: Severity;
}

/** Severity of every cause, unless the user has a rule for it. The documents show this table. */
export const SEVERITY_OF_CAUSE: Readonly<Record<Cause, SeverityByDirection>> = {
  'api-call': { beginning: 'info', ending: 'warning' },
  'auto-scaling': { beginning: 'info', ending: 'info' },
  'guest-os': { beginning: 'info', ending: 'warning' },
  hibernation: { beginning: 'info', ending: 'info' },
  'spot-interruption': { beginning: 'info', ending: 'warning' },
  'scheduled-retirement': { beginning: 'warning', ending: 'critical' },
  capacity: { beginning: 'warning', ending: 'critical' },
  'launch-failure': { beginning: 'warning', ending: 'critical' },
  'internal-error': { beginning: 'warning', ending: 'critical' },
  unknown: { beginning: 'info', ending: 'warning' },
};

/**
 * Severity of every condition, unless the user has a rule for it. `*`: those that are not named, which AWS may add. The
 * documents show this table.
 */
export const SEVERITY_OF_CONDITION: Readonly<
  Record<ConditionType, Readonly<Record<string, Severity>> & { '*': Severity }>
> = {
  impaired: {
    system: 'critical',
    instance: 'critical',
    'attached-ebs': 'critical',
    application: 'critical',
    '*': 'warning',
  },
  event: {
    'instance-retirement': 'critical',
    'instance-stop': 'warning',
    'instance-reboot': 'info',
    'system-reboot': 'info',
    'system-maintenance': 'info',
    '*': 'warning',
  },
  stuck: { '*': 'warning' },
  spot: { '*': 'info' },
};

/** A rule of the user: for transitions, or for conditions. */
export type AnySeverityRule = SeverityRule | ConditionRule;

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };

/** The severity of a cause for a change of state: by the last rule that matches, or by the table. */
export function severityOf(
  cause: Cause,
  change: { readonly from: string; readonly to: string },
  rules: readonly AnySeverityRule[],
): Severity {
  const rule = ruleFor(cause, change, rules);
  return rule?.severity ?? SEVERITY_OF_CAUSE[cause][isStarting(change.to) ? 'beginning' : 'ending'];
}

/**
 * A journey as people are told of it. Its most severe step gives cause and severity; among equals, the first whose cause is
 * known. A rule for the whole way overrides that severity.
 *
 * @param rules rules of the user for single steps and, if `whole`, for the whole way
 */
export function settledBy(
  { path, causes, inFirstState, stoppedAtMost }: Journey,
  rules: readonly AnySeverityRule[],
  whole: boolean,
): Settled {
  let cause: Cause = 'unknown';
  let severity: Severity = 'info';
  for (const [step, stepCause] of causes.entries()) {
    const change = { from: path[step] ?? '', to: path[step + 1] ?? '' };
    const stepSeverity = severityOf(stepCause, change, rules);
    const moreSevere = RANK[stepSeverity] - RANK[severity];
    if (moreSevere > 0 || (moreSevere === 0 && cause === 'unknown')) {
      cause = stepCause;
      severity = stepSeverity;
    }
  }
  const rule = whole ? ruleFor(cause, { from: path[0], to: path.at(-1) ?? '' }, rules) : undefined;
  return { path, cause, severity: rule?.severity ?? severity, inFirstState, stoppedAtMost };
}

function ruleFor(
  cause: Cause,
  change: { readonly from: string; readonly to: string },
  rules: readonly AnySeverityRule[],
): AnySeverityRule | undefined {
  return rules.findLast((rule) => 'cause' in rule && rule.cause === cause && fits(rule, change));
}

/** The severity of a condition: by the last rule that matches, or by the table. */
export function severityOfCondition({ type, of }: Condition, rules: readonly AnySeverityRule[]): Severity {
  const rule = rules.findLast((each) => 'condition' in each && each.condition === type && [of, '*'].includes(each.of));
  const named = SEVERITY_OF_CONDITION[type];
  return rule?.severity ?? (Object.hasOwn(named, of) ? named[of] : undefined) ?? named['*'];
}
