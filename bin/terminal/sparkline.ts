const BARS = '▁▂▃▄▅▆▇█';

/**
 * A row of bars from zero to the greatest value; a gap where there is none.
 *
 * @param perBar how many values share a bar: the greatest of them is shown
 */
export function sparkline(values: readonly (number | undefined)[], perBar = 1): string {
  const most = Math.max(1, ...values.map((value) => value ?? 0));
  return Array.from({ length: Math.ceil(values.length / perBar) }, (_, bar) => {
    const there = values.slice(bar * perBar, (bar + 1) * perBar).filter((value) => value !== undefined);
    return there.length === 0 ? ' ' : BARS[Math.round((Math.max(...there) / most) * (BARS.length - 1))];
  }).join('');
}
