import { seeded } from '../local/model/random.ts';
import { element, type Field, lay, PageTemplate, suffixOf } from './page-template.ts';

const TYPES = ['m7g.large', 'c7i.2xlarge', 't3.micro', 'r6i.4xlarge', 'm5.xlarge'];

/**
 * Pages as DescribeInstances answers them: instances of 4.9 kB each, with five tags and one interface.
 *
 * @param stopped how many of the instances, from the first, are stopped
 */
export function listingTemplate(instances: number, stopped: number, seed = 5): PageTemplate {
  const random = seeded(seed);
  const items = Array.from({ length: instances }, (_, index) => reservation(index, index < stopped, random)).join('');
  return new PageTemplate('DescribeInstances', 'reservationSet', items);
}

function reservation(index: number, stopped: boolean, random: () => number): string {
  const hex = (): string =>
    Math.floor(random() * 0xffffff)
      .toString(16)
      .padStart(6, '0');
  const suffix = suffixOf(index);
  const ip = `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
  const dns = `ip-${ip.replaceAll('.', '-')}.eu-west-1.compute.internal`;
  const publicIp = `54.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
  const publicDns = `ec2-${publicIp.replaceAll('.', '-')}.eu-west-1.compute.amazonaws.com`;
  const service = `service-${index % 40}`;
  const launched = new Date(
    Date.UTC(2026, index % 10, 1 + (index % 28), index % 24, index % 60, index % 60),
  ).toISOString();
  const tags = {
    'aws:autoscaling:groupName': `${service}-asg-${hex()}`.slice(0, 20),
    Environment: index % 3 === 0 ? 'production' : 'staging',
    Name: `${service}-${suffix.slice(0, 4)}-${index}`,
    Team: `team-${index % 12}`,
    CostCenter: String(100000 + (index % 50)),
  };
  const group = element('item', [
    ['groupId', 'sg-0a1b2c3d4e5f60718'],
    ['groupName', `${service}-instances`],
  ]);
  return lay(
    [
      element('item', [
        ['reservationId', `r-${suffix}`],
        ['ownerId', '123456789012'],
        ['groupSet', ''],
        [
          'instancesSet',
          element('item', [
            ['instanceId', `i-${suffix}`],
            ['imageId', `ami-0abcdef123456789${index % 7}`],
            [
              'instanceState',
              [
                ['code', stopped ? '80' : '16'],
                ['name', stopped ? 'stopped' : 'running'],
              ],
            ],
            ['privateDnsName', dns],
            ['dnsName', publicDns],
            ['reason', stopped ? 'User initiated (2026-11-20 08:15:30 GMT)' : ''],
            ['keyName', 'operations'],
            ['amiLaunchIndex', '0'],
            ['productCodes', ''],
            ['instanceType', TYPES[index % TYPES.length] ?? ''],
            ['launchTime', launched],
            [
              'placement',
              [
                ['availabilityZone', `eu-west-1${'abc'[index % 3]}`],
                ['groupName', ''],
                ['tenancy', 'default'],
              ],
            ],
            ['monitoring', [['state', 'disabled']]],
            ['subnetId', 'subnet-0f1e2d3c4b5a69788'],
            ['vpcId', 'vpc-01234567890abcdef'],
            ['privateIpAddress', ip],
            ['ipAddress', publicIp],
            ['sourceDestCheck', 'true'],
            ['groupSet', group],
            ...(stopped
              ? [
                  [
                    'stateReason',
                    [
                      ['code', 'Client.UserInitiatedShutdown'],
                      ['message', 'Client.UserInitiatedShutdown: User initiated shutdown'],
                    ],
                  ] as Field,
                ]
              : []),
            ['architecture', 'x86_64'],
            ['rootDeviceType', 'ebs'],
            ['rootDeviceName', '/dev/xvda'],
            [
              'blockDeviceMapping',
              element('item', [
                ['deviceName', '/dev/xvda'],
                [
                  'ebs',
                  [
                    ['volumeId', `vol-${suffix}`],
                    ['status', 'attached'],
                    ['attachTime', launched],
                    ['deleteOnTermination', 'true'],
                  ],
                ],
              ]),
            ],
            ['virtualizationType', 'hvm'],
            ['clientToken', `${suffix}-${hex()}-${hex()}`],
            [
              'tagSet',
              Object.entries(tags).flatMap(([key, value]) =>
                element('item', [
                  ['key', key],
                  ['value', value],
                ]),
              ),
            ],
            ['hypervisor', 'xen'],
            [
              'networkInterfaceSet',
              element('item', [
                ['networkInterfaceId', `eni-${suffix}`],
                ['subnetId', 'subnet-0f1e2d3c4b5a69788'],
                ['vpcId', 'vpc-01234567890abcdef'],
                ['description', ''],
                ['ownerId', '123456789012'],
                ['status', 'in-use'],
                ['macAddress', '02:dd:2c:5e:01:69'],
                ['privateIpAddress', ip],
                ['privateDnsName', dns],
                ['sourceDestCheck', 'true'],
                ['groupSet', group],
                [
                  'attachment',
                  [
                    ['attachmentId', `eni-attach-${suffix}`],
                    ['deviceIndex', '0'],
                    ['status', 'attached'],
                    ['attachTime', launched],
                    ['deleteOnTermination', 'true'],
                    ['networkCardIndex', '0'],
                  ],
                ],
                [
                  'privateIpAddressesSet',
                  element('item', [
                    ['privateIpAddress', ip],
                    ['privateDnsName', dns],
                    ['primary', 'true'],
                  ]),
                ],
                [
                  'association',
                  [
                    ['publicIp', publicIp],
                    ['publicDnsName', publicDns],
                    ['ipOwnerId', 'amazon'],
                  ],
                ],
                ['ipv6AddressesSet', ''],
                ['interfaceType', 'interface'],
                ['operator', [['managed', 'false']]],
              ]),
            ],
            [
              'iamInstanceProfile',
              [
                ['arn', `arn:aws:iam::123456789012:instance-profile/${service}`],
                ['id', 'AIPAABCDEFGHIJKLMNOPQ'],
              ],
            ],
            ['ebsOptimized', 'true'],
            ['enaSupport', 'true'],
            [
              'cpuOptions',
              [
                ['coreCount', '1'],
                ['threadsPerCore', '2'],
              ],
            ],
            ['capacityReservationSpecification', [['capacityReservationPreference', 'open']]],
            ['hibernationOptions', [['configured', 'false']]],
            ['enclaveOptions', [['enabled', 'false']]],
            [
              'metadataOptions',
              [
                ['state', 'applied'],
                ['httpTokens', 'required'],
                ['httpPutResponseHopLimit', '2'],
                ['httpEndpoint', 'enabled'],
                ['httpProtocolIpv6', 'disabled'],
                ['instanceMetadataTags', 'disabled'],
              ],
            ],
            [
              'maintenanceOptions',
              [
                ['autoRecovery', 'default'],
                ['rebootMigration', 'default'],
              ],
            ],
            ['currentInstanceBootMode', 'legacy-bios'],
            ['platformDetails', 'Linux/UNIX'],
            ['usageOperation', 'RunInstances'],
            ['usageOperationUpdateTime', launched],
            [
              'privateDnsNameOptions',
              [
                ['hostnameType', 'ip-name'],
                ['enableResourceNameDnsARecord', 'false'],
                ['enableResourceNameDnsAAAARecord', 'false'],
              ],
            ],
            ['operator', [['managed', 'false']]],
          ]),
        ],
        ['requesterId', '940372691376'],
      ]),
    ].flat(),
  );
}
