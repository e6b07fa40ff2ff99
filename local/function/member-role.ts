import type { Role } from '../model/accounts.ts';

/** The role that CloudFormation makes of a member's template. @param partition of the account that it is deployed to */
export function memberRoleOf(
  template: { readonly Resources: { readonly MemberRole: { readonly Properties: object } } },
  partition: string,
): Role {
  const text = JSON.stringify(template.Resources.MemberRole.Properties).replaceAll(/\$\{AWS::Partition\}/g, partition);
  const properties = JSON.parse(text, (_, value) => value?.['Fn::Sub'] ?? value);
  const { RoleName: name, AssumeRolePolicyDocument: trust, Policies } = properties;
  const permissions = Policies.map(({ PolicyDocument }: { PolicyDocument: Role['trust'] }) => PolicyDocument);
  return { name, trust, permissions };
}
