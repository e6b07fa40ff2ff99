import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { costOf, type Measured, peakRssMb } from './world.ts';

// A process of its own: the SDK's plain call of a region without instances, by one client, so many times.

const [, , url = '', calls = '', repeat = ''] = process.argv;
const AT_ONCE = 40;
const client = new EC2Client({
  region: 'us-east-1',
  endpoint: url,
  credentials: { accessKeyId: 'AKIABENCH', secretAccessKey: 'bench' },
});

const runs = [];
// The first run warms the process up.
for (let run = 0; run <= Number(repeat); run += 1) {
  let left = Number(calls);
  const caller = async (): Promise<void> => {
    while (left-- > 0) await client.send(new DescribeInstancesCommand({ MaxResults: 1000 }));
  };
  const cost = await costOf(() => Promise.all(Array.from({ length: AT_ONCE }, caller)));
  if (run > 0) runs.push(cost);
}
process.send?.({ runs, peakRssMb: peakRssMb(), calls: [] } satisfies Measured);
