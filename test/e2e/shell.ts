import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

/** What a command wrote, and how it ended. */
export interface Reply {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A word of a shell command that stands for a text, whatever is in it: for bash and zsh. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** One bash into which commands are pasted, one after the other: variables and functions stay. */
export class Shell {
  readonly #bash: ChildProcessWithoutNullStreams;

  /** @param signal ends it, and fails the command under way */
  constructor(folder: string, env: NodeJS.ProcessEnv, signal: AbortSignal) {
    this.#bash = spawn('bash', ['--noprofile', '--norc'], { cwd: folder, env, signal, stdio: 'pipe' });
    this.#bash.on('error', () => {});
    this.#bash.stdin.on('error', () => {});
  }

  /** Runs a command to its end, with nothing to read. @throws Error where bash itself ends */
  run(command: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const { stdin, stdout, stderr } = this.#bash;
      const written = { stdout: '', stderr: '' };
      const collectors = { stdout: collect('stdout'), stderr: collect('stderr') };
      const gone = () => done(new Error(`bash ended: ${written.stderr}`));
      stdout.on('data', collectors.stdout);
      stderr.on('data', collectors.stderr);
      this.#bash.on('close', gone);
      // The zero byte, which no text has, says on both that all is there.
      stdin.write(`eval ${quoted(command)} < /dev/null; printf '\\n%d\\0' "$?"; printf '\\0' >&2\n`);

      function collect(stream: keyof typeof written) {
        return (chunk: Buffer) => {
          written[stream] += chunk.toString();
          if (written.stdout.endsWith('\0') && written.stderr.endsWith('\0')) done();
        };
      }
      const done = (error?: Error) => {
        stdout.off('data', collectors.stdout);
        stderr.off('data', collectors.stderr);
        this.#bash.off('close', gone);
        if (error !== undefined) return reject(error);
        const [, text = '', code = ''] = /^([\s\S]*)\n(\d+)\0$/.exec(written.stdout) ?? [];
        resolve({ code: Number(code), stdout: text, stderr: written.stderr.slice(0, -1) });
      };
    });
  }

  close(): void {
    this.#bash.stdin.end();
  }
}
