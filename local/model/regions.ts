/** Whether an account uses a region. "Region", EC2 API Reference. */
export type OptInStatus = 'opt-in-not-required' | 'opted-in' | 'not-opted-in';

/** One region as `DescribeRegions` shows it. All but `not-opted-in` are enabled. */
export interface Region {
  readonly name: string;
  readonly optInStatus: OptInStatus;
}

/** The regions of a fresh account in partition `aws`, shortened: what is on by default, and some that are not. */
export const DEFAULT_REGIONS: readonly Region[] = [
  ...[
    ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2'],
    ...['ca-central-1', 'eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'sa-east-1'],
    ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'],
  ].map((name): Region => ({ name, optInStatus: 'opt-in-not-required' })),
  ...['af-south-1', 'ap-east-1', 'eu-south-1', 'me-south-1'].map(
    (name): Region => ({ name, optInStatus: 'not-opted-in' }),
  ),
];
