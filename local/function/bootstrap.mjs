// Runs one Lambda function as Lambda does: in a process of its own, loaded once, invoked with one event at a time.
// Plain JavaScript, since any Node.js runs it as it is. Started by process.ts, and spoken to over its channel.
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import { inspect } from 'node:util';

/** @typedef {{ kind: 'invoke', event: unknown, now: number, timeoutMs: number, requestId: string }} Invoke */
/** @typedef {{ kind: 'passed', until: number }} Passed */

const [, , bundle, handlerName] = process.argv;
if (bundle === undefined || handlerName === undefined || process.send === undefined) {
  console.error('This is no program to start by hand: process.ts starts it with a bundle and the name of a handler.');
  process.exit(2);
}
const send = process.send.bind(process);

// The function lives at the time of the simulated account. Within an invocation the time passes as it really does, and
// what the function waits passes at once.
const RealDate = Date;
let startedAt = performance.now();
/** The time at which it was invoked, and how long it has waited since. */
let accountTime = RealDate.now();
const now = () => Math.floor(accountTime + performance.now() - startedAt);
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
});

// How long the function waits is a matter of the account's time, so whoever invoked says when that has passed: meanwhile the account
// changes. Only this timer: those of the SDK, and the signals that end a request, guard real connections.
/** @type {{ until: number, over: () => void }[]} */
const pauses = [];
timers.setTimeout = async (ms = 1, value, options) => {
  options?.signal?.throwIfAborted();
  const until = accountTime + ms;
  await new Promise((over) => {
    pauses.push({ until, over: () => over(undefined) });
    send({ kind: 'pause', until });
  });
  options?.signal?.throwIfAborted();
  return /** @type {any} */ (value);
};
syncBuiltinESMExports();
/** @param {number} time */
const passUntil = (time) => {
  accountTime = Math.max(accountTime, time);
  for (const pause of pauses.filter(({ until }) => until <= time)) {
    pauses.splice(pauses.indexOf(pause), 1);
    pause.over();
  }
};

// Ctrl-C reaches every process of the terminal: who started this one ends it. Without that one it ends itself.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());

let requestId = '';
for (const level of /** @type {const} */ (['debug', 'info', 'log', 'warn', 'error'])) {
  // As Lambda's JSON log format does: an object stays one, under `message`.
  console[level] = (...args) => {
    const message =
      args.length === 1 && typeof args[0] === 'object'
        ? args[0]
        : args.map((arg) => (typeof arg === 'string' ? arg : inspect(arg))).join(' ');
    send({
      kind: 'log',
      line: {
        timestamp: new Date().toISOString(),
        level: level === 'log' ? 'INFO' : level.toUpperCase(),
        requestId,
        message,
      },
    });
  };
}

/** @param {unknown} error */
const described = (error) =>
  error instanceof Error ? { name: error.name, message: error.message } : { name: 'Error', message: String(error) };

/** @type {((event: unknown, context: object) => Promise<unknown>) | undefined} */
let handler;
try {
  handler = (await import(bundle))[handlerName];
  if (typeof handler !== 'function') throw new Error(`${bundle} exports no function '${handlerName}'.`);
  send({ kind: 'ready' });
} catch (error) {
  send({ kind: 'broken', error: described(error) });
  process.exit(1);
}

process.on('message', async (/** @type {Invoke | Passed} */ message) => {
  if (message.kind === 'passed') {
    passUntil(message.until);
    return;
  }
  const begun = performance.now();
  startedAt = begun;
  accountTime = message.now;
  requestId = message.requestId;
  const context = {
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => Math.max(0, message.timeoutMs - (performance.now() - begun)),
  };
  try {
    send({ kind: 'result', value: await handler?.(message.event, context) });
  } catch (error) {
    send({ kind: 'failed', error: described(error) });
  }
});
