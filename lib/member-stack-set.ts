import { Aws, CfnStackSet } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type MemberRole, memberTemplate } from './member-role.ts';
import type { CheckedSettings } from './settings/settings.ts';

/** Props of {@link MemberStackSet}. */
export interface MemberStackSetProps
  extends Pick<CheckedSettings, 'namespace' | 'memberStackSet' | 'memberStackSetCallAs'> {
  /** The role that each account gets. */
  readonly role: MemberRole;
}

/**
 * Deploys the role of a member to the accounts of organizational units, and to those that join them later. The account of the
 * stack has to be the management account or a delegated administrator. "StackSets and AWS Organizations", CloudFormation User Guide.
 */
export class MemberStackSet extends CfnStackSet {
  constructor(
    scope: Construct,
    id: string,
    { namespace, memberStackSet, memberStackSetCallAs, role }: MemberStackSetProps,
  ) {
    super(scope, id, {
      stackSetName: `${namespace}-Members`,
      description: 'EC2 State Monitor: the role that lets it list the instances of an account',
      permissionModel: 'SERVICE_MANAGED',
      callAs: memberStackSetCallAs,
      // An account that leaves the units is not watched any more, so it needs no role.
      autoDeployment: { enabled: true, retainStacksOnAccountRemoval: false },
      capabilities: ['CAPABILITY_NAMED_IAM'],
      stackInstancesGroup: [
        {
          deploymentTargets: { organizationalUnitIds: [...memberStackSet] },
          // IAM is the same in all regions. This one has to be enabled in each member anyway: its STS is asked.
          regions: [Aws.REGION],
        },
      ],
      // An account that refuses the stack must not keep it from the others: the monitor says which let it look.
      operationPreferences: { maxConcurrentPercentage: 100, failureTolerancePercentage: 100 },
      templateBody: JSON.stringify(memberTemplate(role)),
    });
  }
}
