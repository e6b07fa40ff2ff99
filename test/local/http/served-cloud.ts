import type { LocalAws } from '../../../local/http/server.ts';
import { start } from '../../../local/http/server.ts';
import { virtualClock } from '../../../local/model/clock.ts';
import type { CloudSettings } from '../../../local/model/cloud.ts';
import { Cloud } from '../../../local/model/cloud.ts';

const running: LocalAws[] = [];

/** A cloud at 19:00 behind HTTP, until {@link closeAll}, and what an SDK client needs to reach it. One attempt only. */
export async function serve(settings: Partial<CloudSettings> = {}) {
  const clock = virtualClock('2026-11-22T19:00:00.000Z');
  const cloud = new Cloud({ now: clock.now, ...settings });
  const server = await start(cloud);
  running.push(server);
  const client = {
    endpoint: server.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' },
    maxAttempts: 1,
    forcePathStyle: true,
  };
  return { clock, cloud, client, url: server.url };
}

/** Ends every server of {@link serve}. */
export async function closeAll(): Promise<void> {
  await Promise.all(running.splice(0).map((server) => server.close()));
}

/** What an SDK call failed with, in the words of the SDK. */
export async function refusalOf(call: Promise<unknown>): Promise<{ name: string; status?: number; message: string }> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode;
    return { name, message, ...(status === undefined ? {} : { status }) };
  }
  throw new Error('The call went well, and a refusal was expected');
}
