import { named } from '../../../local/judge/observations.ts';
import type { MessageRecord } from '../history.ts';
import type { StoredOther, StoredTransition } from './evidence.ts';

/** The regions that a message is about. */
export function regionsOf({ attributes }: MessageRecord): readonly string[] {
  return listIn(attributes['region']);
}

/** The kinds of what a message tells: of a digest also the kinds of what is inside. */
export function kindsOf({ attributes }: MessageRecord): readonly string[] {
  return listIn(attributes['kind']);
}

/** How severe what a message tells is: of a digest, each of what is inside. */
export function severitiesOf({ attributes }: MessageRecord): readonly string[] {
  return listIn(attributes['severity']);
}

function listIn(value = ''): readonly string[] {
  return value.startsWith('[') ? JSON.parse(value) : [value];
}

/** Something that is to be told, for people. */
export function nameOf(thing: StoredTransition | StoredOther): string {
  return 'instance' in thing ? named(thing) : `${thing.id} of ${thing.subject.id}`;
}
