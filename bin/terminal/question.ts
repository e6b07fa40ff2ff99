import { createInterface } from 'node:readline';

/** Asks a question of yes or no. Anything but a yes is a no: also the end of the input, or Ctrl-C. */
export function askOn(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): (question: string) => Promise<boolean> {
  return (question) =>
    new Promise((resolve) => {
      let isAnswered = false;
      const terminal = createInterface({ input, output });
      terminal.once('close', () => {
        if (!isAnswered) output.write('\n');
        resolve(false);
      });
      terminal.question(`${question} [y/N] `, (answer) => {
        isAnswered = true;
        resolve(/^\s*y(es)?\s*$/i.test(answer));
        terminal.close();
      });
    });
}
