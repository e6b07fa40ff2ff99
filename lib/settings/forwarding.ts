import { RegionInfo } from 'aws-cdk-lib/region-info';

/** Why a region may be refused, for people. */
export const FORWARDING =
  'EventBridge sends events from one region to another only between the commercial regions of AWS';

/** What the names of regions outside the commercial partition begin with: also of those that this version of aws-cdk-lib does not list. */
const OTHER_PARTITIONS = /^(cn|us-gov|us-iso[a-z]*|eu-iso[a-z]*|eusc)-/;

/**
 * Whether EventBridge sends events from and to a region. "Sending and receiving Amazon EventBridge events between AWS Regions",
 * Amazon EventBridge User Guide.
 */
export function canForward(region: string): boolean {
  return (RegionInfo.get(region).partition ?? 'aws') === 'aws' && !OTHER_PARTITIONS.test(region);
}
