import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { z } from 'zod';
import type { Definitions } from './definition.ts';

/** How what is stored is encrypted, and for how long it is kept. */
export interface StorageSettings {
  /**
   * ARN of the KMS key that encrypts topics, snapshots and log. It has to be in the region of the monitor, and its policy has to allow
   * what docs/settings.md says. In a CDK app, the prop `key` takes the key itself. Default: the topics get a key of their own; S3
   * and CloudWatch Logs encrypt with theirs.
   */
  readonly keyArn?: string | undefined;
  /** Days for which the log is kept. Removing the stack deletes it. Default: 30. */
  readonly logRetentionDays?: number;
}

/** "PutRetentionPolicy", CloudWatch Logs API Reference. `INFINITE` is no number of days: CDK leaves it out of the template. */
const RETENTION_DAYS = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

const logRetentionDays = z
  .union([z.number(), z.string().trim().regex(/^\d+$/).transform(Number)])
  .refine((days) => RETENTION_DAYS.includes(days));

/** {@link StorageSettings}, by key. */
export const STORAGE_SETTINGS = {
  keyArn: {
    schema: z
      .string()
      .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/)
      .optional(),
    allowed: 'the ARN of a KMS key, not of an alias',
    example: 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  },
  logRetentionDays: {
    schema: logRetentionDays,
    allowed: `what CloudWatch Logs takes: ${RETENTION_DAYS.join(', ')}`,
    default: '30',
    example: '365',
  },
} as const satisfies Definitions<StorageSettings>;
