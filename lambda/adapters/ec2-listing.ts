import { pagedOperation } from './ec2-pages.ts';
import { date, list, stream, structure, text } from './xml-grammar.ts';

/** What is read of the answers: what `decodeInstance` needs. "DescribeInstances", EC2 API Reference. */
export const DESCRIBE_INSTANCES = pagedOperation('DescribeInstances', 'Reservations', 'Instances', {
  reservationSet: stream('Reservations', {
    instancesSet: stream('Instances', {
      instanceId: text('InstanceId'),
      instanceState: structure('State', { name: text('Name') }),
      launchTime: date('LaunchTime'),
      reason: text('StateTransitionReason'),
      stateReason: structure('StateReason', { code: text('Code'), message: text('Message') }),
      tagSet: list('Tags', { key: text('Key'), value: text('Value') }),
      instanceType: text('InstanceType'),
      placement: structure('Placement', { availabilityZone: text('AvailabilityZone') }),
      privateIpAddress: text('PrivateIpAddress'),
      imageId: text('ImageId'),
      instanceLifecycle: text('InstanceLifecycle'),
      operator: structure('Operator', { managed: text('Managed'), principal: text('Principal') }),
    }),
  }),
});
