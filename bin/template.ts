/** npm run template: the stack as a plain CloudFormation template, and the zip file of its function. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { App, type IStackSynthesizer } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { MonitorStack } from '../lib/monitor-stack.ts';
import { readSettings, SettingsError } from '../lib/settings/read-settings.ts';
import { PlainSynthesizer } from './plain-synthesizer.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { OptionsError, optionsOrExit, type Program, readOptions } from './terminal/options.ts';
import { zipFolder } from './zip-folder.ts';

const TEMPLATE = {
  command: 'npm run template',
  purpose: 'writes a plain CloudFormation template and the zip file of the function, to deploy without CDK',
  options: {
    out: {
      kind: 'text',
      placeholder: 'DIR',
      default: 'template',
      meaning: 'folder for template.json and function.zip',
    },
    context: {
      kind: 'texts',
      short: 'c',
      placeholder: 'KEY=VALUE',
      meaning: 'a setting, as for cdk deploy; may be given several times',
    },
  },
  notes:
    'Settings also come from "context" in cdk.json and ~/.cdk.json. The same sources and settings give the same files. docs/without-cdk.md says how to deploy them. Exit codes: 0 when both files are written, 1 when the settings cannot be used, 2 for wrong options.',
} as const satisfies Program;

function readTemplateOptions(args: readonly string[]) {
  const options = readOptions(TEMPLATE, args);
  if (options === 'help') return 'help';
  const context = (options.context ?? []).map((text) => {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (key === undefined) throw new OptionsError(`-c is '${text}': give KEY=VALUE, such as -c every=5.`);
    return [key, value] as const;
  });
  return { out: options.out, context: Object.fromEntries(context) };
}

/** `context` in a file of the CDK CLI. */
function contextIn(file: string): object {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).context ?? {};
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}

const { out, context } = optionsOrExit(TEMPLATE, readTemplateOptions);
const app = new App({
  autoSynth: false,
  analyticsReporting: false,
  outdir: temporaryFolder(),
  context: {
    ...CURRENTLY_RECOMMENDED_FLAGS,
    ...contextIn(join(homedir(), '.cdk.json')),
    ...contextIn('cdk.json'),
    ...context,
  },
});
try {
  const settings = readSettings(app.node.getAllContext());
  if (typeof settings.hints !== 'string') {
    throw new SettingsError([
      `hints: '${settings.hints.join(',')}' needs a stack in each of these regions, and a plain template is one stack in one region. ` +
        'Set hints=home or hints=none. docs/without-cdk.md says how further regions send their events to it',
    ]);
  }
  const synthesizer = new PlainSynthesizer();
  // CDK's interface was not written for exactOptionalPropertyTypes.
  const props = { ...settings, synthesizer: synthesizer as IStackSynthesizer };
  new MonitorStack(app, settings.namespace, props);
  const { template, messages } = app.synth().getStackByName(settings.namespace);
  for (const { entry } of messages) console.error(entry.data);
  const [templateFile, zipFile] = [join(out, 'template.json'), join(out, 'function.zip')];
  mkdirSync(out, { recursive: true });
  writeFileSync(templateFile, `${JSON.stringify(template, undefined, 1)}\n`);
  writeFileSync(zipFile, zipFolder(synthesizer.code));
  console.log(`${templateFile}\n${zipFile}`);
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
