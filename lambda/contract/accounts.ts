import * as z from 'zod/mini';
import { ACCOUNT_ID, EXTERNAL_ID, ROLE_NAME, UNIT_ID } from './member.ts';
import { written } from './written.ts';

/** Which accounts are watched, besides that of the monitor itself (the hub). */
export interface AccountChoice {
  /** All accounts of the organization. */
  readonly organization: boolean;
  /** Organizational units, with all units below them. */
  readonly units: readonly string[];
  readonly ids: readonly string[];
  /** Accounts that are not watched, wherever they are. */
  readonly except: readonly string[];
}

/** Only the account of the monitor itself. */
export const SELF: AccountChoice = { organization: false, units: [], ids: [], except: [] };

/** How accounts are chosen, for errors and help. */
export const ACCOUNTS_FORM =
  'self, or account ids, organization and organizational units (ou-…) separated by commas; an id with a minus before it is left out';

/**
 * Reads `self`, `organization`, `organization,-111122223333`, `ou-ab12-11111111,444455556666`.
 *
 * @throws Error that says what is wrong with which part
 */
export function parseAccounts(text: string): AccountChoice {
  const parts = text.split(',').map((part) => part.trim());
  const twice = parts.find((part, index) => parts.indexOf(part) !== index);
  if (twice !== undefined) throw new Error(`'${twice}' is given more than once`);
  if (parts.length === 1 && parts[0] === 'self') return SELF;
  const left = parts.filter((part) => part.startsWith('-')).map((part) => part.slice(1));
  const chosen = parts.filter((part) => !part.startsWith('-'));
  for (const part of chosen) {
    if (part === 'self') throw new Error("'self' is always watched: leave it out beside others");
    if (part !== 'organization' && !UNIT_ID.test(part) && !ACCOUNT_ID.test(part)) throw new Error(wrong(part));
  }
  const malformed = left.find((id) => !ACCOUNT_ID.test(id));
  if (malformed !== undefined) throw new Error(wrong(`-${malformed}`));
  const contradiction = left.find((id) => chosen.includes(id));
  if (contradiction !== undefined) throw new Error(`${contradiction} is both chosen and left out`);
  const units = chosen.filter((part) => UNIT_ID.test(part));
  const organization = chosen.includes('organization');
  if (organization && units.length > 0)
    throw new Error(`'organization' has all units already: leave out ${units.join(', ')}`);
  if (left.length > 0 && !organization && units.length === 0) {
    throw new Error(`-${left[0]} leaves out what was not chosen: exceptions are for organization and ou-…`);
  }
  return { organization, units, ids: chosen.filter((part) => ACCOUNT_ID.test(part)), except: left };
}

function wrong(part: string): string {
  return `'${part}' is none of: self, an account id of twelve digits, organization, ou-…, or -ID`;
}

/** A choice as text. The inverse of {@link parseAccounts}. */
export function accountsText({ organization, units, ids, except }: AccountChoice): string {
  const parts = [...(organization ? ['organization'] : []), ...units, ...ids, ...except.map((id) => `-${id}`)];
  return parts.join(',') || 'self';
}

/** Whether only the account of the monitor itself is watched. */
export function isSelf(choice: AccountChoice): boolean {
  return accountsText(choice) === 'self';
}

const texts = z.readonly(z.array(z.string()));

/** Reads an {@link AccountChoice}. */
export const accountChoice: z.ZodMiniType<AccountChoice> = z.object({
  organization: z.boolean(),
  units: texts,
  ids: texts,
  except: texts,
});

/** Reads how the function acts in member accounts. */
export const memberAccounts = z.object({
  /** Which they are. */
  choose: written(accountChoice, parseAccounts, accountsText),
  /** Name of the role in each of them. */
  role: z.string().check(z.regex(ROLE_NAME, 'expected the name of a role')),
  /** What the trust policies of those roles may ask for. */
  externalId: z.optional(z.string().check(z.regex(EXTERNAL_ID, 'expected an external id'))),
  /** Whether instances are also counted by account. */
  accountMetrics: z.boolean(),
  /** How many shards they are divided into, where there is a state machine. */
  shards: z.union([z.literal('auto'), z.number()]),
});

/** What {@link memberAccounts} reads. */
export type MemberAccounts = Readonly<z.infer<typeof memberAccounts>>;
