import { listingTemplate } from '../../bench/listing-xml.ts';
import { decodeInstance } from '../../lambda/adapters/ec2-decoder.ts';
import { DESCRIBE_INSTANCES } from '../../lambda/adapters/ec2-listing.ts';
import { readPage } from '../../lambda/adapters/ec2-pages.ts';

const template = listingTemplate(1000, 3);

const read = (page: Buffer) => readPage(DESCRIBE_INSTANCES, [page], decodeInstance);

test('a page has instances of the size that the measurements speak of', async () => {
  const page = template.page(7, false);
  expect(page.length / 1000).toBeGreaterThan(4_850);
  expect(page.length / 1000).toBeLessThan(4_950);
  const { items: instances, nextToken } = await read(page);
  expect(nextToken).toBe('8');
  expect(instances.map(({ state }) => state)).toEqual([...Array(3).fill('stopped'), ...Array(997).fill('running')]);
});

test('no two pages share an instance, and only the last names no other', async () => {
  const pages = await Promise.all([read(template.page(0, false)), read(template.page(1, true))]);
  expect(new Set(pages.flatMap(({ items }) => items.map(({ id }) => id))).size).toBe(2000);
  expect(pages.map(({ nextToken }) => nextToken)).toEqual(['1', undefined]);
});
