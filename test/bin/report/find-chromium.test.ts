import { BrowserError, findChromium } from '../../../bin/report/find-chromium.ts';

test.each([
  [{ PATH: '' }, 'Chromium is not on the PATH: install it (Debian: apt-get install chromium)'],
  [{ CHROMIUM: '/no/such/browser' }, "CHROMIUM is '/no/such/browser', which cannot be run"],
])('without a browser (%j) one sentence says how to get it', (environment, message) => {
  expect(() => findChromium(environment)).toThrow(BrowserError);
  expect(() => findChromium(environment)).toThrow(message);
});

test('the browser that is asked for is taken', () => {
  expect(findChromium({ CHROMIUM: process.execPath })).toBe(process.execPath);
});
