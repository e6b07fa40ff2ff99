import { queryAnswer, queryRefusal } from './aws-query.ts';
import { Form, unknownAction } from './form.ts';
import type { Asker, WireProtocol } from './protocol.ts';
import type { Xml } from './xml.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** What an operation does, and the role that it is about, if any. */
type Operation = (form: Form, asker: Asker) => { readonly resource?: string; readonly act: () => Xml };

const operations: Readonly<Record<string, Operation>> = {
  GetCallerIdentity: (_form, { caller: { arn, cloud } }) => ({
    act: () => ({ Arn: arn, UserId: 'AIDALOCAL', Account: cloud.account }),
  }),

  AssumeRole(form, { caller, accounts }) {
    const roleArn = form.need('RoleArn');
    const sessionName = form.need('RoleSessionName');
    const duration = form.get('DurationSeconds');
    const request = {
      roleArn,
      sessionName,
      externalId: form.get('ExternalId'),
      durationSeconds: duration === undefined ? undefined : Number(duration),
    };
    return {
      resource: roleArn,
      act() {
        const { accessKeyId, secretAccessKey, sessionToken, expiration } = accounts.assume(caller, request);
        return {
          Credentials: {
            AccessKeyId: accessKeyId,
            SecretAccessKey: secretAccessKey,
            SessionToken: sessionToken,
            Expiration: expiration.toISOString(),
          },
          AssumedRoleUser: {
            AssumedRoleId: `AROALOCAL:${sessionName}`,
            Arn: accounts.callerOf(accessKeyId, sessionToken).arn,
          },
        };
      },
    };
  },
};

/** STS over the AWS query protocol: who am I, and who may I be. */
export const sts: WireProtocol = {
  read(_cloud, { body }, requestId, asker) {
    const form = new Form(body);
    const operation = form.need('Action');
    const read = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    if (!read) {
      throw unknownAction('STS', operation, Object.keys(operations));
    }
    const { act, ...resource } = read(form, asker);
    return { operation, ...resource, act: () => queryAnswer(operation, NAMESPACE, requestId, act()) };
  },
  refuse: (error, requestId) => queryRefusal(error, NAMESPACE, requestId),
};
