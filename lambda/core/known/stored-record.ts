/** A JSON object, of which nothing else is known yet. */
export type StoredRecord = Readonly<Record<string, unknown>>;

/** Whether a value is one. An array is none. */
export function isRecord(value: unknown): value is StoredRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a JSON object of one version. @throws Error for anything else */
export function readRecord(text: string, version: number): StoredRecord {
  const stored: unknown = JSON.parse(text);
  if (!isRecord(stored)) throw new Error('it is not a JSON object');
  if (stored['version'] === version) return stored;
  throw new Error(
    `its version is ${JSON.stringify(stored['version'])} and this deployment reads ${version}: deploy the version that wrote it, or a newer one`,
  );
}
