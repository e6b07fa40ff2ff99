import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { readSilenceOptions } from '../../../bin/silence/options.ts';
import { runSilence } from '../../../bin/silence/run.ts';
import { snapshotPorts } from '../../../lambda/adapters/snapshots.ts';
import { parseSilences, SILENCES_KEY, type Silence } from '../../../lambda/contract/silence.ts';
import type { Snapshot } from '../../../lambda/core/known/snapshot.ts';
import type { VirtualClock } from '../../../local/model/clock.ts';
import { seeded } from '../../../local/model/random.ts';
import { serve } from '../../local/http/served-cloud.ts';

export const BUCKET = 'monitor-snapshots';
const never = new AbortController().signal;

const NOWHERE = join(import.meta.dirname, 'there-is-no-such-directory');

/** The environment of a caller in the region of the stack, with nothing of whoever runs the tests. */
const CALLER = {
  HOME: NOWHERE,
  AWS_CONFIG_FILE: join(NOWHERE, 'config'),
  AWS_SHARED_CREDENTIALS_FILE: join(NOWHERE, 'credentials'),
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_MAX_ATTEMPTS: '1',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'AKIALOCAL',
  AWS_SECRET_ACCESS_KEY: 'local',
};

/** The program as a caller runs it in simulated AWS, by its clock. */
export function silenceProgram({ clock, url }: { readonly clock: VirtualClock; readonly url: string }) {
  const random = seeded(1);
  /** What was asked. */
  const questions: string[] = [];

  /**
   * @param args as on the command line
   * @param answer to the question. `undefined`: there is nobody to ask
   * @returns what was printed, and whether it was done; throws Unable and OptionsError
   */
  const run = async (args: readonly string[], answer?: boolean, environment: NodeJS.ProcessEnv = {}) => {
    const options = readSilenceOptions(args, clock.now());
    if (options === 'help') throw new Error('Nobody asks for help here.');
    const out: string[] = [];
    const before = process.env;
    process.env = { ...CALLER, AWS_ENDPOINT_URL: url, ...environment };
    try {
      const ask = async (question: string) => {
        questions.push(question);
        return answer ?? false;
      };
      const isDone = await runSilence(options, {
        now: clock.now,
        random,
        paint: (_, text) => text,
        say: (line) => out.push(line),
        ask: answer === undefined ? undefined : ask,
      });
      return { out, isDone };
    } finally {
      process.env = before;
    }
  };
  return { run, questions };
}

/** Simulated AWS with a stack and its bucket at 19:00, and the program. */
export async function silenceWorld() {
  const { cloud, clock, client, url } = await serve();
  cloud.store.createBucket(BUCKET);
  cloud.stacks.create('eu-west-1', 'Ec2StateMonitor', { SnapshotBucketName: BUCKET });
  const { commit } = snapshotPorts(new S3Client(client), BUCKET);

  /** Stores snapshots, as sweeps would before anybody comes. */
  const record = async (...snapshots: readonly Snapshot[]) => {
    await Promise.all(snapshots.map((snapshot) => commit(snapshot, undefined, never)));
    cloud.calls.length = 0;
  };
  const stored = (): readonly Silence[] => parseSilences(cloud.store.get(BUCKET, SILENCES_KEY).body.toString());
  const put = (text: string) => cloud.store.put(BUCKET, SILENCES_KEY, Buffer.from(text));
  return { ...silenceProgram({ clock, url }), cloud, clock, url, record, stored, put };
}
