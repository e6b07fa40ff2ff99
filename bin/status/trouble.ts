import { NotAssumed } from '../../lambda/adapters/sts.ts';
import { counted } from '../../lambda/core/tell/phrases.ts';

/** What kept someone from looking, in a word for machines and a sentence for people. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** What went wrong, what was given, how to mend it. Names no region where it is the same in each. */
  readonly sentence: string;
}

/** What was tried when it went wrong. */
export interface Attempt {
  /** The permission that it needs. */
  readonly action: string;
  readonly timeoutSeconds: number;
  /** What AWS_PROFILE says. */
  readonly profile?: string | undefined;
  /** Name of the role of a member account that was to be assumed. */
  readonly role?: string | undefined;
  /** The option that leaves regions out. Default: `--regions`. */
  readonly fewer?: string;
}

/** An error as far as sentences depend on it, and what was tried. The code is AWS's own, or that of the network. */
type Failure = Attempt & { readonly code: string; readonly message: string; readonly hostname: string };

/** Applies to these codes, or to what else tells. */
interface Rule {
  readonly kind: string;
  readonly of: readonly string[] | ((failure: Failure) => boolean);
  readonly sentence: (failure: Failure) => string;
}

const CREDENTIALS = ['CredentialsProviderError', 'TokenProviderError'];

const DENIALS = ['UnauthorizedOperation', 'AccessDenied', 'AccessDeniedException'];

const hasNone = ({ code, message }: Failure) =>
  code === 'CredentialsProviderError' && /^Could not (load|resolve)/.test(message);

/** The first that fits decides. "Error codes for the Amazon EC2 API", EC2 API Reference. */
const RULES = [
  {
    kind: 'denied-by-organization',
    of: ['Denied'],
    sentence: ({ message, fewer = '--regions' }) =>
      `A policy of the organization denies it: ${sentenceOf(reasonFor(message))} ` +
      `Leave the region out with ${fewer}, or ask who runs the organization.`,
  },
  {
    kind: 'expired-credentials',
    of: ['RequestExpired', 'ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired'],
    sentence: ({ code, profile }) =>
      `The credentials have expired (${code}). Get new ones where these came from, with '${signIn(profile)}' for instance; ` +
      "if they are new, set this machine's clock.",
  },
  {
    kind: 'expired-credentials',
    of: ({ code, message }) => CREDENTIALS.includes(code) && /expired|aws (sso )?login/i.test(message),
    sentence: ({ profile }) =>
      `The sign-in${profile === undefined ? '' : ` of the profile '${profile}'`} has expired, or there was none yet. ` +
      `Sign in with '${signIn(profile)}' and look again.`,
  },
  {
    kind: 'unusable-profile',
    of: (failure) => hasNone(failure) && failure.profile !== undefined,
    sentence: ({ profile }) =>
      `The profile '${profile}' gives no credentials: ~/.aws/config and ~/.aws/credentials do not have it, or not how to ` +
      "sign in. Set AWS_PROFILE to one of those that 'aws configure list-profiles' lists.",
  },
  {
    kind: 'no-credentials',
    of: hasNone,
    sentence: () =>
      'There are no credentials: no profile, no environment variable and no role of this machine gives any. ' +
      "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run 'aws configure' or 'aws configure sso'.",
  },
  {
    kind: 'unusable-credentials',
    of: CREDENTIALS,
    sentence: ({ message }) =>
      `The credentials cannot be had: ${sentenceOf(message)} 'aws sts get-caller-identity' asks for the same ones.`,
  },
  {
    kind: 'invalid-credentials',
    of: [
      ...['AuthFailure', 'InvalidClientTokenId', 'InvalidAccessKeyId', 'UnrecognizedClientException'],
      ...['SignatureDoesNotMatch', 'IncompleteSignature', 'MissingAuthenticationToken', 'OptInRequired'],
    ],
    sentence: ({ code }) =>
      `AWS does not accept the credentials here (${code}): the key is wrong, inactive or of another partition, or the ` +
      "region is not enabled in this account. 'aws sts get-caller-identity' tells whose key it is, " +
      "'aws account list-regions' which regions are enabled.",
  },
  {
    kind: 'unknown-host',
    of: ['ENOTFOUND', 'EAI_AGAIN'],
    sentence: ({ code, hostname }) =>
      `There is no host ${hostname} (${code}): the name of the region is wrong, or this machine cannot look up names. ` +
      "Correct the region ('aws ec2 describe-regions --all-regions' lists them), or check network and AWS_ENDPOINT_URL.",
  },
  {
    kind: 'role-refused',
    of: ({ code, role }) => role !== undefined && DENIALS.includes(code),
    sentence: ({ code, message, role }) =>
      // Without the account, so that the sentence is the same for all that refuse.
      `AWS refuses (${code}): ${sentenceOf(message.replace(/ on resource: \S+/, ''))} The account or its role ${role} is not there, or ` +
      'the role does not trust this caller or wants another external id, or no policy of the caller allows it. Deploy what ' +
      "'npm run member-template' prints there; --role and --external-id have to fit it.",
  },
  {
    kind: 'sts-not-enabled',
    of: ['RegionDisabledException'],
    sentence: ({ code }) =>
      `STS of the configured region is not enabled in this account (${code}). Set AWS_REGION to a region that is enabled in all ` +
      'accounts, such as us-east-1.',
  },
  {
    kind: 'no-organization',
    of: ['AWSOrganizationsNotInUseException'],
    sentence: ({ code }) => `The caller's account is in no organization (${code}).`,
  },
  {
    kind: 'no-such-unit',
    of: ['ParentNotFoundException'],
    sentence: ({ code }) =>
      `The organization has no such organizational unit (${code}): 'aws organizations list-organizational-units-for-parent' lists them.`,
  },
  {
    kind: 'not-allowed',
    of: ({ code, action }) => DENIALS.includes(code) && action.startsWith('organizations:'),
    sentence: ({ code, message }) =>
      `AWS refuses (${code}): ${sentenceOf(message)} Run this in the management account or as a delegated administrator, ` +
      'with organizations:ListAccounts, ListAccountsForParent and ListOrganizationalUnitsForParent allowed.',
  },
  {
    kind: 'not-allowed',
    of: DENIALS,
    sentence: ({ code, message, action }) =>
      `AWS refuses (${code}): ${sentenceOf(reasonFor(message))} Have ${action} allowed for it.`,
  },
  {
    kind: 'throttled',
    of: ['RequestLimitExceeded', 'Throttling', 'ThrottlingException', 'TooManyRequestsException', 'SlowDown'],
    sentence: ({ code, action, fewer = '--regions' }) =>
      `AWS throttles the calls of this account (${code}), and did when asked again too. Wait a minute` +
      `${action.startsWith('ec2:') ? `, or look at fewer regions with ${fewer}` : ''}.`,
  },
  {
    kind: 'no-answer',
    of: ['TimeoutError', 'AbortError'],
    sentence: ({ timeoutSeconds }) =>
      `No complete answer within ${counted(timeoutSeconds, 'second')}. Look again, or wait longer with --timeout.`,
  },
  {
    kind: 'no-connection',
    of: ({ code }) => /^(E[A-Z]+|[A-Z_]*CERT[A-Z_]*|ERR_(TLS|SSL|INVALID_URL)\w*)$/.test(code),
    sentence: ({ code, message }) =>
      `There is no connection to AWS (${code}): ${sentenceOf(message)} Check network, proxy and AWS_ENDPOINT_URL.`,
  },
] as const satisfies readonly Rule[];

