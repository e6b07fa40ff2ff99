import { parseSilences, SILENCES_KEY, type Silence } from '../../lambda/contract/silence.ts';
import type { Ports } from '../../lambda/core/round/plan.ts';
import { AwsError } from '../../local/model/aws-error.ts';
import type { SimulatedInvocation } from './invocation.ts';
import { BUCKET } from './stored-silences.ts';

/** The port that reads the stored silences, with the rules of `lambda/adapters/silences.ts`: no object means no silence. */
export function silencePort(invocation: SimulatedInvocation): Ports['silences'] {
  const { world, record } = invocation;
  // Not even a call: a life without silences goes as it went before there were any.
  if (world.settings.silencing === undefined) return async () => [];
  const resource = `${BUCKET}/${SILENCES_KEY}`;
  const call = { service: 's3', operation: 'GetObject', region: world.home, resource } as const;
  const answered = (stored: readonly Silence[] | undefined): void => {
    record.silencing = { at: world.timeline.now() + record.skew, stored };
  };
  return async (signal) => {
    try {
      const { body } = await invocation.call(call, signal, () => world.cloud.store.get(BUCKET, SILENCES_KEY));
      const silences = parseSilences(Buffer.from(body).toString());
      answered(silences);
      return silences;
    } catch (error) {
      const isNone = error instanceof AwsError && error.code === 'NoSuchKey';
      answered(isNone ? [] : undefined);
      if (isNone) return [];
      throw error;
    }
  };
}
