import { z } from 'zod';
import {
  ACCOUNTS_FORM,
  type AccountChoice,
  accountChoice,
  isSelf,
  type MemberAccounts,
  parseAccounts,
} from '../../lambda/contract/accounts.ts';
import {
  EXTERNAL_ID,
  MEMBER_ROLE,
  ORGANIZATION_ID,
  ROLE_NAME,
  SHARDS_AT_MOST,
  UNIT_ID,
} from '../../lambda/contract/member.ts';
import { type Definitions, listOf, truth } from './definition.ts';

/** Which accounts are watched besides that of the monitor (the hub), and how it gets into them. */
export interface AccountSettings {
  /**
   * Accounts to watch besides that of the monitor: ids, `organization`, and organizational units, such as
   * `organization,-111122223333` for all but one. Default: `self`, none.
   */
  readonly accounts?: string | readonly string[] | AccountChoice;
  /** Name of the role in each of them. Default: `Ec2StateMonitorMember`. */
  readonly memberRole?: string;
  /** What the trust policies of those roles ask for. Needed for accounts outside the organization only. */
  readonly externalId?: string | undefined;
  /** Whether instances are also counted by account: those of the 50 accounts with the most, six metrics each. Default: false. */
  readonly accountMetrics?: boolean;
  /**
   * How many shards the accounts are divided into at most, each looked at by an invocation of its own. Default: `auto`, one for each 125
   * accounts. There are no smaller ones.
   */
  readonly shards?: number | 'auto';
  /** Id of the organization, which the member roles made by `memberStackSet` trust. */
  readonly organizationId?: string | undefined;
  /** Organizational units, or the root of the organization, to whose accounts a StackSet of this stack deploys the role. Default: none. */
  readonly memberStackSet?: readonly string[];
  /** As whom the StackSet is made. Default: `SELF`, the management account. */
  readonly memberStackSetCallAs?: 'SELF' | 'DELEGATED_ADMIN';
}

/** As text, as a list of texts, or as it was read already. */
const accounts = z
  .union([z.string(), z.array(z.union([z.string(), z.number()])), z.custom<AccountChoice>(isAccountChoice)])
  .transform((given, context): AccountChoice => {
    if (isAccountChoice(given)) return given;
    try {
      return parseAccounts(String(given));
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error));
      return z.NEVER;
    }
  });

function isAccountChoice(given: unknown): given is AccountChoice {
  return accountChoice.safeParse(given).success;
}

/** "Root", Organizations API Reference. */
const ROOT_ID = /^r-[0-9a-z]{4,32}$/;

const target = z
  .string()
  .refine(
    (id) => ROOT_ID.test(id) || UNIT_ID.test(id),
    'expected the id of a root (r-…) or of an organizational unit (ou-…)',
  );

/** {@link AccountSettings}, by key. */
export const ACCOUNT_SETTINGS = {
  accounts: {
    schema: accounts,
    allowed: `${ACCOUNTS_FORM} (in cdk.json also a list)`,
    default: 'self',
    example: 'organization,-111122223333',
  },
  memberRole: {
    schema: z.string().regex(ROLE_NAME),
    allowed: 'the name of a role without its path: at most 64 letters, digits and _+=,.@-',
    default: MEMBER_ROLE,
    example: 'ReadInstances',
  },
  externalId: {
    schema: z.string().regex(EXTERNAL_ID).optional(),
    allowed: '2 to 1224 letters, digits and _+=,.@:/-',
    example: '5f0c1b9a-monitor',
  },
  accountMetrics: { schema: truth, allowed: 'true or false', default: 'false', example: 'true' },
  shards: {
    schema: z.union([
      z.literal('auto'),
      z
        .union([z.number(), z.string().trim().regex(/^\d+$/).transform(Number)])
        .pipe(z.int().min(1).max(SHARDS_AT_MOST)),
    ]),
    allowed: `auto, or a whole number from 1 to ${SHARDS_AT_MOST}`,
    default: 'auto',
    example: '10',
  },
  organizationId: {
    schema: z.string().regex(ORGANIZATION_ID).optional(),
    allowed: 'the id of an organization (o-…)',
    example: 'o-a1b2c3d4e5',
  },
  memberStackSet: {
    schema: listOf(target).default([]),
    allowed:
      'ids of organizational units (ou-…), or of the root (r-…), separated by commas (in cdk.json also a list); needs organizationId or externalId',
    example: 'r-ab12',
  },
  memberStackSetCallAs: {
    schema: z.enum(['SELF', 'DELEGATED_ADMIN']),
    allowed: 'SELF or DELEGATED_ADMIN',
    default: 'SELF',
    example: 'DELEGATED_ADMIN',
  },
} as const satisfies Definitions<AccountSettings>;

/** What the function is told of other accounts. `undefined`: it watches its own only. */
export function membersOf({
  accounts: choose,
  memberRole: role,
  externalId,
  accountMetrics,
  shards,
}: Pick<Checked, 'accounts' | 'memberRole' | 'externalId' | 'accountMetrics' | 'shards'>): MemberAccounts | undefined {
  return isSelf(choose) ? undefined : { choose, role, externalId, accountMetrics, shards };
}

type Checked = { readonly [Key in keyof typeof ACCOUNT_SETTINGS]: z.output<(typeof ACCOUNT_SETTINGS)[Key]['schema']> };
