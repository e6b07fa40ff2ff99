import type { MemberRole } from '../../lib/member-role.ts';
import { memberTemplate } from '../../lib/member-role.ts';
import type { Role } from '../../local/model/accounts.ts';

/** The role that CloudFormation makes of a member's template, in partition `aws`. */
export function roleOf(role: MemberRole): Role {
  const text = JSON.stringify(memberTemplate(role)).replaceAll(/\$\{AWS::Partition\}/g, 'aws');
  const { Resources } = JSON.parse(text, (_, value) => value?.['Fn::Sub'] ?? value);
  const { RoleName, AssumeRolePolicyDocument, Policies } = Resources.MemberRole.Properties;
  const permissions = Policies.map(({ PolicyDocument }: { PolicyDocument: Role['trust'] }) => PolicyDocument);
  return { name: RoleName, trust: AssumeRolePolicyDocument, permissions };
}
