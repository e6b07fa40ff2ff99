import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Checks } from './checks.ts';
import { type DocumentedCommand, documentedCommands } from './documented-commands.ts';
import type { Shell } from './shell.ts';

/** What a command of a document needs here, and what must come of it. */
export interface Act {
  /** Part of the command: the act is for every command that has it. */
  readonly of: string;
  /** What the reader has to put in: a text of the command, and what stands there instead. */
  readonly given?: Readonly<Record<string, string>>;
  /** What happens before. */
  readonly before?: () => Promise<unknown>;
  /** What the command must print. */
  readonly prints?: RegExp;
  /** What must be so afterwards. */
  readonly after?: (stdout: string) => void | Promise<void>;
  /** The error with which the emulator answers, where it cannot do what is asked. DIFFERENCES.md has the reason. */
  readonly refused?: RegExp;
}

/** Runs the commands of a document, one after the other. Each must succeed without an error message, unless its act says that the emulator refuses it. */
export class Rehearsal {
  readonly #document: string;
  readonly #shell: Shell;
  readonly #checks: Checks;
  readonly #left: DocumentedCommand[];

  /** @param part what a command must have in it to be run. Left out: every command is */
  constructor(document: string, shell: Shell, checks: Checks, part = /^/) {
    this.#document = document;
    this.#shell = shell;
    this.#checks = checks;
    this.#left = documentedCommands(document).filter(({ text }) => part.test(text));
  }

  /**
   * Runs what is left, up to a section or a command that has a text in it. Every act must be of one of these commands.
   *
   * @param until stops before it. Left out: to the end
   */
  async run(acts: readonly Act[], until?: string): Promise<void> {
    const unused = new Set(acts);
    for (;;) {
      const [command] = this.#left;
      if (command === undefined) break;
      if (until !== undefined && (command.section === until || command.text.includes(until))) break;
      this.#left.shift();
      const mine = acts.filter(({ of }) => command.text.includes(of));
      for (const act of mine) unused.delete(act);
      await this.#perform(command, mine);
    }
    if (unused.size > 0 || (until !== undefined && this.#left.length === 0)) {
      const missing = [...unused].map(({ of }) => of).join(', ') || until;
      await this.#checks.check(`docs/${this.#document} has the command ${missing}`, () => ok(false));
    }
  }

  async #perform({ section, text }: DocumentedCommand, acts: readonly Act[]): Promise<void> {
    const refused = acts.find((act) => act.refused !== undefined)?.refused;
    const [first = '', ...others] = text.split('\n');
    const short = first.length > 90 ? `${first.slice(0, 90)}…` : first;
    const name = `${section || 'Start'}: ${short}${others.length > 0 ? ` (and ${others.length} lines)` : ''}`;
    await this.#checks.check(refused === undefined ? name : `refused: ${name}`, async () => {
      for (const { before } of acts) await before?.();
      let command = text;
      for (const [placeholder, value] of acts.flatMap(({ given = {} }) => Object.entries(given))) {
        ok(command.includes(placeholder), `there is no ${placeholder} to fill in`);
        command = command.replaceAll(placeholder, value);
      }
      const { code, stdout, stderr } = await this.#shell.run(command);
      this.#checks.saw(...startOf(stdout + stderr));
      if (refused !== undefined) {
        match(stdout + stderr, refused);
        return;
      }
      equal(code, 0, `it ended with ${code}:\n${stdout}${stderr}`);
      // CDK and npm tell their progress there.
      if (/^aws|=\$\(/.test(command)) deepEqual(stderr, '');
      for (const { prints, after } of acts) {
        if (prints !== undefined) match(stdout, prints);
        await after?.(stdout);
      }
    });
  }
}

/** The first lines of an output, none of them long. */
function startOf(output: string): readonly string[] {
  // After a carriage return, what shows progress has begun its line anew.
  const lines = output.split('\n').map((line) => line.replace(/^.*\r(?=.)/, ''));
  const full = lines.filter((line) => line.trim() !== '');
  return full.slice(0, 4).map((line) => (line.length > 120 ? `${line.slice(0, 119)}…` : line));
}
