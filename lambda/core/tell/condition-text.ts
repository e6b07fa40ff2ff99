import type { ConditionEnd } from '../../contract/message.ts';
import type { ConditionAnnouncement } from '../known/announcement.ts';
import type { Condition } from '../known/condition.ts';
import { dayText, durationText, plain } from './phrases.ts';

/** A verb of one instance, and of several. */
export interface Verb {
  readonly one: string;
  readonly many: string;
}

/** What AWS schedules, after "is scheduled". "Scheduled events for Amazon EC2 instances", EC2 User Guide. */
const EVENTS: Readonly<Record<string, string>> = {
  'instance-retirement': 'for retirement',
  'instance-stop': 'to be stopped',
  'instance-reboot': 'for a reboot',
  'system-reboot': 'for a reboot of its host',
  'system-maintenance': 'for maintenance of its host',
};

/**
 * What to do, by condition. "Status checks for Amazon EC2 instances", "Troubleshoot Amazon EC2 Linux instances with failed status
 * checks", "Manage Amazon EC2 instances scheduled to stop or retire", "… for reboot", "… for maintenance", "Troubleshoot Amazon
 * EC2 instance stop issues", "… termination issues", EC2 User Guide. AWS has no such page for `pending`.
 */
const ADVICE: Readonly<Record<Condition['type'], Readonly<Record<string, string>>>> = {
  impaired: {
    system:
      'The fault is on the side of AWS: the host, its power or its network. If EC2 does not recover the instance by itself, stop it and start it again: it then runs on another host. Data on instance store volumes is lost.',
    instance:
      'The fault is in the instance: its operating system, its memory or its network settings. Look at its system log and its screenshot. A reboot often helps.',
    'attached-ebs':
      'An attached EBS volume does not answer. Look at the status of its volumes. If they are well, stop the instance and start it again: it then runs on another host.',
    application: 'A check that you defined for an application on the instance fails.',
    performance: 'AWS sees that the instance performs worse than it should.',
  },
  event: {
    'instance-retirement':
      'AWS retires the host. Before then, stop the instance and start it again: it then runs on another host. If its root volume is an instance store, replace it: AWS ends it, and its data is lost.',
    'instance-stop': 'Before then, stop the instance and start it again: it then runs on another host.',
    'instance-reboot': 'To choose the moment, reboot the instance yourself before then.',
    'system-reboot':
      'If that moment does not suit you, stop the instance before and start it again: it then runs on another host.',
    'system-maintenance':
      'The instance may lose its network for a while, or be rebooted. If that moment does not suit you, stop it before and start it again: it then runs on another host.',
  },
  spot: {
    interruption:
      'EC2 takes the instance back two minutes after the warning. Save what it works on, and take it out of service.',
    rebalance: 'EC2 is likely to take the instance back. Launch a replacement before it does.',
  },
  stuck: {
    pending:
      'Look at the AWS Health Dashboard. If you cannot wait, launch a replacement, in another zone if possible. If nothing moves, contact AWS Support.',
    stopping:
      'Force the stop: choose Force stop in the EC2 console, or run aws ec2 stop-instances with --force. Then check the file systems. If that does not help, contact AWS Support.',
    'shutting-down':
      'Wait: EC2 forces the end after several hours, and you do not pay for this time. If it takes longer, contact AWS Support.',
  },
};

/** What EC2 warns of. */
const SPOT_TEXTS: Readonly<Record<string, Verb>> = {
  interruption: { one: 'is going to be interrupted by EC2', many: 'are going to be interrupted by EC2' },
  rebalance: { one: 'is at risk of being interrupted by EC2', many: 'are at risk of being interrupted by EC2' },
};

const ENDS: Readonly<Record<ConditionEnd, string | undefined>> = {
  ok: undefined,
  left: undefined,
  completed: 'AWS says that it is done',
  canceled: 'AWS canceled it',
  stopped: 'stopped',
  terminated: 'terminated',
  restarted: 'started anew',
  unwatched: 'not watched any more',
};

/** Why a condition closed. `undefined`: the sentence about it says so. */
export function endText(why: ConditionEnd | undefined): string | undefined {
  return why && ENDS[why];
}

/** What AWS advises. `undefined` for what this version does not know. */
export function adviceOn({ type, of }: Condition): string | undefined {
  return Object.hasOwn(ADVICE[type], of) ? ADVICE[type][of] : undefined;
}

/**
 * What is wrong, or ahead.
 *
 * @param isNew false: an event was moved
 */
export function openText(
  { condition, began, before }: Pick<ConditionAnnouncement, 'condition' | 'began' | 'before'>,
  { timezone, isNew }: { readonly timezone: string; readonly isNew: boolean },
): Verb {
  switch (condition.type) {
    case 'impaired':
      return {
        one: `fails its ${checkText(condition.of)} status check`,
        many: `fail their ${checkText(condition.of)} status checks`,
      };
    case 'event': {
      const scheduled = `${isNew ? '' : 'now '}scheduled ${eventText(condition.of)}`;
      const day = condition.notBefore === undefined ? '' : ` on ${dayText(condition.notBefore, timezone)}`;
      return { one: `is ${scheduled}${day}`, many: `are ${scheduled}` };
    }
    case 'spot':
      return spotText(condition.of);
    case 'stuck': {
      const stuck = `been ${plain(condition.of)} for ${durationText(before - (began.after ?? began.before))}`;
      return { one: `has ${stuck}`, many: `have ${stuck}` };
    }
  }
}

/** What is over. */
export function closedText({ condition, why }: Pick<ConditionAnnouncement, 'condition' | 'why'>): Verb {
  switch (condition.type) {
    case 'impaired': {
      const check = `${checkText(condition.of)} status check`;
      return why === 'ok'
        ? { one: `passes its ${check} again`, many: `pass their ${check}s again` }
        : { one: `no longer fails its ${check}`, many: `no longer fail their ${check}s` };
    }
    case 'event': {
      const scheduled = `no longer scheduled ${eventText(condition.of)}`;
      return { one: `is ${scheduled}`, many: `are ${scheduled}` };
    }
    case 'spot':
      return { one: 'is past its spot warning', many: 'are past their spot warnings' };
    case 'stuck': {
      const stuck = `no longer ${plain(condition.of)}`;
      return { one: `is ${stuck}`, many: `are ${stuck}` };
    }
  }
}

function spotText(warning: string): Verb {
  const known = Object.hasOwn(SPOT_TEXTS, warning) ? SPOT_TEXTS[warning] : undefined;
  return known ?? { one: `is warned of ${plain(warning)}`, many: `are warned of ${plain(warning)}` };
}

function checkText(check: string): string {
  return check === 'attached-ebs' ? 'attached EBS' : plain(check);
}

function eventText(code: string): string {
  return (Object.hasOwn(EVENTS, code) ? EVENTS[code] : undefined) ?? `for ${plain(code)}`;
}
