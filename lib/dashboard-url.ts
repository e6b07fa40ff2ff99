import { Aws, CfnCondition, Fn } from 'aws-cdk-lib';
import type { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { CONSOLE_DOMAINS } from '../lambda/contract/console.ts';

const { aws: DEFAULT_DOMAIN = '', ...OTHER_DOMAINS } = CONSOLE_DOMAINS;

/**
 * Address of a dashboard in the AWS console; CloudFormation chooses the domain by the partition that it deploys to.
 *
 * By conditions, which it adds to the stack, and not by a mapping: that fails a deployment to a partition that it does
 * not list, while here such a partition gets the domain of `aws`.
 */
export function dashboardUrl(dashboard: Dashboard): string {
  const domain = Object.entries(OTHER_DOMAINS).reduce((otherwise, [partition, there]) => {
    const condition = new CfnCondition(dashboard, `In-${partition}`, {
      expression: Fn.conditionEquals(Aws.PARTITION, partition),
    });
    return Fn.conditionIf(condition.logicalId, there, otherwise).toString();
  }, DEFAULT_DOMAIN);
  return `https://${domain}/cloudwatch/home?region=${Aws.REGION}#dashboards/dashboard/${dashboard.dashboardName}`;
}
