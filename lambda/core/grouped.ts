/** Items by what `keyOf` gives for them, in the order in which they come. */
export function grouped<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** How many items there are of each. */
export function countsBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, number> {
  return new Map([...grouped(items, keyOf)].map(([key, each]) => [key, each.length]));
}

/** The sum of several counts, by name. */
export function totalCounts(all: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const total = new Map<string, number>();
  for (const counts of all) {
    for (const [name, count] of counts) total.set(name, (total.get(name) ?? 0) + count);
  }
  return total;
}
