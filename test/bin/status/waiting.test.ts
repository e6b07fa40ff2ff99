import { waitingFor } from '../../../bin/status/waiting.ts';
import { BARE_ACCOUNT, notOpened, notSeen, PROD, seen } from './sights.ts';

const scopes = async () => [];
const inAccount = (account: string, ...regions: string[]) => regions.map((region) => ({ account, region }));

test('of the own account, the regions that have not answered', () => {
  const waiting = waitingFor([{ scopes }]);
  waiting.opened(undefined, inAccount('caller', 'eu-west-1', 'us-east-1', 'us-west-2'));
  waiting.answered(seen('us-east-1', []));
  expect(waiting.text()).toBe('2 regions of 3 to answer: eu-west-1, us-west-2');
});

test('of several, the accounts too, also those whose regions nobody knows yet', () => {
  const waiting = waitingFor([
    { account: PROD, scopes },
    { account: BARE_ACCOUNT, scopes },
  ]);
  expect(waiting.text()).toBe('2 accounts of 2, 0 regions of 0 to answer: prod (444455556666); 777788889999');
  waiting.opened(PROD, inAccount(PROD.id, 'eu-west-1', 'us-east-1'));
  waiting.answered({ ...notSeen('us-east-1'), account: PROD });
  expect(waiting.text()).toBe('2 accounts of 2, 1 region of 2 to answer: prod (444455556666) eu-west-1; 777788889999');
  waiting.answered(notOpened(BARE_ACCOUNT));
  expect(waiting.text()).toBe('1 account of 2, 1 region of 2 to answer: prod (444455556666) eu-west-1');
  waiting.answered(seen('eu-west-1', [], { account: PROD }));
  expect(waiting.text()).toBe('0 accounts of 2, 0 regions of 2 to answer: ');
});
