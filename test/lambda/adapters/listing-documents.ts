import fc from 'fast-check';

/** Texts with everything that XML has a way to write. */
export const text = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.string({ unit: fc.constantFrom(...'abcXYZ019-._/:@&<>"\' éß日本🚀\u0301\t;#x]!?='), maxLength: 24 }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', ' ', '\n', ' \n ', 'a\r\nb\rc', ']]', '&amp;', '<item>', '</item>', 'Name'),
  },
);

const name = fc.constantFrom(
  ...[
    'state',
    'groupSet',
    'tagSet',
    'item',
    'instancesSet',
    'reservationSet',
    'instanceId',
    'instanceState',
    'name',
    'key',
  ],
  ...[
    'value',
    'code',
    'message',
    'nextToken',
    'privateIpAddress',
    'somethingNew',
    'x:prefixed',
    'ünïcode',
    'constructor',
  ],
);

/** An element of a document, with its text or its children. */
export interface Element {
  readonly name: string;
  readonly content: string | readonly Element[];
}

/** An element that holds a text. */
export const leaf = (name: string, value = text): fc.Arbitrary<Element> => value.map((content) => ({ name, content }));

const { unknown } = fc.letrec<{ unknown: Element }>((tie) => ({
  unknown: fc.record({
    name,
    content: fc.oneof({ depthSize: 'small' }, text, fc.array(tie('unknown'), { maxLength: 3 })),
  }),
}));

/** Names of children that mean something: no unknown element may have one of them, since EC2 has them once. */
const RESERVED: Readonly<Record<string, readonly string[]>> = {
  instance: [
    'instanceId',
    'instanceState',
    'tagSet',
    'privateIpAddress',
    'reason',
    'stateReason',
    'placement',
    'operator',
  ],
  root: ['nextToken', 'reservationSet'],
  reservation: ['instancesSet'],
  tag: ['key', 'value'],
  state: ['name', 'code'],
  reason: ['code', 'message'],
  placement: [],
  operator: ['managed', 'principal'],
  list: ['item'],
  statusRoot: ['nextToken'],
  statusInstance: ['instanceId', 'instanceState'],
  event: ['code'],
  detail: ['name'],
};

/** An element with some of the children that it may have, in any order, and unknown ones between. */
export function structure(
  name: string,
  kind: string,
  required: readonly fc.Arbitrary<Element>[],
  optional: readonly fc.Arbitrary<Element>[] = [],
): fc.Arbitrary<Element> {
  const strangers = fc.array(
    unknown.filter((each) => !RESERVED[kind]?.includes(each.name)),
    { maxLength: 2 },
  );
  return fc
    .tuple(fc.tuple(...required), fc.tuple(...optional.map((each) => fc.option(each, { nil: undefined }))), strangers)
    .chain(([always, sometimes, others]) => {
      const children = [...always, ...sometimes.filter((each) => each !== undefined), ...others];
      return fc.shuffledSubarray(children, { minLength: children.length });
    })
    .map((content) => ({ name, content }));
}

/** An element with so many of the same. */
export const list = (name: string, entry: fc.Arbitrary<Element>, maxLength: number): fc.Arbitrary<Element> =>
  fc.array(entry, { maxLength }).map((content) => ({ name, content }));

const state = fc.constantFrom(
  'pending',
  'running',
  'stopping',
  'stopped',
  'shutting-down',
  'terminated',
  'quarantined',
);
/** Times in every form in which AWS may send them. */
export const time = fc.oneof(
  fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom(
    '2026-11-22T19:00:00Z',
    '2026-11-22t19:00:00.5z',
    '2026-11-22T19:00:00+01:30',
    '2026-11-22T19:00:60.0004-08:00',
  ),
);
const reason = fc.oneof(
  text,
  fc.constantFrom(
    'User initiated (2026-11-22 19:05:06 GMT)',
    'Server.SpotInstanceTermination: Spot instance termination',
  ),
);
const tag = structure(
  'item',
  'tag',
  [],
  [leaf('key', fc.oneof(fc.constantFrom('Name', 'aws:autoscaling:groupName'), text)), leaf('value')],
);

