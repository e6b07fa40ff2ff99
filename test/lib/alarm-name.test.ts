import { alarmName } from '../../lib/alarm-name.ts';

test.each([
  [['NotRunning'], 'Staging-NotRunning'],
  [['DeliveryFailed', 'Alerts'], 'Staging-DeliveryFailed-Alerts'],
  [['BelowMinimum', 'us-east-1', 'web_1.blue'], 'Staging-BelowMinimum-us-east-1-web_1.blue'],
  [['BelowMinimum', 'us-east-1', 'shop/web 1'], 'Staging-BelowMinimum-us-east-1-shop-web-1~923f099f66d6'],
  [['BelowMinimum', 'us-east-1', '웹'], 'Staging-BelowMinimum-us-east-1-~8779aca56be5'],
] as const)('%j is %s', ([alarm, ...subjects], name) => {
  expect(alarmName('Staging', alarm, subjects)).toBe(name);
});

test('two subjects never have one name', () => {
  const long = 'x'.repeat(200);
  const groups = ['a/b', 'a--b', 'a b', 'a-b', '웹', '앱', '웹 ', 'a', 'A', long, `${long}y`, `${long}z`];
  const named = (group: string) => alarmName('Staging', 'BelowMinimum', ['us-east-1', group]);
  const names = groups.map(named);
  expect(new Set(names).size).toBe(groups.length);
  // Nor do one with a hash and a group that is called like it.
  const ending = named('a/b').replace('Staging-BelowMinimum-us-east-1-', '');
  expect(names).not.toContain(named(ending));
});

test('CloudWatch takes the longest: 255 characters', () => {
  const name = alarmName('n'.repeat(128), 'DeliveryFailed', ['ap-southeast-1', '웹 /x'.repeat(64)]);
  expect(name.length).toBeLessThanOrEqual(255);
  expect(name).toMatch(/^[\w.~-]+$/);
});
