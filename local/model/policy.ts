import { AwsError } from './aws-error.ts';
import { matchesWildcards } from './wildcards.ts';

/** One value or several: policies take both. */
type OneOrMore = string | readonly string[];

/** A statement of a policy. "IAM JSON policy element reference", IAM User Guide. */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: OneOrMore;
  /** In trust policies: who may act. */
  readonly Principal?: { readonly AWS: OneOrMore };
  /** In policies of permissions: on what. */
  readonly Resource?: OneOrMore;
  /** Operator, key, values. All must be true. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

/** A policy document, as far as it is simulated. */
export interface Policy {
  readonly Statement: readonly Statement[];
}

/** A request, as policies see it. */
export interface PolicyRequest {
  readonly action: string;
  readonly resource: string;
  /** The ARN of the user or of the role, never of a session, and its account. */
  readonly principalArn: string;
  readonly account: string;
  /** Values of condition keys. A key that is absent fulfils no condition. */
  readonly context: Readonly<Record<string, string | undefined>>;
}

/** Compares one value of a policy with that of the request. Those that are missing here are not simulated. */
const OPERATORS: Readonly<Record<string, (pattern: string, value: string) => boolean>> = {
  StringEquals: (pattern, value) => pattern === value,
  StringLike: matchesWildcards,
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
};

/**
 * Whether the policies together allow a request: some statement does, and none denies. "Policy evaluation logic", IAM User
 * Guide, for one account and one kind of policy.
 *
 * @throws AwsError MalformedPolicyDocument for an operator that is not simulated: ignored, it would allow too much
 */
export function allows(policies: readonly Policy[], request: PolicyRequest): boolean {
  const applying = policies.flatMap(({ Statement }) => Statement).filter((statement) => applies(statement, request));
  return applying.length > 0 && applying.every(({ Effect }) => Effect === 'Allow');
}

function applies({ Action, Principal, Resource, Condition = {} }: Statement, request: PolicyRequest): boolean {
  const { action, resource, principalArn, account, context } = request;
  const isPrincipal = (who: string) =>
    who === '*' || who === principalArn || who === account || rootOf(who) === account;
  return (
    some(Action, (pattern) => matchesWildcards(pattern.toLowerCase(), action.toLowerCase())) &&
    (Principal === undefined || some(Principal.AWS, isPrincipal)) &&
    (Resource === undefined || some(Resource, (pattern) => matchesWildcards(pattern, resource))) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => isFulfilled(operator, context[key], values)),
    )
  );
}

function isFulfilled(operator: string, value: string | undefined, values: OneOrMore): boolean {
  const compare = OPERATORS[operator];
  if (compare === undefined) {
    throw new AwsError('MalformedPolicyDocument', 400, `The condition operator '${operator}' is not simulated.`);
  }
  return value !== undefined && some(values, (pattern) => compare(pattern, value));
}

/** Each of the six parts of an ARN is compared by itself. "ARN condition operators", IAM User Guide. */
function matchesArn(pattern: string, value: string): boolean {
  const [patterns, values] = [pattern, value].map((arn) =>
    /^([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s.exec(arn)?.slice(1),
  );
  return (
    patterns !== undefined &&
    values !== undefined &&
    patterns.every((each, i) => matchesWildcards(each, values[i] ?? ''))
  );
}

/** `arn:aws:iam::111122223333:root` stands for the account. */
function rootOf(arn: string): string | undefined {
  return /^arn:[^:]+:iam::(\d{12}):root$/.exec(arn)?.[1];
}

function some(values: OneOrMore, test: (value: string) => boolean): boolean {
  return (typeof values === 'string' ? [values] : values).some(test);
}
