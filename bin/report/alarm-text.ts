import type { AlarmChange } from '../../local/model/alarms.ts';

/** What an alarm did, for people. */
export function alarmText({ alarm, state }: AlarmChange): string {
  return `alarm ${alarm.name} ${state === 'ALARM' ? 'rings' : 'is over'}`;
}

/** The colour of that: a mood. */
export function alarmMood({ state }: AlarmChange): 'bad' | 'good' {
  return state === 'ALARM' ? 'bad' : 'good';
}
