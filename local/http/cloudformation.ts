import { queryAnswer, queryRefusal } from './aws-query.ts';
import { Form, unknownAction } from './form.ts';
import type { WireProtocol } from './protocol.ts';

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

/** CloudFormation: the outputs of a stack. "DescribeStacks", AWS CloudFormation API Reference. */
export const cloudformation: WireProtocol = {
  read({ stacks }, { body, region }, requestId) {
    const form = new Form(body);
    const operation = form.need('Action');
    if (operation !== 'DescribeStacks') throw unknownAction('CloudFormation', operation, ['DescribeStacks']);
    const name = form.need('StackName');
    const act = () => {
      const outputs = Object.entries(stacks.outputs(region, name));
      const stack = {
        StackName: name,
        CreationTime: '2026-11-22T00:00:00.000Z',
        StackStatus: 'CREATE_COMPLETE',
        Outputs: { member: outputs.map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })) },
      };
      return queryAnswer(operation, NAMESPACE, requestId, { Stacks: { member: [stack] } });
    };
    return { operation, resource: name, act };
  },
  refuse: (error, requestId) => queryRefusal(error, NAMESPACE, requestId),
};
