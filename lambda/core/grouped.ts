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
