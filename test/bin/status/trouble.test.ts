import { type TroubleKind, troubleOf } from '../../../bin/status/trouble.ts';
import { NotAssumed } from '../../../lambda/adapters/sts.ts';
import { Denied } from '../../../lambda/core/look/ports.ts';
import { REFUSALS } from '../../../local/model/faults.ts';

const ATTEMPT = { action: 'ec2:DescribeInstances', timeoutSeconds: 20 };

/** An error as the SDK throws it: the name is AWS's code, `code` that of the network. */
const failure = (name: string, message: string, facts: object = {}) =>
  Object.assign(new Error(message), { name, ...facts });

test.each<[TroubleKind, unknown, RegExp]>([
  [
    'no-credentials',
    failure('CredentialsProviderError', 'Could not load credentials from any providers'),
    /^There are no credentials: .* Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run 'aws configure'/,
  ],
  [
    'expired-credentials',
    failure('CredentialsProviderError', 'The SSO session associated with this profile has expired. To refresh …'),
    /^The sign-in has expired, or there was none yet\. Sign in with 'aws sso login' and look again\.$/,
  ],
  [
    'expired-credentials',
    failure('TokenProviderError', "Token is expired. To refresh this SSO session run 'aws sso login' …"),
    /^The sign-in has expired/,
  ],
  [
    'unusable-credentials',
    failure('CredentialsProviderError', 'Profile ops requires multi-factor authentication'),
    /^The credentials cannot be had: Profile ops requires multi-factor authentication\. 'aws sts get-caller-identity'/,
  ],
  [
    'expired-credentials',
    failure('RequestExpired', 'Request has expired.'),
    /^The credentials have expired \(RequestExpired\)\. Get new ones .* set this machine's clock\.$/,
  ],
  ['expired-credentials', failure('ExpiredToken', 'The security token … is expired'), /\(ExpiredToken\)/],
  [
    'invalid-credentials',
    failure('AuthFailure', 'AWS was not able to validate the provided access credentials'),
    /^AWS does not accept the credentials here \(AuthFailure\): .* or the region is not enabled in this account\./,
  ],
  [
    'invalid-credentials',
    failure('UnrecognizedClientException', 'The security token is invalid'),
    /UnrecognizedClient/,
  ],
  [
    'unknown-host',
    failure('Error', 'getaddrinfo ENOTFOUND', { code: 'ENOTFOUND', hostname: 'ec2.us-est-1.amazonaws.com' }),
    /^There is no host ec2\.us-est-1\.amazonaws\.com \(ENOTFOUND\): the name of the region is wrong, or .* Correct the region/,
  ],
  [
    'not-allowed',
    failure('UnauthorizedOperation', `${REFUSALS.unauthorized.message}. Encoded authorization failure message: Zm9v`),
    /^AWS refuses \(UnauthorizedOperation\): User: arn:\S+ is not authorized to perform: ec2:DescribeInstances because no identity-based policy allows the ec2:DescribeInstances action\. Have ec2:DescribeInstances allowed for it\.$/,
  ],
  [
    'not-allowed',
    failure('UnauthorizedOperation', 'You are not authorized to perform this operation.'),
    /^AWS refuses \(UnauthorizedOperation\): You are not authorized to perform this operation\. Have/,
  ],
  [
    'denied-by-organization',
    new Denied(REFUSALS.deniedByOrganization.message),
    /^A policy of the organization denies it: User: .* with an explicit deny in a service control policy\. Leave the region out/,
  ],
  [
    'throttled',
    failure('RequestLimitExceeded', 'Request limit exceeded.'),
    /^AWS throttles the calls of this account \(RequestLimitExceeded\).* fewer regions with --regions\.$/,
  ],
  [
    'no-answer',
    failure('TimeoutError', 'The operation was aborted due to timeout'),
    /^No complete answer within 20 seconds/,
  ],
  ['no-answer', failure('AbortError', 'Request aborted'), /wait longer with --timeout\.$/],
  [
    'no-connection',
    failure('Error', 'connect ECONNREFUSED 127.0.0.1:1', { code: 'ECONNREFUSED' }),
    /^There is no connection to AWS \(ECONNREFUSED\): connect ECONNREFUSED 127\.0\.0\.1:1\. Check network, proxy and AWS_ENDPOINT_URL\.$/,
  ],
  [
    'no-connection',
    failure('AggregateError', '', { code: 'ETIMEDOUT' }),
    /^There is no connection to AWS \(ETIMEDOUT\): ETIMEDOUT\./,
  ],
  [
    'no-connection',
    failure('Error', 'self-signed certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    /self-signed/,
  ],
  [
    'failure',
    failure('InternalError', 'An internal error has occurred'),
    /^InternalError: An internal error has occurred\. If it stays/,
  ],
  ['failure', new Error('The answer is not complete.'), /^The answer is not complete\. If it stays/],
  ['failure', 'a text', /^a text\. If it stays/],
])('%s from %s', (kind, error, sentence) => {
  const trouble = troubleOf(error, ATTEMPT);
  expect(trouble.kind).toBe(kind);
  expect(trouble.sentence).toMatch(sentence);
});

describe('with the role of a member account', () => {
  const notAssumed = (name: string, message: string) =>
    new NotAssumed({ arn: 'arn:aws:iam::444455556666:role/Member', sessionName: 'x' }, failure(name, message));

  test('a refusal names the role and its caller, not the account: it is the same for all that refuse', () => {
    const message =
      'User: arn:aws:sts::111122223333:assumed-role/Monitor/ann is not authorized to perform: sts:AssumeRole on resource: ' +
      'arn:aws:iam::444455556666:role/Member with an explicit deny in a service control policy';
    expect(troubleOf(notAssumed('AccessDenied', message), ATTEMPT)).toEqual({
      kind: 'role-refused',
      sentence:
        'AWS refuses (AccessDenied): User: arn:aws:sts::111122223333:assumed-role/Monitor/ann is not authorized to perform: ' +
        'sts:AssumeRole with an explicit deny in a service control policy. The account or its role ' +
        'Member is not there, or the role does not trust this caller or wants another external id, or no policy of the ' +
        "caller allows it. Deploy what 'npm run member-template' prints there; --role and --external-id have to fit it.",
    });
  });

  test.each<[string, TroubleKind, RegExp]>([
    ['RegionDisabledException', 'sts-not-enabled', /Set AWS_REGION to a region that is enabled in all accounts/],
    ['Throttling', 'throttled', /and did when asked again too\. Wait a minute\.$/],
    ['ExpiredToken', 'expired-credentials', /^The credentials have expired \(ExpiredToken\)/],
    ['TimeoutError', 'no-answer', /^No complete answer within 20 seconds/],
    ['Oops', 'failure', /^Oops: No\. If it stays, 'aws sts assume-role' tells whether it is STS\.$/],
  ])('%s is %s', (name, kind, sentence) => {
    const trouble = troubleOf(notAssumed(name, 'No.'), ATTEMPT);
    expect(trouble.kind).toBe(kind);
    expect(trouble.sentence).toMatch(sentence);
  });
});

test('what was asked for is what to try and what to have allowed', () => {
  const attempt = { ...ATTEMPT, action: 'ec2:DescribeInstanceStatus' };
  expect(troubleOf(new Error('a text'), attempt).sentence).toContain("'aws ec2 describe-instance-status' tells");
  const refused = failure('UnauthorizedOperation', 'No.');
  expect(troubleOf(refused, attempt).sentence).toMatch(/ Have ec2:DescribeInstanceStatus allowed for it\.$/);
});

describe('with a profile', () => {
  test('one that gives no credentials is named', () => {
    const error = failure('CredentialsProviderError', 'Could not load credentials from any providers');
    expect(troubleOf(error, { ...ATTEMPT, profile: 'nope' })).toEqual({
      kind: 'unusable-profile',
      sentence:
        "The profile 'nope' gives no credentials: ~/.aws/config and ~/.aws/credentials do not have it, or not how to sign " +
        "in. Set AWS_PROFILE to one of those that 'aws configure list-profiles' lists.",
    });
  });

  test('the way to sign in names it', () => {
    const error = failure('CredentialsProviderError', 'The SSO session associated with this profile has expired. …');
    expect(troubleOf(error, { ...ATTEMPT, profile: 'dev' }).sentence).toBe(
      "The sign-in of the profile 'dev' has expired, or there was none yet. Sign in with 'aws sso login --profile dev' and look again.",
    );
  });
});
