import type { Selector, Silence } from '../../lambda/contract/silence.ts';
import { silencesAbout } from '../../lambda/core/address/silence-news.ts';
import { coverageOf, silencingAt } from '../../lambda/core/address/silencing.ts';
import type { Instance } from '../../lambda/core/known/instance.ts';
import type { Scope } from '../../lambda/core/known/scope.ts';
import type { Known } from '../../lambda/core/known/snapshot.ts';
import { sideBySide } from '../../lambda/core/side-by-side.ts';
import type { Deployment } from './deployment.ts';
import { Unable } from './unable.ts';

/** Each holds a snapshot in memory. */
const SCOPES_AT_ONCE = 8;

const TAG = 'tag:';

/** An instance that a silence covers. */
export interface Covered {
  readonly scope: Scope;
  readonly known: Known;
}

/** Whom a silence covers now, as far as that is known. */
export interface Coverage {
  readonly covered: readonly Covered[];
  /** Where that is not known, and why. */
  readonly unknown: readonly { readonly scope: Scope; readonly sentence: string }[];
}

/**
 * Whom a silence covers, by what the monitor knows. A snapshot keeps only the tags that some silence names already, so tags are
 * asked of EC2, in the regions where they decide.
 *
 * @param account of the caller
 * @throws Unable when it is not known which regions there are
 */
export async function coverageNow(silence: Silence, deployment: Deployment, account: string): Promise<Coverage> {
  const { from, select } = silence;
  const silencing = silencingAt(from, [silence], true);
  const scopes = (await deployment.scopes()).filter((scope) => silencesAbout(scope, silencing) !== undefined);
  const looks = await sideBySide(scopes, SCOPES_AT_ONCE, async (scope): Promise<Coverage> => {
    try {
      return { covered: await coveredIn(scope, select, deployment, account), unknown: [] };
    } catch (error) {
      if (!(error instanceof Unable)) throw error;
      return { covered: [], unknown: [{ scope, sentence: error.message }] };
    }
  });
  return {
    covered: looks.flatMap(({ covered }) => covered),
    unknown: looks.flatMap(({ unknown }) => unknown),
  };
}

async function coveredIn(
  scope: Scope,
  select: readonly Selector[],
  deployment: Deployment,
  account: string,
): Promise<Covered[]> {
  const isTag = ({ by }: Selector): boolean => by.startsWith(TAG);
  const instances = [...((await deployment.snapshot(scope))?.instances.values() ?? [])];
  const isCandidate = coverageOf(select.filter((each) => !isTag(each)));
  const candidates = instances
    // EC2 shows it for another hour, and nothing more happens to it.
    .filter((known) => known.seen.state !== 'terminated' && isCandidate(scope, known))
    .map((known) => ({ scope, known }));
  const tags = select.filter(isTag);
  if (tags.length === 0 || candidates.length === 0) return candidates;

  // EC2 ANDs filters of different names. What else is selected of one tag, the core decides.
  const filters = new Map(tags.map(({ by, values }) => [by, values]));
  const keys = [...filters.keys()].map((by) => by.slice(TAG.length));
  const listed = await deployment.listed(
    scope,
    account,
    [...filters].map(([name, values]) => ({ name, values })),
    keys,
  );
  const now = new Map(listed.map((instance) => [instance.id, instance]));
  const isCovered = coverageOf(select);
  return candidates.filter(({ known }) => isCovered(scope, withTags(known, now.get(known.seen.id))));
}

function withTags(known: Known, now: Instance | undefined): Known {
  return { ...known, seen: { ...known.seen, tags: now?.tags } };
}
