import { type Caller, configuredRegion, signIn } from '../../lambda/adapters/caller.ts';
import { callersS3 } from '../../lambda/adapters/callers-s3.ts';
import { NoSuchStack, stackOutputs } from '../../lambda/adapters/cloudformation.ts';
import { ec2Clients, ec2Ports, type InstanceFilter } from '../../lambda/adapters/ec2.ts';
import { editSilences, NotWritten } from '../../lambda/adapters/silence-editor.ts';
import { readSilences, UnreadableSilences } from '../../lambda/adapters/silences.ts';
import { snapshotPorts } from '../../lambda/adapters/snapshots.ts';
import { callerIdentity, type Identity, stsClient } from '../../lambda/adapters/sts.ts';
import type { Silence } from '../../lambda/contract/silence.ts';
import type { Instance } from '../../lambda/core/known/instance.ts';
import type { Scope } from '../../lambda/core/known/scope.ts';
import type { Snapshot } from '../../lambda/core/known/snapshot.ts';
import { UnreadableSnapshot } from '../../lambda/core/known/stored-form.ts';
import { attemptOf } from '../status/session.ts';
import { troubleOf } from '../status/trouble.ts';
import type { Where } from './options.ts';
import { Unable } from './unable.ts';

/** S3 tells which region a bucket is in, whichever is asked. */
const ANY_REGION = 'us-east-1';

const OUTPUT = 'SnapshotBucketName';

/** What the caller can do with a deployment. Each throws {@link Unable}. */
export interface Deployment {
  /** The stored silences. */
  readonly silences: () => Promise<readonly Silence[]>;
  /** See {@link editSilences}. */
  readonly edit: (change: (silences: readonly Silence[]) => readonly Silence[]) => Promise<void>;
  /** Who the caller is. */
  readonly identity: () => Promise<Identity>;
  /** Every scope that the monitor has looked at. */
  readonly scopes: () => Promise<readonly Scope[]>;
  /** What was last seen in a scope. `undefined`: nothing is stored any more. */
  readonly snapshot: (scope: Scope) => Promise<Snapshot | undefined>;
  /**
   * The instances of a scope that EC2 selects.
   *
   * @param account of the caller
   * @param tagKeys of the tags to tell of each
   */
  readonly listed: (
    scope: Scope,
    account: string,
    filters: readonly InstanceFilter[],
    tagKeys: readonly string[],
  ) => Promise<readonly Instance[]>;
}

/**
 * Signs in, and finds the bucket of a deployment.
 *
 * @param timeout seconds, for each answer
 * @throws Unable
 */
export async function openDeployment(where: Where, timeout: number): Promise<Deployment> {
  const deadline = (): AbortSignal => AbortSignal.timeout(timeout * 1000);
  const tried = async <T>(action: string, act: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await act(deadline());
    } catch (error) {
      throw unable(error, action, timeout);
    }
  };
  const caller = await tried('sts:AssumeRole', async (signal) => {
    const region = await configuredRegion();
    if (region === undefined && 'stack' in where) {
      throw new Unable(
        `No region is configured, so the stack '${where.stack}' cannot be looked up: set AWS_REGION to its region, or give --bucket.`,
      );
    }
    return signIn(region ?? ANY_REGION, signal);
  });
  const bucket =
    'bucket' in where
      ? where.bucket
      : await tried('cloudformation:DescribeStacks', (signal) => bucketOf(caller, where.stack, signal));
  const s3 = callersS3(caller);
  const { load, recorded } = snapshotPorts(s3, bucket);
  return {
    silences: () => tried('s3:GetObject', async (signal) => (await readSilences(s3, bucket, signal)).silences),
    edit: (change) => tried('s3:GetObject and s3:PutObject', (signal) => editSilences(s3, bucket, change, signal)),
    identity: () =>
      tried('sts:GetCallerIdentity', (signal) => callerIdentity(stsClient(caller, caller.region), signal)),
    scopes: () => tried('s3:ListBucket', (signal) => recorded('all', signal)),
    snapshot: (scope) => tried('s3:GetObject', async (signal) => (await load(scope, signal))?.snapshot),
    listed: (scope, account, filters, tagKeys) => {
      const { list } = ec2Ports(ec2Clients(account, caller), scope.region, filters);
      return tried('ec2:DescribeInstances', (signal) => list(scope, signal, tagKeys));
    },
  };
}

async function bucketOf(caller: Caller, stack: string, signal: AbortSignal): Promise<string> {
  const outputs = await stackOutputs(caller, stack, signal).catch((error) => {
    if (!(error instanceof NoSuchStack)) throw error;
    throw new Unable(
      `There is no stack '${stack}' in ${caller.region}. Give its name with --stack and its region with AWS_REGION, or give --bucket.`,
    );
  });
  const bucket = outputs.get(OUTPUT);
  if (bucket !== undefined) return bucket;
  throw new Unable(
    `The stack '${stack}' in ${caller.region} has no output ${OUTPUT}. If the monitor is a part of it, give its bucket with --bucket.`,
  );
}

function unable(error: unknown, action: string, timeout: number): Unable {
  if (error instanceof Unable) return error;
  if (error instanceof UnreadableSilences) {
    return new Unable(
      `${error.message} It was left as it is: correct it, or restore the version before ("The stored form" in docs/silences.md).`,
    );
  }
  if (error instanceof NotWritten || error instanceof UnreadableSnapshot) return new Unable(error.message);
  if (error instanceof Error && error.name === 'NoSuchBucket') {
    return new Unable(`There is no such bucket. The output ${OUTPUT} of the stack has its name.`);
  }
  const { sentence, kind } = troubleOf(error, { ...attemptOf(action, timeout), fewer: '--select region=…' });
  return new Unable(sentence, kind);
}
