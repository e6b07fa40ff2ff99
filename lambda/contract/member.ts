/** Name of the role in each member account, unless another is given. */
export const MEMBER_ROLE = 'Ec2StateMonitorMember';

/**
 * So many accounts are a part: their regions are recorded in one object, their snapshots are listed together, and a shard is one part
 * unless there are more than {@link SHARDS_AT_MOST}. In 17 regions each, they take 2 s of CPU: `npm run bench`.
 */
export const ACCOUNTS_OF_A_PART = 125;

/** So many branches a Map state runs at once. "Map state in Inline mode", AWS Step Functions Developer Guide. */
export const SHARDS_AT_MOST = 40;

/** What the role of a member account may do: what a look needs, and nothing else. */
export const MEMBER_ACTIONS = ['ec2:DescribeInstances', 'ec2:DescribeInstanceStatus', 'ec2:DescribeRegions'] as const;

/** An AWS account. */
export const ACCOUNT_ID = /^\d{12}$/;

/** An organization. "Organization", Organizations API Reference. */
export const ORGANIZATION_ID = /^o-[a-z0-9]{10,32}$/;

/** An organizational unit. "OrganizationalUnit", Organizations API Reference. */
export const UNIT_ID = /^ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}$/;

/** The name of a role, without its path. "CreateRole", IAM API Reference. */
export const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;

/** An external id. "AssumeRole", STS API Reference. */
export const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;
