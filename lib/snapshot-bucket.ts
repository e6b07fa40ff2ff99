import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** Props of {@link SnapshotBucket}. */
export interface SnapshotBucketProps {
  /** Encrypts what is written from now on. Absent: S3 encrypts with its own key. */
  readonly key: IKey | undefined;
}

/**
 * The bucket of the snapshots: what was last seen in each scope, and what is not announced yet.
 *
 * It stays when the stack goes: what nobody has read yet is not thrown away with it.
 */
export class SnapshotBucket extends Bucket {
  constructor(scope: Construct, id: string, { key }: SnapshotBucketProps) {
    super(scope, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      ...(key === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : // A bucket key: S3 asks KMS once in a while, and not for each snapshot that it reads.
          { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }),
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: true,
      lifecycleRules: [
        // A week to notice a damaged snapshot and to restore the one before.
        { noncurrentVersionExpiration: Duration.days(7), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });

    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'One function reads and writes here, and logs what it does; access logs would need a second bucket.',
    });
  }
}
