import { queryAnswer, queryRefusal } from './aws-query.ts';
import { Form, unknownAction } from './form.ts';
import type { WireProtocol } from './protocol.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** STS: who am I. "GetCallerIdentity", STS API Reference. */
export const sts: WireProtocol = {
  read({ account, partition }, { body }, requestId) {
    const operation = new Form(body).need('Action');
    if (operation !== 'GetCallerIdentity') {
      throw unknownAction('STS', operation, ['GetCallerIdentity']);
    }
    const identity = { Arn: `arn:${partition}:iam::${account}:user/local`, UserId: 'AIDALOCAL', Account: account };
    return { operation, act: () => queryAnswer(operation, NAMESPACE, requestId, identity) };
  },
  refuse: (error, requestId) => queryRefusal(error, NAMESPACE, requestId),
};
