import { AssertionError } from 'node:assert/strict';

/** What the test found out, said as it goes: a line for each check, and what was seen between them. */
export class Checks {
  #passed = 0;
  #failed = 0;
  readonly #startedAt = Date.now();

  /** Whether every check held. */
  get ok(): boolean {
    return this.#failed === 0;
  }

  /** Begins a new part of the story. */
  section(title: string): void {
    const seconds = ((Date.now() - this.#startedAt) / 1000).toFixed(0).padStart(3);
    console.log(`\n[${seconds} s] ${title}`);
  }

  /** Says what was seen. */
  saw(...lines: readonly string[]): void {
    for (const line of lines) console.log(`         ${line}`);
  }

  /** Says where the emulator is not like AWS, at the place where it matters. */
  differs(text: string): void {
    console.log(`       ~ not as on AWS: ${text}`);
  }

  /** One thing that has to be so. A check that fails is counted, and the story goes on. */
  async check(title: string, assertion: () => void | Promise<void>): Promise<void> {
    try {
      await assertion();
      this.#passed += 1;
      console.log(`       ✓ ${title}`);
    } catch (error) {
      this.#failed += 1;
      console.log(`       ✗ ${title}`);
      const text = error instanceof AssertionError ? error.message : error instanceof Error ? error.stack : error;
      console.log(String(text).replace(/^/gm, '           '));
    }
  }

  /** The story could not be told to its end. */
  broken(what: string): void {
    this.#failed += 1;
    console.log(`\n       ✗ ${what}`);
  }

  /** The last line: how many checks held, and how many did not. */
  close(): void {
    console.log(`\n${this.#passed} passed, ${this.#failed} failed`);
  }
}
