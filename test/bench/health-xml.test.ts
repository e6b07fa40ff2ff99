import { healthTemplate } from '../../bench/health-xml.ts';
import { listingTemplate } from '../../bench/listing-xml.ts';
import { decodeInstance } from '../../lambda/adapters/ec2-decoder.ts';
import { DESCRIBE_INSTANCES } from '../../lambda/adapters/ec2-listing.ts';
import { readPage } from '../../lambda/adapters/ec2-pages.ts';
import { DESCRIBE_INSTANCE_STATUS, decodeHealth } from '../../lambda/adapters/ec2-status.ts';

const read = (page: Buffer) => readPage(DESCRIBE_INSTANCE_STATUS, [page], decodeHealth);

test('a page has health of the size that the measurements speak of, with some trouble in it', async () => {
  const page = healthTemplate(1000, 0).page(7, false);
  expect(page.length / 1000).toBeGreaterThan(800);
  expect(page.length / 1000).toBeLessThan(1_000);
  const { items, nextToken } = await read(page);
  expect(nextToken).toBe('8');
  expect(Object.keys(items[0]?.checks ?? {})).toEqual([
    'system',
    'instance',
    'attached-ebs',
    'application',
    'performance',
  ]);
  expect(items.filter(({ checks }) => checks['instance']?.impairedSince !== undefined)).toHaveLength(10);
  expect(items.filter(({ events }) => events.length > 0)).toHaveLength(10);
});

test('it is the health of the instances that are listed and run, and only of those', async () => {
  const listed = await readPage(DESCRIBE_INSTANCES, [listingTemplate(50, 3).page(2, true)], decodeInstance);
  const running = listed.items.filter(({ state }) => state === 'running').map(({ id }) => id);
  const { items, nextToken } = await read(healthTemplate(50, 3).page(2, true));
  expect(items.map(({ id }) => id)).toEqual(running);
  expect(running).toHaveLength(47);
  expect(nextToken).toBeUndefined();
});
