import type { SentDocument } from './data.ts';

/** A document in short: what it tells, and what else there is to know. @param arrow between two states */
export function documentText(
  document: SentDocument,
  arrow: '->' | '→',
): { readonly what: string; readonly more: string } {
  if (document.kind === 'silence') {
    const { news, silence, regions } = document;
    return { what: `silence '${silence.why}' ${news}`, more: `by ${silence.by}, ${regions.join(', ')}` };
  }
  if (document.kind === 'member') {
    const { account, name, news, severity } = document;
    return { what: `account ${name ?? account} ${news}`, more: severity };
  }
  const { severity, region } = document;
  if (document.kind === 'condition') {
    return { what: `${document.news} ${document.condition}`, more: `${severity}, ${region}` };
  }
  const { transitions, from, to, cause } = document;
  return { what: `${transitions.length} × ${from} ${arrow} ${to}`, more: `${cause}, ${severity}, ${region}` };
}

/** What all documents of its kind look like: one of its transitions is enough. */
export function example({ at: _, bytes: __, ...document }: SentDocument): object {
  return 'transitions' in document ? { ...document, transitions: document.transitions.slice(0, 1) } : document;
}