/** Who was asked, and how to ask without this program, where it is not EC2 for its instances. */
const COMMANDS: Readonly<Record<string, readonly [service: string, command: string]>> = {
  'ec2:DescribeInstanceStatus': ['EC2', 'ec2 describe-instance-status'],
  'sts:AssumeRole': ['STS', 'sts assume-role'],
  'sts:GetCallerIdentity': ['STS', 'sts get-caller-identity'],
  'organizations:ListAccounts': ['Organizations', 'organizations list-accounts'],
};

const OTHERWISE = {
  kind: 'failure',
  sentence: ({ code, message, action }: Failure) => {
    const [service, command] = COMMANDS[action] ?? ['EC2', 'ec2 describe-instances'];
    return `${code === 'Error' ? '' : `${code}: `}${sentenceOf(message)} If it stays, 'aws ${command}' tells whether it is ${service}.`;
  },
} as const;

/** What kept someone from looking. */
export type TroubleKind = (typeof RULES)[number]['kind'] | (typeof OTHERWISE)['kind'];

/** What kept someone from looking, whatever was thrown. */
export function troubleOf(error: unknown, attempt: Attempt): Trouble {
  if (error instanceof NotAssumed) {
    const role = error.role.arn.replace(/^.*:role\//, '');
    return troubleOf(error.cause, { ...attempt, action: 'sts:AssumeRole', role });
  }
  // Some of what is thrown is no Error of this realm: a deadline is a DOMException.
  const thrown: Partial<Record<string, string>> = Object(error);
  const { name = 'Error', code: ofNetwork, message = String(error), hostname = 'of that name' } = thrown;
  const code = typeof ofNetwork === 'string' && !CREDENTIALS.includes(name) ? ofNetwork : name;
  const failure = { ...attempt, code, message: message || code, hostname };
  const fits = ({ of }: Rule) => (typeof of === 'function' ? of(failure) : of.includes(code));
  const { kind, sentence } = RULES.find(fits) ?? OTHERWISE;
  return { kind, sentence: sentence(failure) };
}

function signIn(profile: string | undefined): string {
  return profile === undefined ? 'aws sso login' : `aws sso login --profile ${profile}`;
}

/** What AWS says behind its general preface, without the part that only AWS can read. */
function reasonFor(message: string): string {
  return message
    .replace(/^You are not authorized to perform this operation\.\s*(?=\S)/, '')
    .replace(/\s*Encoded authorization failure message: \S+/, '');
}

function sentenceOf(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
