import { type MemberRole, memberTemplate } from '../../lib/member-role.ts';
import { memberRoleOf } from '../../local/function/member-role.ts';
import type { Role } from '../../local/model/accounts.ts';

/** The role that CloudFormation makes of a member's template, in partition `aws`. */
export function roleOf(role: MemberRole): Role {
  return memberRoleOf(memberTemplate(role), 'aws');
}
