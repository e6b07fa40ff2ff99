import { accountsText, isSelf, parseAccounts, SELF } from '../../../lambda/contract/accounts.ts';

it.each([
  'self',
  'organization',
  'organization,-111122223333,-444455556666',
  'ou-ab12-11111111,ou-ab12-22222222,-111122223333',
  'ou-ab12-11111111,111122223333',
  '111122223333,444455556666',
])('%s is read, and written the same', (text) => {
  expect(accountsText(parseAccounts(text))).toBe(text);
});

it('self is the monitor alone', () => {
  expect(parseAccounts(' self ')).toBe(SELF);
  expect(isSelf(SELF)).toBe(true);
  expect(isSelf(parseAccounts('organization'))).toBe(false);
});

it.each([
  ['', /'' is none of: self, an account id of twelve digits/],
  ['1234', /'1234' is none of/],
  ['prod', /'prod' is none of/],
  ['ou-1', /'ou-1' is none of/],
  ['organization,-12', /'-12' is none of/],
  ['self,111122223333', /'self' is always watched/],
  ['111122223333,111122223333', /'111122223333' is given more than once/],
  ['organization,ou-ab12-11111111', /has all units already/],
  ['111122223333,-444455556666', /leaves out what was not chosen/],
  ['ou-ab12-11111111,111122223333,-111122223333', /111122223333 is both chosen and left out/],
])('%s is refused', (text, why) => {
  expect(() => parseAccounts(text)).toThrow(why);
});
