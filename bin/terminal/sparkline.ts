const BARS = '▁▂▃▄▅▆▇█';

/** A row of bars from zero to the greatest value, one a value; a gap where there is none. */
export function sparkline(values: readonly (number | undefined)[]): string {
  const most = Math.max(1, ...values.map((value) => value ?? 0));
  return values
    .map((value) => (value === undefined ? ' ' : BARS[Math.round((value / most) * (BARS.length - 1))]))
    .join('');
}
