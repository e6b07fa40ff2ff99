import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { encodeConfig, type MonitorConfig } from '../lambda/contract/config.ts';
import { SettingsError } from './settings/read-settings.ts';
import { SETTINGS } from './settings/settings.ts';

/** For all variables together ("Lambda quotas"). Lambda measures them as JSON, so each quotation mark in a value takes two. */
const BYTES_AT_MOST = 4096;

/**
 * The environment variables of the function.
 *
 * @throws SettingsError where they are, or could be once they are deployed, more than Lambda takes
 */
export function functionEnvironment(scope: Construct, config: MonitorConfig): Record<string, string> {
  const variables = { ...encodeConfig(config), NODE_OPTIONS: '--enable-source-maps' };
  const stack = Stack.of(scope);
  const bytes = longest(stack, JSON.stringify(variables));
  if (bytes <= BYTES_AT_MOST) return variables;

  const encoded = JSON.parse(variables.MONITOR_CONFIG);
  const { choose: accounts, externalId } = encoded.members ?? {};
  const settings = { ...encoded, ...encoded.announcing, ...encoded.watching, accounts, externalId };
  const [largest] = Object.entries<unknown>(settings)
    .filter(([key, value]) => key in SETTINGS && value !== undefined)
    .map(([key, value]) => ({ key, size: longest(stack, JSON.stringify(JSON.stringify(value))) }))
    .sort((a, b) => b.size - a.size);
  throw new SettingsError([
    `${largest?.key}: the environment of the function would take up to ${bytes} bytes, and Lambda allows ${BYTES_AT_MOST}; ` +
      `${largest?.size} of them are this setting. Shorten it, or the name of the stack, which is in the ARN of every topic`,
  ]);
}

/** What pseudo parameters come to at most: `aws-us-gov`, `ap-southeast-1`. */
const PSEUDO_PARAMETERS: Readonly<Record<string, number>> = {
  'AWS::AccountId': 12,
  'AWS::Partition': 10,
  'AWS::Region': 14,
};

/** `arn:aws-us-gov:sns:ap-southeast-1:123456789012:`, and a name of 256 characters. "CreateTopic", SNS API Reference. */
const ARN_AT_MOST = { head: 47, name: 256 };

/** A text's length in bytes once CloudFormation has filled in what only it knows, at most. */
function longest(stack: Stack, text: string): number {
  const resolved = stack.resolve(text) as string | { 'Fn::Join': [string, (string | { Ref?: string })[]] };
  const parts = typeof resolved === 'string' ? [resolved] : resolved['Fn::Join'][1];
  const lengths = parts.map((part) => {
    if (typeof part === 'string') return Buffer.byteLength(part);
    // A name that CloudFormation makes: stack, logical id, twelve or thirteen characters ("Name Type").
    const name = part.Ref === undefined ? ARN_AT_MOST.name : `${stack.stackName}-${part.Ref}-`.length + 13;
    return PSEUDO_PARAMETERS[part.Ref ?? ''] ?? ARN_AT_MOST.head + Math.min(name, ARN_AT_MOST.name);
  });
  return lengths.reduce((sum, length) => sum + length, 0);
}
