/** npm run silence: people are not told of some instances for a while. What is held back, they hear when it ends. */
import { readSilenceOptions, SILENCE } from './silence/options.ts';
import { runSilence } from './silence/run.ts';
import { Unable } from './silence/unable.ts';
import { optionsOrExit } from './terminal/options.ts';
import { painterFor } from './terminal/paint.ts';
import { printable } from './terminal/printable.ts';
import { askOn } from './terminal/question.ts';

// Of interest to who updates the SDK, which is pinned; not to who silences.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// Who reads may have read enough: `npm run silence -- … --yes | head -1`. The work goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const options = optionsOrExit(SILENCE, (args) => readSilenceOptions(args, Date.now()));
try {
  const isDone = await runSilence(options, {
    now: Date.now,
    random: Math.random,
    paint: painterFor(process.stdout),
    say: (line) => process.stdout.write(`${line}\n`),
    ask: process.stdin.isTTY && process.stderr.isTTY ? askOn(process.stdin, process.stderr) : undefined,
  });
  process.exitCode = isDone ? 0 : 1;
} catch (error) {
  if (!(error instanceof Unable)) throw error;
  console.error(printable(error.message));
  process.exitCode = 1;
}
// What still hangs is not waited for, only what is being printed.
process.stdout.write('', () => process.stderr.write('', () => process.exit()));
