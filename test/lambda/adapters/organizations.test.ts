import { organizationPorts } from '../../../lambda/adapters/organizations.ts';
import { type FaultEffect, REFUSALS } from '../../../local/model/faults.ts';
import { closeAll, HUB, serveOrganization } from '../../local/http/served-cloud.ts';

afterEach(closeAll);

const never = () => new AbortController().signal;

/** Ports over HTTP. The client itself comes from the configuration that is given, as in the program. */
async function world(pageSizes?: readonly number[], until = never) {
  const { client, ...rest } = await serveOrganization([], {}, pageSizes);
  return { ...rest, client, ports: organizationPorts(client, 'eu-west-1', until) };
}

test('every account of the organization is listed, past pages that are empty', async () => {
  const { ports, hub, organization } = await world([0, 20]);
  for (let each = 1; each < 45; each += 1) {
    organization.addAccount({ id: String(200_000_000_000 + each), name: `a${each}`, state: 'ACTIVE' });
  }
  organization.addAccount({ id: '777788889999', name: '', state: 'PENDING_CLOSURE' });
  const listed = await ports.listAccounts();
  expect(listed).toHaveLength(46);
  expect(listed[0]).toEqual({ id: HUB, name: 'hub', state: 'ACTIVE' });
  expect(listed[45]).toEqual({ id: '777788889999', name: undefined, state: 'PENDING_CLOSURE' });
  expect(hub.calls.filter(({ operation }) => operation === 'ListAccounts')).toHaveLength(6);
});

test('the accounts of a unit are those of all units below it too, each on every page', async () => {
  const { ports, organization } = await world([1]);
  const top = organization.addUnit('top');
  const units = [top, organization.addUnit('left', top), organization.addUnit('right', top)];
  units.push(organization.addUnit('deep', units[2]));
  const expected = units.flatMap((unit, index) => [1, 2].map((n) => [unit, `${index}${n}`.padEnd(12, '0')] as const));
  for (const [unit, id] of expected) organization.addAccount({ id, name: id, state: 'ACTIVE' }, unit);
  organization.addAccount({ id: '999999999999', name: 'elsewhere', state: 'ACTIVE' }, organization.addUnit('other'));
  const listed = await ports.listAccountsIn(top);
  expect(listed.map(({ id }) => id)).toEqual(expected.map(([, id]) => id));
});

test('what says no state is not taken for active', async () => {
  const { ports, organization } = await world();
  organization.addAccount({ id: '777788889999', name: 'odd', state: undefined as never });
  expect((await ports.listAccounts())[1]).toMatchObject({ state: 'unknown' });
});

test.each<[string, FaultEffect]>([
  ['refused', REFUSALS.accessDenied],
  ['cut off', { kind: 'cut' }],
  ['half there', { kind: 'half' }],
  ['a page of something between', { kind: 'html' }],
  ['nothing at all', { kind: 'html', page: '' }],
])('is an error, never a shorter list, when the second page is %s', async (_, effect) => {
  const { ports, hub, organization } = await world([1]);
  organization.addAccount({ id: '777788889999', name: 'x', state: 'ACTIVE' });
  hub.faults.inject({ operation: 'ListAccounts', after: 1, effect });
  await expect(ports.listAccounts()).rejects.toThrow();
});

test('a page that never comes ends when its signal fires, and each page has one of its own', async () => {
  const controllers: AbortController[] = [];
  const until = () => {
    controllers.push(new AbortController());
    return controllers.at(-1)?.signal ?? AbortSignal.abort();
  };
  const { ports, hub, organization } = await world([1], until);
  organization.addAccount({ id: '777788889999', name: 'x', state: 'ACTIVE' });
  hub.faults.inject({ operation: 'ListAccounts', after: 1, effect: { kind: 'hang' } });
  const listed = ports.listAccounts();
  // Once it is logged, it has arrived.
  while (hub.calls.length < 2) await new Promise(setImmediate);
  expect(controllers).toHaveLength(2);
  controllers[1]?.abort(new Error('time is up'));
  await expect(listed).rejects.toThrow('time is up');
});
