import { secretIn } from '../../../lib/settings/secret-in.ts';

// No address here is anybody's: the letters are made up.
test.each([
  ['https://user:password@example.com/hook', 'user name'],
  ['https://token@example.com/hook', 'user name'],
  ['https://hooks.example.com/services/T00AA/B00BB/aB3dE6gH9jK2mN5pQ8sT1vW4', 'path'],
  ['https://events.example.com/integration/0123456789abcdef0123456789abcdef/enqueue', 'path'],
  ['https://example.com/hooks/1b4e28ba-2fa1-11d2-883f-0016d3cca427', 'path'],
  ['https://example.com/v1/sns?apiKey=x', 'query'],
  ['https://example.com/v1/sns?access_token=x', 'query'],
  ['https://example.com/v1/sns?of=aB3dE6gH9jK2mN5pQ8sT1vW4', 'query'],
] as const)('%s has one in its %s', (endpoint, part) => {
  expect(secretIn(endpoint)).toBe(part);
});

test.each([
  'https://example.com/',
  'https://a1b2c3d4e5f6g7h8.execute-api.us-east-1.amazonaws.com/prod/ec2-transitions-webhook-v2',
  'https://example.com/notifications/administrators?topic=alerts&key=',
  'ops1234567890abcdef@example.com',
  'arn:aws:sqs:us-east-1:111122223333:transitions1234567890abcdef',
])('%s has none', (endpoint) => {
  expect(secretIn(endpoint)).toBeUndefined();
});
