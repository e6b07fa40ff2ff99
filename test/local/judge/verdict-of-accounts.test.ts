import { verdictOfAccounts } from '../../../local/judge/verdict-of-accounts.ts';
import type { StateChange } from '../../../local/model/instance.ts';
import type { PublishedMessage } from '../../../local/model/topics.ts';

const MINUTE = 60_000;
const LAUNCHED = -10 * MINUTE;
const STOP: StateChange = {
  at: MINUTE / 2,
  region: 'east',
  instance: 'i-1',
  from: 'running',
  to: 'stopped',
  launchTime: LAUNCHED,
  operation: 'stop',
  reason: null,
};
const START: StateChange = { ...STOP, at: -1, from: 'none', to: 'running' };

/** An account in which the instance stopped, and three looks at it. */
const account = (id: string) => ({
  id,
  journals: { states: [START, STOP], health: [] },
  looks: [0, 1, 2].map((minute) => ({
    by: `sweep ${minute}`,
    region: 'east',
    startedAt: minute * MINUTE,
    sights: [{ id: 'i-1', state: minute === 0 ? 'running' : 'stopped', launchTime: LAUNCHED, truthful: true }],
    outside: [],
  })),
});

function toldOf(id: string): PublishedMessage {
  const time = (ms: number): string => new Date(ms).toISOString();
  const window = { after: time(0), before: time(MINUTE) };
  const instance = { id: `${id}-1`, instance: 'i-1', sequence: 1, inferred: false, launchTime: time(LAUNCHED), window };
  return {
    subject: null,
    attributes: { kind: { type: 'String', value: 'transitions' }, account: { type: 'String', value: id } },
    message: JSON.stringify({ region: 'east', transitions: [{ ...instance, from: 'running', to: 'stopped' }] }),
  } as unknown as PublishedMessage;
}

test('each account is judged by what was told of it', () => {
  const accounts = [account('111122223333'), account('444455556666')];
  const both = [toldOf('111122223333'), toldOf('444455556666')];
  expect(verdictOfAccounts(accounts, both)).toMatchObject({ happened: 2, announced: 2, duplicates: 0, problems: [] });
});

test('what was told of one is not told of the other', () => {
  const accounts = [account('111122223333'), account('444455556666')];
  const twice = [toldOf('111122223333'), toldOf('111122223333')];
  expect(verdictOfAccounts(accounts, twice)).toMatchObject({
    announced: 1,
    duplicates: 1,
    problems: [expect.stringContaining('never announced')],
  });
});
