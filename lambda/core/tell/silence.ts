import { MESSAGE_VERSION, type SilenceDocument } from '../../contract/message.ts';
import type { KnownSilence, SilenceAnnouncement } from '../known/announcement.ts';
import { iso } from './document.ts';
import type { Kind } from './kind.ts';

/** Silences: machines hear who silences what, why and until when. People do not: they wanted to hear less. */
export const silence: Kind<SilenceAnnouncement> = {
  sharedBy: ({ id }, reader) => (reader === 'Transitions' ? [id] : undefined),
  overAllScopes: true,
  attributes: (group, _, { account }) => {
    const [{ subject }] = group;
    return { kind: 'silence', account, region: group.length === 1 ? subject.region : 'multiple' };
  },
  smallest: (announcement) => ({
    ...announcement,
    silence: { ...announcement.silence, by: '', why: '' },
  }),
  machines: {
    // One is in the message, however many scopes it is about.
    bytes: () => 0,
    body: (group, { account }) => {
      const [{ id, news, silence }] = group;
      const document: SilenceDocument = {
        version: MESSAGE_VERSION,
        kind: 'silence',
        account,
        id,
        news,
        regions: [...new Set(group.map(({ subject }) => subject.region))].sort(),
        silence: silenceDocument(silence),
      };
      return JSON.stringify(document);
    },
  },
};

/** A silence as the JSON for machines tells it. */
export function silenceDocument({ id, by, why, from, until, select }: KnownSilence): SilenceDocument['silence'] {
  return { id, by, why, from: iso(from), until: iso(until), select };
}
