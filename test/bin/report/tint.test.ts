import { tintOf } from '../../../bin/report/tint.ts';

test("a name of somebody else's becomes no style", () => {
  expect(tintOf('shutting-down')).toBe('--tint:var(--shutting-down)');
  expect(tintOf('red;background:url(x)')).toBe('--tint:var(--other)');
});
