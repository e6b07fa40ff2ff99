/**
 * d3 is published as ES modules, which Jest cannot load, and as UMD, which it can.
 *
 * @jest-environment-options {"customExportConditions": ["umd", "require", "node"]}
 */
import { classOf, stackedArea, stackedBars } from '../../../bin/report/charts.ts';

test('an area is level within a period, upright between two, and ends at a gap', () => {
  const layers = [
    { name: 'running', values: [2, 2, undefined, 3] },
    { name: 'stopped', values: [1, 0, undefined, 0] },
  ];
  expect(stackedArea({ layers, periods: 4, top: 4 }).toString()).toBe(
    '<svg viewBox="0 0 4 4" preserveAspectRatio="none" aria-hidden="true">' +
      '<path class="running" d="M0,2L1,2L1,2L2,2L2,4L1,4L1,4L0,4ZM3,1L4,1L4,4L3,4Z"/>' +
      '<path class="stopped" d="M0,1L1,1L1,2L2,2L2,2L1,2L1,2L0,2ZM3,1L4,1L4,1L3,1Z"/></svg>',
  );
});

test('a bar a period, on the one below it; no value and zero are no bar', () => {
  const layers = [
    { name: 'stopped', values: [2, undefined, 0] },
    { name: 'dreaming', values: [1, undefined, 1] },
  ];
  expect(stackedBars({ layers, periods: 3, top: 3 }).toString()).toBe(
    '<svg viewBox="0 0 3 3" preserveAspectRatio="none" aria-hidden="true">' +
      '<path class="stopped" d="M0.12,1h.76V3h-.76Z"/>' +
      '<path class="other" d="M0.12,0h.76V1h-.76ZM2.12,2h.76V3h-.76Z"/></svg>',
  );
});

test('what nothing is known about draws nothing', () => {
  const layers = [{ name: 'running', values: [undefined, undefined] }];
  const empty = '<svg viewBox="0 0 2 1" preserveAspectRatio="none" aria-hidden="true"></svg>';
  expect(stackedArea({ layers, periods: 2, top: 1 }).toString()).toBe(empty);
  expect(stackedBars({ layers, periods: 2, top: 1 }).toString()).toBe(empty);
});

test("a name of somebody else's becomes no class", () => {
  expect(classOf('shutting-down')).toBe('shutting-down');
  expect(classOf('"><script>')).toBe('other');
});
