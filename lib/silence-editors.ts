import { Aws, Stack, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { SILENCES_KEY } from '../lambda/contract/silence.ts';
import { SNAPSHOT_PREFIX } from '../lambda/contract/snapshot-key.ts';
import type { SnapshotBucket } from './snapshot-bucket.ts';

/** Props of {@link SilenceEditors}. */
export interface SilenceEditorsProps {
  /** Where the silences and the snapshots are. */
  readonly bucket: SnapshotBucket;
  /** Encrypts what is in the bucket. Absent: S3 does with its own. */
  readonly key: IKey | undefined;
}

/** What `npm run silence` needs, for whoever may silence. It is attached to nobody. */
export class SilenceEditors extends ManagedPolicy {
  constructor(scope: Construct, id: string, { bucket, key }: SilenceEditorsProps) {
    const allow = (actions: string[], resources: string[]) => new PolicyStatement({ actions, resources });
    const ofKey = key && allow(['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn]);
    // "kms:ViaService", AWS KMS Developer Guide: the key is there for S3 and for no other use.
    ofKey?.addCondition('StringEquals', { 'kms:ViaService': `s3.${Aws.REGION}.${Aws.URL_SUFFIX}` });
    const stack = `arn:${Aws.PARTITION}:cloudformation:${Aws.REGION}:${Aws.ACCOUNT_ID}:stack/${Aws.STACK_NAME}/*`;
    super(scope, id, {
      description: 'EC2 State Monitor: makes and ends silences, and sees whom they cover',
      statements: [
        allow(['s3:GetObject', 's3:PutObject'], [bucket.arnForObjects(SILENCES_KEY)]),
        allow(['s3:GetObject'], [bucket.arnForObjects(`${SNAPSHOT_PREFIX}*`)]),
        // Of all keys: without it S3 answers 403 and not 404 where there are no silences yet, and that request has no prefix.
        allow(['s3:ListBucket'], [bucket.bucketArn]),
        allow(['cloudformation:DescribeStacks'], [stack]),
        // EC2's describe calls have no resource-level permissions. "Actions, resources, and condition keys for Amazon EC2".
        allow(['ec2:DescribeInstances'], ['*']),
        ...(ofKey === undefined ? [] : [ofKey]),
      ],
    });

    const bucketId = Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnBucket);
    const reasons = {
      'Resource::*': 'ec2:DescribeInstances takes no resource.',
      [`Resource::<${bucketId}.Arn>/${SNAPSHOT_PREFIX}*`]:
        'One object for each account and region below one prefix: whom a silence covers is shown of all of them.',
      'Resource::arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack/<AWS::StackName>/*':
        'This stack: its ARN ends with an id that it gets when it is made, and that who asks by name does not send.',
    };
    const wildcards = Object.entries(reasons).map(([what, reason]) => ({ id: `AwsSolutions-IAM5[${what}]`, reason }));
    Validations.of(this).acknowledge(...wildcards);
  }
}
