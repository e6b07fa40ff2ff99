/**
 * Memory of the function, in MB. A sweep of 100,000 instances takes up to two thirds of it, and Lambda allots CPU in proportion:
 * 0.29 of a core. Measured by `npm run bench`; see docs/decisions/0010-the-listing-is-read-as-a-stream.md.
 */
export const MEMORY_MB = 512;
