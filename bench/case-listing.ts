import { DescribeInstancesCommand, EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { ec2Ports } from '../lambda/adapters/ec2.ts';
import { SILENCE_TAG } from '../lambda/contract/silence.ts';
import { PAGE_SIZE } from './page-template.ts';
import { costOf, type Measured, peakRssMb, set } from './world.ts';

// A process of its own: one way of listing, again and again.

const [, , way, url = '', instances = '', repeat = ''] = process.argv;
const client = new EC2Client({
  region: 'us-east-1',
  endpoint: url,
  credentials: { accessKeyId: 'AKIABENCH', secretAccessKey: 'bench' },
});
const { signal } = new AbortController();
const expected = Number(instances);
const WARM_UP = 5;

const ways: Readonly<Record<string, () => Promise<number>>> = {
  /** As the function lists. */
  ours: async () => {
    const ports = ec2Ports(() => client, 'us-east-1');
    return (await ports.list({ account: '123456789012', region: 'us-east-1' }, signal, [SILENCE_TAG])).length;
  },
  /** As the function reads the health of the same instances. */
  health: async () => {
    const ports = ec2Ports(() => client, 'us-east-1');
    return (await ports.health({ account: '123456789012', region: 'us-east-1' }, signal)).size;
  },
  /** As the SDK lists, with the parser that it brings. */
  sdk: async () => {
    let seen = 0;
    for await (const { Reservations = [] } of paginateDescribeInstances({ client, pageSize: PAGE_SIZE }, {})) {
      for (const { Instances = [] } of Reservations) seen += Instances.length;
    }
    return seen;
  },
  /** The same answers over the same client, read and thrown away. */
  drain: async () => {
    for (let page = 0; page * PAGE_SIZE < expected; page += 1) {
      const command = new DescribeInstancesCommand({ MaxResults: PAGE_SIZE, NextToken: String(page) });
      command.middlewareStack.add(
        (next) => async (args) => {
          const result = await next(args);
          const response = result.response as { body: AsyncIterable<Uint8Array> | Uint8Array };
          for await (const _ of response.body as AsyncIterable<Uint8Array>);
          response.body = new Uint8Array();
          return result;
        },
        { step: 'deserialize', priority: 'low' },
      );
      await client.send(command);
    }
    return expected;
  },
};

const work = ways[way ?? ''];
if (work === undefined) throw new Error(`There is no way '${way}' of listing.`);
await set(url, { instances: expected, stopped: 0, latencyMs: 0 });
const runs = [];
// The first runs warm the process up: what compiles its code is not the work.
for (let run = 0; run < Number(repeat) + WARM_UP; run += 1) {
  const cost = await costOf(async () => {
    const seen = await work();
    if (seen !== expected) throw new Error(`${way} saw ${seen} of ${expected} instances.`);
  });
  if (run >= WARM_UP) runs.push(cost);
}
process.send?.({ runs, peakRssMb: peakRssMb(), calls: [] } satisfies Measured);
