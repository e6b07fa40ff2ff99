/** Something that happens at a virtual time. Returns true when it let a waiting program go on. */
type Happening = () => boolean;

interface Entry {
  /** ms since epoch. */
  readonly at: number;
  /** Tells apart what happens at the same time: first come, first served. */
  readonly order: number;
  readonly happen: Happening;
}

/**
 * Virtual time, and everything that is still to happen in it. Programs that run side by side wait for their turns here,
 * so that they interleave at every `await`, always in the same way for the same waits.
 */
export class Timeline {
  readonly #heap: Entry[] = [];
  #now: number;
  #order = 0;

  /** @param start ms since epoch */
  constructor(start: number) {
    this.#now = start;
  }

  /** ms since epoch. */
  readonly now = (): number => this.#now;

  /** Lets something happen at a time; at once, when that is past. */
  at(time: number, happen: () => void): void {
    this.#push(time, () => {
      happen();
      return false;
    });
  }

  /** The same for what starts a program or lets one go on. */
  wake(time: number, happen: () => void): void {
    this.#push(time, () => {
      happen();
      return true;
    });
  }

  /** Waits for so many milliseconds of virtual time. */
  turn(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.wake(this.#now + ms, resolve);
    });
  }

  /** Lets everything happen until nothing is left. */
  async run(): Promise<void> {
    for (let next = this.#pop(); next !== undefined; next = this.#pop()) {
      this.#now = Math.max(this.#now, next.at);
      // A program that was let go runs in microtasks until it waits again: all of them are over before the next macrotask.
      if (next.happen()) await new Promise(setImmediate);
    }
  }

  #push(at: number, happen: Happening): void {
    const entry = { at, order: this.#order++, happen };
    const heap = this.#heap;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(entry, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = entry;
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const one = heap[left];
      if (one === undefined) break;
      const other = heap[left + 1];
      const [child, at] = other !== undefined && isBefore(other, one) ? [other, left + 1] : [one, left];
      if (!isBefore(child, last)) break;
      heap[index] = child;
      index = at;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
