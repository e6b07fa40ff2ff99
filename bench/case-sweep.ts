import { Agent, type RequestOptions } from 'node:http';
import { pathToFileURL } from 'node:url';
import { type Control, costOf, type Measured, peakRssMb, set } from './world.ts';

// A process of its own: the bundle as it is deployed, invoked once for each step.

const [, , bundle = '', url = '', steps = '[]'] = process.argv;

// What the function logs is encoded, as Lambda does it, and goes nowhere.
for (const level of ['info', 'warn', 'error'] as const) {
  console[level] = (line: unknown) => {
    JSON.stringify(line);
  };
}

// AWS has a host for each service and region, and connections are kept by host. Here, all are one.
const { getName } = Agent.prototype;
Agent.prototype.getName = function (options) {
  const { authorization = '' } = ((options as RequestOptions).headers ?? {}) as Record<string, string>;
  return `${getName.call(this, options)} ${/\/\d{8}\/([^/]+\/[^/]+)\//.exec(authorization)?.[1]}`;
};

const { handler } = await import(pathToFileURL(bundle).href);
const runs = [];
let calls: Measured['calls'] = [];
for (const step of JSON.parse(steps) as Partial<Control>[]) {
  await set(url, step);
  runs.push(await costOf(() => handler({}, { getRemainingTimeInMillis: () => 600_000 })));
  calls = await set(url, {});
}
process.send?.({ runs, peakRssMb: peakRssMb(), calls } satisfies Measured);
