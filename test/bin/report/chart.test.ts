import { chartOf } from '../../../bin/report/chart.ts';

const LAYERS = [
  { name: 'running', values: [2, 2, undefined, 3] },
  { name: 'stopped', values: [1, 0, undefined, 0] },
];

test('an area is level while nothing changes, upright where something does, and ends at a gap', () => {
  expect(chartOf({ kind: 'area', layers: LAYERS, periods: 4, top: 4 }).toString()).toBe(
    '<svg viewBox="0 0 4 4" preserveAspectRatio="none" aria-hidden="true">' +
      '<path style="--tint:var(--running)" d="M0,2H2V4H0ZM3,1H4V4H3Z"/>' +
      '<path style="--tint:var(--stopped)" d="M0,1H1V2H0Z"/></svg>',
  );
});

test('a bar a period, on the one below it; no value and zero are no bar', () => {
  const layers = [
    { name: 'stopped', values: [2, undefined, 0] },
    { name: 'dreaming', values: [1, undefined, 1] },
  ];
  expect(chartOf({ kind: 'bars', layers, periods: 3, top: 3 }).toString()).toBe(
    '<svg viewBox="0 0 3 3" preserveAspectRatio="none" aria-hidden="true">' +
      '<path style="--tint:var(--stopped)" d="M0.12,1H0.88V3H0.12Z"/>' +
      '<path style="--tint:var(--other)" d="M0.12,0H0.88V1H0.12ZM2.12,2H2.88V3H2.12Z"/></svg>',
  );
});

test.each(['area', 'bars'] as const)('what nothing is known about draws nothing as %s', (kind) => {
  const layers = [{ name: 'running', values: [undefined, undefined] }];
  expect(chartOf({ kind, layers, periods: 2, top: 1 }).toString()).toBe(
    '<svg viewBox="0 0 2 1" preserveAspectRatio="none" aria-hidden="true"></svg>',
  );
});
