import { MEMBER_ACTIONS } from '../lambda/contract/member.ts';

/** The role of a member account, and whom it trusts. Values must have been checked: they go into policies as they are. */
export interface MemberRole {
  readonly name: string;
  /** Account id of the hub. */
  readonly hub: string;
  /** The only role of the hub that may assume it, with its path if it has one: `Monitor`, `service/Monitor`. */
  readonly trustedRole: string;
  /** Only while the hub is in this organization. */
  readonly organization?: string | undefined;
  /** Only for who knows this. */
  readonly externalId?: string | undefined;
}

/** A CloudFormation template with exactly one role, the same for every member account. */
export function memberTemplate({ name, hub, trustedRole, organization, externalId }: MemberRole) {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `EC2 State Monitor: lets the role ${trustedRole} of account ${hub} list the EC2 instances of this account.`,
    Resources: {
      MemberRole: {
        Type: 'AWS::IAM::Role',
        Metadata: {
          WhyEveryResource:
            'The describe calls of EC2 take no resource. See "Actions, resources, and condition keys for Amazon EC2" in the Service Authorization Reference.',
        },
        Properties: {
          RoleName: name,
          Description: `EC2 State Monitor of account ${hub} lists the EC2 instances of this account. It can change nothing.`,
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                // The account and a condition, not the role: IAM would want the role to exist, and would not know it again
                // after it was made anew. "AWS JSON policy elements: Principal", IAM User Guide.
                Principal: { AWS: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::${hub}:root` } },
                Action: 'sts:AssumeRole',
                Condition: {
                  // For a session, the key has the ARN of its role. "AWS global condition context keys", IAM User Guide.
                  ArnEquals: {
                    'aws:PrincipalArn': { 'Fn::Sub': `arn:\${AWS::Partition}:iam::${hub}:role/${trustedRole}` },
                  },
                  StringEquals: {
                    ...(organization === undefined ? {} : { 'aws:PrincipalOrgID': organization }),
                    ...(externalId === undefined ? {} : { 'sts:ExternalId': externalId }),
                  },
                },
              },
            ],
          },
          Policies: [
            {
              PolicyName: 'ListInstances',
              PolicyDocument: {
                Version: '2012-10-17',
                Statement: [{ Effect: 'Allow', Action: [...MEMBER_ACTIONS], Resource: '*' }],
              },
            },
          ],
        },
      },
    },
    Outputs: { RoleArn: { Value: { 'Fn::GetAtt': ['MemberRole', 'Arn'] } } },
  };
}
