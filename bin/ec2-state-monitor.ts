/** The CDK app: settings in, one stack out. */
import { App } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { MonitorStack } from '../lib/monitor-stack.ts';
import { readSettings, SettingsError } from '../lib/settings/read-settings.ts';

// Without autoSynth, so that wrong settings leave nothing behind: it would write an assembly when the process ends.
const app = new App({ autoSynth: false, context: CURRENTLY_RECOMMENDED_FLAGS });
try {
  const settings = readSettings(app.node.getAllContext());
  new MonitorStack(app, settings.namespace, settings);
  app.synth();
} catch (error) {
  if (!(error instanceof SettingsError)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}
