import { AwsError } from './aws-error.ts';
import type { Cloud } from './cloud.ts';
import type { Organization } from './organization.ts';
import { allows, type Policy } from './policy.ts';

/** A role of an account. */
export interface Role {
  readonly name: string;
  /** Who may assume it. */
  readonly trust: Policy;
  readonly permissions: readonly Policy[];
}

/** Who makes a call. */
export interface Caller {
  /** The account that is acted in. */
  readonly cloud: Cloud;
  /** As GetCallerIdentity says it: of the session, if it is one. */
  readonly arn: string;
  /** The value of `aws:PrincipalArn`: for a session, the ARN of the role. "AWS global condition context keys", IAM User Guide. */
  readonly principalArn: string;
  /** Absent: a user who may do everything in the account. */
  readonly permissions?: readonly Policy[];
}

/** How a service refuses. */
export interface RefusalCodes {
  /** Nobody has allowed it. */
  readonly denied: string;
  /** The session is over. */
  readonly expired: string;
  /** The key, or the token of its session, is not one. */
  readonly invalid: string;
}

/** Of most services: their "Common errors". */
export const COMMON_CODES: RefusalCodes = {
  denied: 'AccessDenied',
  expired: 'ExpiredToken',
  invalid: 'InvalidClientTokenId',
};

/** What AssumeRole gives. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** What is asked of AssumeRole. */
export interface RoleRequest {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly externalId?: string | undefined;
  /** Default: an hour. */
  readonly durationSeconds?: number | undefined;
}

/** Several simulated accounts: who may act in which of them, and the organization that they may form. */
export class Accounts {
  /** The account of all credentials that are nobody's session. */
  readonly home: Cloud;
  readonly organization: Organization | undefined;
  readonly #clouds = new Map<string, Cloud>();
  readonly #roles = new Map<string, { readonly role: Role; readonly cloud: Cloud }>();
  readonly #sessions = new Map<string, SessionCredentials & { readonly caller: Caller }>();

  constructor(home: Cloud, others: readonly Cloud[] = [], organization?: Organization) {
    this.home = home;
    this.organization = organization;
    for (const cloud of [home, ...others]) this.#clouds.set(cloud.account, cloud);
  }

  /** Makes a role, or replaces the one of that name. @returns its ARN */
  addRole(account: string, role: Role): string {
    const cloud = this.#clouds.get(account);
    if (cloud === undefined) throw new Error(`There is no account ${account}.`);
    const arn = `arn:${cloud.partition}:iam::${account}:role/${role.name}`;
    this.#roles.set(arn, { role, cloud });
    return arn;
  }

  /** A session of a role, for whoever is to have it, whatever the role trusts. */
  signIn({ roleArn, sessionName, durationSeconds = 3600 }: RoleRequest): SessionCredentials {
    const found = this.#roles.get(roleArn);
    if (found === undefined) throw new Error(`There is no role ${roleArn}.`);
    const { role, cloud } = found;
    const accessKeyId = `ASIA${cloud.account}${String(this.#sessions.size + 1).padStart(6, '0')}`;
    const session: SessionCredentials = {
      accessKeyId,
      secretAccessKey: 'simulated',
      sessionToken: `token-of-${accessKeyId}`,
      expiration: new Date(this.home.now() + durationSeconds * 1000),
    };
    const caller: Caller = {
      cloud,
      arn: `arn:${cloud.partition}:sts::${cloud.account}:assumed-role/${role.name.replace(/^.*\//, '')}/${sessionName}`,
      principalArn: roleArn,
      permissions: role.permissions,
    };
    this.#sessions.set(accessKeyId, { ...session, caller });
    return session;
  }

  /** Who signs with this key. @throws AwsError for a session that is over, or whose token is missing */
  callerOf(accessKeyId: string, sessionToken: string | undefined, codes = COMMON_CODES): Caller {
    const session = this.#sessions.get(accessKeyId);
    if (session === undefined) {
      const arn = `arn:${this.home.partition}:iam::${this.home.account}:user/local`;
      return { cloud: this.home, arn, principalArn: arn };
    }
    if (session.sessionToken !== sessionToken) {
      throw new AwsError(codes.invalid, 403, 'The security token included in the request is invalid');
    }
    if (this.home.now() >= session.expiration.getTime())
      throw new AwsError(codes.expired, 400, 'The security token included in the request is expired');
    // What a role may do holds for its sessions at once. "Revoking IAM role temporary security credentials", IAM User Guide.
    const { caller } = session;
    const permissions = this.#isOpen(caller.cloud) ? this.#roles.get(caller.principalArn)?.role.permissions : [];
    return { ...caller, permissions: permissions ?? [] };
  }

  /**
   * "AssumeRole", STS API Reference. A role that is not there is refused like one that does not trust.
   *
   * @throws AwsError AccessDenied
   */
  assume(caller: Caller, request: RoleRequest): SessionCredentials {
    const { roleArn, externalId } = request;
    const found = this.#roles.get(roleArn);
    const isTrusted =
      found !== undefined &&
      this.#isOpen(found.cloud) &&
      allows([found.role.trust], {
        action: 'sts:AssumeRole',
        resource: roleArn,
        principalArn: caller.principalArn,
        account: caller.cloud.account,
        context: {
          'sts:ExternalId': externalId,
          'aws:PrincipalArn': caller.principalArn,
          'aws:PrincipalOrgID': this.organization?.has(caller.cloud.account) ? this.organization.id : undefined,
        },
      });
    if (!isTrusted) throw refusalOf(caller, 'sts:AssumeRole', roleArn, COMMON_CODES.denied);
    return this.signIn(request);
  }

  /** Nobody can use an account that is closed or suspended. "Close an AWS account", AWS Account Management Reference Guide. */
  #isOpen({ account }: Cloud): boolean {
    return this.organization?.isActive(account) ?? true;
  }
}

/** Checks what the permissions of a session say. @param code how the service refuses @throws AwsError */
export function authorize(caller: Caller, action: string, resource: string, code: string): void {
  const { cloud, principalArn, permissions } = caller;
  if (permissions === undefined || action === 'sts:GetCallerIdentity') return;
  if (!allows(permissions, { action, resource, principalArn, account: cloud.account, context: {} })) {
    throw refusalOf(caller, action, resource, code);
  }
}

function refusalOf({ arn }: Caller, action: string, resource: string, code: string): AwsError {
  const on =
    resource === '*' ? ` because no identity-based policy allows the ${action} action` : ` on resource: ${resource}`;
  const preface = code === 'UnauthorizedOperation' ? 'You are not authorized to perform this operation. ' : '';
  return new AwsError(code, 403, `${preface}User: ${arn} is not authorized to perform: ${action}${on}`);
}