const instance = structure(
  'item',
  'instance',
  [
    leaf('instanceId'),
    structure('instanceState', 'state', [leaf('name', state)], [leaf('code')]),
    leaf('launchTime', time),
  ],
  [
    leaf('imageId'),
    leaf('instanceType'),
    leaf('privateIpAddress'),
    leaf('instanceLifecycle'),
    leaf('reason', reason),
    structure('stateReason', 'reason', [], [leaf('code'), leaf('message', reason)]),
    structure('placement', 'placement', [], [leaf('availabilityZone'), leaf('groupName')]),
    structure('operator', 'operator', [], [leaf('managed', fc.constantFrom('true', 'false')), leaf('principal')]),
    list('tagSet', tag, 4),
  ],
);

const page = structure(
  'DescribeInstancesResponse',
  'root',
  [list('reservationSet', structure('item', 'reservation', [list('instancesSet', instance, 3)], [leaf('ownerId')]), 3)],
  [leaf('nextToken'), leaf('requestId')],
);

/** How an element is written: numbers that choose among the ways in which XML writes the same. */
const choices = fc.infiniteStream(fc.nat({ max: 99 }));

/** Well-formed documents with such a root, written in every way in which the SDK's own parser understands them. */
export const documentsOf = (roots: fc.Arbitrary<Element>): fc.Arbitrary<string> =>
  fc.tuple(roots, choices).map(([root, stream]) => {
    const choose = (): number => stream.next().value ?? 0;
    const prolog = choose() < 60 ? '<?xml version="1.0" encoding="UTF-8"?>' : choose() < 30 ? '<!DOCTYPE a>' : '';
    return `${prolog}${between(choose)}${write(root, choose)}${between(choose)}`;
  });

/** Answers to DescribeInstances. */
export const documents = documentsOf(page);

/** White space is layout for the SDK's parser where there is a line end in it. */
function between(choose: () => number): string {
  const way = choose();
  if (way < 50) return '';
  if (way < 80) return ['\n', '\r\n\t', '\n    ', ' \r '][way % 4] ?? '';
  if (way < 90) return '<!-- <item> & </instancesSet> - -->';
  return '<?target <item> "?>';
}

function write({ name, content }: Element, choose: () => number): string {
  const end = `</${name}${choose() < 10 ? ' \n' : ''}>`;
  const open = `<${name}${choose() < 10 ? '\n ' : ''}`;
  if (content.length === 0) return choose() < 50 ? `${open}/>` : `${open}>${end}`;
  const attributed = `${open}${choose() < 15 ? ` note="/> > 'é'" xmlns:x = '"/'` : ''}>`;
  if (typeof content === 'string') {
    // White space alone is nothing to the SDK's parser where there are attributes, and then no text at all.
    const start = content.trim() === '' ? `${open}>` : attributed;
    return `${start}${writeText(content, choose)}${end}`;
  }
  return `${attributed}${content.map((child) => between(choose) + write(child, choose)).join('')}${between(choose)}${end}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function writeText(text: string, choose: () => number): string {
  const way = choose();
  if (way < 10 && !text.includes(']]>')) return `<![CDATA[${text}]]>`;
  if (way < 15) {
    const half = text.length >> 1;
    const whole = text.charCodeAt(half) >= 0xdc00 && text.charCodeAt(half) < 0xe000 ? half + 1 : half;
    return `${writeCharacters(text.slice(0, whole), choose)}<!-- & -->${writeCharacters(text.slice(whole), choose)}`;
  }
  return writeCharacters(text, choose);
}

function writeCharacters(text: string, choose: () => number): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const way = choose();
    // The SDK's parser cuts references beyond 0xFFFF short.
    if (code <= 0xffff && way < 5) return `&#${code};`;
    if (code <= 0xffff && way < 10) return `&#x${code.toString(16)};`;
    const mustBe = character === '&' || character === '<';
    return mustBe || way < 40 ? (ENTITIES[character] ?? character) : character;
  }).join('');
}
