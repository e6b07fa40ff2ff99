import { encodeSilences, SILENCES_KEY, type Silence } from '../../lambda/contract/silence.ts';
import type { Store } from '../../local/model/store.ts';

/** Where the snapshots and the silences are. */
export const BUCKET = 'snapshots-of-the-simulation';

/** The silences that people keep in the bucket. There is no object before somebody makes the first. */
export class StoredSilences {
  readonly #store: Store;
  #all: readonly Silence[] = [];
  #isBroken = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** All of them, whether they go on or not. */
  get all(): readonly Silence[] {
    return this.#all;
  }

  /** Stores others in their place. Whoever edits a text that cannot be read does not mend it. */
  set(all: readonly Silence[]): void {
    this.#all = all;
    if (!this.#isBroken) this.#write(encodeSilences(all));
  }

  /** Somebody edits the object by hand, and nobody can read it. */
  breakText(): void {
    this.#isBroken = true;
    this.#write('{"version": 1, "silences": [{"id": "no end"}]}');
  }

  /** The text can be read again. */
  mendText(): void {
    this.#isBroken = false;
    this.set(this.#all);
  }

  #write(text: string): void {
    this.#store.put(BUCKET, SILENCES_KEY, Buffer.from(text));
  }
}
