import { synthesize } from './synthesize.ts';

/** The message that synthesis ends in. */
function refusal(props: Parameters<typeof synthesize>[0]): string {
  try {
    synthesize(props);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'none';
}

test('settings that do not fit into 4 KB are refused, put down to the longest', () => {
  const minimumRunning = Array.from({ length: 50 }, (_, index) => `us-east-1/${'x'.repeat(60)}-${index}=2`);
  expect(refusal({ group: 'team', groupMetrics: true, minimumRunning })).toMatch(
    /- minimumRunning: the environment of the function would take up to \d+ bytes, and Lambda allows 4096; \d+ of them/,
  );
  expect(refusal({ select: [`tag:env=${'x'.repeat(4000)}`] })).toContain('- select: the environment');
});

test('fifty minimums of groups with names of thirty characters fit', () => {
  const minimumRunning = Array.from({ length: 50 }, (_, index) => `us-east-1/${`${index}`.padEnd(30, 'x')}=2`);
  expect(refusal({ group: 'team', groupMetrics: true, minimumRunning })).toBe('none');
});

test('a long stack name is counted, as often as it is there', () => {
  const select = [`tag:env=${'x'.repeat(2900)}`];
  expect(refusal({ select })).toBe('none');
  expect(refusal({ select, stackName: 'a'.repeat(128) })).toContain('- select: the environment');
});
