import type { Announcement } from '../known/announcement.ts';
import { baseline } from './baseline.ts';
import { condition } from './condition.ts';
import { digest, reminder } from './digest.ts';
import type { Kind } from './kind.ts';
import { member } from './member.ts';
import { silence } from './silence.ts';
import { test } from './test.ts';
import { transition } from './transition.ts';
import { unreadSilence } from './unread-silence.ts';

type KindOf<K extends Announcement['kind']> = Kind<Extract<Announcement, { kind: K }>>;

/** Every kind of announcement. A new kind is a file and a line here. */
const KINDS: { readonly [K in Announcement['kind']]: KindOf<K> } = {
  transition,
  condition,
  reminder,
  digest,
  silence,
  'unread-silence': unreadSilence,
  member,
  baseline,
  test,
};

/** How an announcement is said. */
export function kindOf({ kind }: Announcement): Kind<Announcement> {
  // Whoever takes it hands it announcements of this kind only: a group never mixes kinds.
  return KINDS[kind] as unknown as Kind<Announcement>;
}
