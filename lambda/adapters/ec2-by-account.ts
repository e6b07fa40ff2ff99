import { type DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Scope } from '../core/known/scope.ts';
import type { SharedConfig } from './ec2.ts';

/** Carries the account of a request from its command to the signer, which takes it off. */
const ACCOUNT_HEADER = 'x-account-of-scope';

/** AWS refuses these. If the SDK ever signed past our signer, nobody's instances would be taken for those of another account. */
const NOBODY = { accessKeyId: 'NOBODY', secretAccessKey: 'NOBODY' };

type Provider = Exclude<SharedConfig['credentials'], { readonly accessKeyId: string }>;

/**
 * EC2 clients for the scopes of many accounts. A client of the SDK takes up to 60 kB, so there is one for each region, however many
 * accounts there are. Each request carries its account, and only the credentials of that account can sign it.
 *
 * @param credentialsOf whoever asks for credentials again gets the same, for as long as they are good
 */
export function ec2ClientsByAccount(
  shared: Partial<SharedConfig>,
  credentialsOf: (account: string) => Provider,
): (scope: Scope) => EC2Client {
  const clients = new Map<string, EC2Client>();
  const clientOf = (region: string): EC2Client => {
    const client = clients.get(region) ?? newClient(shared, region, credentialsOf);
    clients.set(region, client);
    return client;
  };
  return ({ account, region }) => {
    const client = clientOf(region);
    const send = async (command: DescribeInstancesCommand, ...options: object[]) => {
      // Before the first attempt: that there are no credentials is nothing to try again.
      await credentialsOf(account)();
      command.middlewareStack.add(
        (next) => (args) => {
          (args.request as { headers: Record<string, string> }).headers[ACCOUNT_HEADER] = account;
          return next(args);
        },
        { step: 'build', name: 'accountOfScope' },
      );
      return client.send(command, ...options);
    };
    // The same client in all but what it sends.
    return Object.create(client, { send: { value: send } });
  };
}

function newClient(
  shared: Partial<SharedConfig>,
  region: string,
  credentialsOf: (account: string) => Provider,
): EC2Client {
  const client = new EC2Client({
    ...shared,
    region,
    credentials: NOBODY,
    signer: {
      sign: async (request, options) => {
        const { [ACCOUNT_HEADER]: account, ...headers } = request.headers;
        if (account === undefined) throw new Error('A request to EC2 does not say which account it is about.');
        const credentials = await credentialsOf(account)();
        const signer = new SignatureV4({ credentials, region, service: 'ec2', sha256: client.config.sha256 });
        return signer.sign({ ...request, headers }, options);
      },
    },
  });
  return client;
}
