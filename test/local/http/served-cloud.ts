import type { LocalAws } from '../../../local/http/server.ts';
import { start } from '../../../local/http/server.ts';
import { Accounts } from '../../../local/model/accounts.ts';
import { virtualClock } from '../../../local/model/clock.ts';
import type { CloudSettings } from '../../../local/model/cloud.ts';
import { Cloud } from '../../../local/model/cloud.ts';
import { Organization } from '../../../local/model/organization.ts';

const running: LocalAws[] = [];

/** A cloud at 19:00 behind HTTP, until {@link closeAll}, and what an SDK client needs to reach it. One attempt only. */
export async function serve(settings: Partial<CloudSettings> = {}) {
  const clock = virtualClock('2026-11-22T19:00:00.000Z');
  const cloud = new Cloud({ now: clock.now, ...settings });
  return { clock, cloud, ...(await served(new Accounts(cloud))) };
}

/** The account of the caller, the management account of {@link serveOrganization}. */
export const HUB = '111122223333';

/**
 * The same with an organization: the account {@link HUB} and members of these ids, all with the same regions.
 *
 * @param pageSizes sizes of the pages of Organizations, over and over
 */
export async function serveOrganization(
  members: readonly string[],
  settings: Partial<CloudSettings> = {},
  pageSizes?: readonly number[],
) {
  const clock = virtualClock('2026-11-22T19:00:00.000Z');
  const [hub, ...others] = [HUB, ...members].map((account) => new Cloud({ now: clock.now, ...settings, account }));
  if (hub === undefined) throw new Error('There is always a hub.');
  const organization = new Organization({ id: HUB, name: 'hub', state: 'ACTIVE' }, pageSizes);
  const accounts = new Accounts(hub, others, organization);
  return { clock, hub, members: others, organization, accounts, ...(await served(accounts)) };
}

async function served(accounts: Accounts) {
  const server = await start(accounts.home, { accounts });
  running.push(server);
  const client = {
    endpoint: server.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' },
    maxAttempts: 1,
    forcePathStyle: true,
  };
  return { client, url: server.url };
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
