/**
 * Memory of the function, in MB. Lambda allots CPU in proportion: 0.58 of a core. If all of 100,000 instances change at once, a
 * sweep takes up to 60 % of it and a quarter of its time: `npm run bench`, docs/decisions/0016-a-storm-as-large-as-the-fleet.md.
 */
export const MEMORY_MB = 1_024;
