import type { Stored } from '../core/look/ports.ts';

/**
 * So many instances and announcements are remembered, about 100 MB. A process that looks at other shards again and again must not
 * remember all accounts.
 */
const REMEMBERED_AT_MOST = 200_000;

/** What a process last saw of each snapshot, by key. Forgets what it has not used for the longest time. */
export class RememberedSnapshots {
  readonly #byKey = new Map<string, Stored>();
  readonly #most: number;
  #size = 0;

  /** @param most how many instances and announcements are remembered, all in all, besides those of the last snapshot */
  constructor(most = REMEMBERED_AT_MOST) {
    this.#most = most;
  }

  get(key: string): Stored | undefined {
    const stored = this.#byKey.get(key);
    if (stored !== undefined) {
      this.#byKey.delete(key);
      this.#byKey.set(key, stored);
    }
    return stored;
  }

  set(key: string, stored: Stored): void {
    this.delete(key);
    this.#byKey.set(key, stored);
    this.#size += sizeOf(stored);
    for (const oldest of this.#byKey.keys()) {
      if (this.#size <= this.#most || oldest === key) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const stored = this.#byKey.get(key);
    if (stored !== undefined) this.#size -= sizeOf(stored);
    this.#byKey.delete(key);
  }
}

function sizeOf({ snapshot: { instances, outbox } }: Stored): number {
  return 1 + instances.size + outbox.length;
}
