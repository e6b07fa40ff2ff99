/** Somebody's CDK app that is the monitor and nothing else, as bin/ec2-state-monitor.ts is. The props are its argument. */
import { App } from 'aws-cdk-lib';
import { MonitorStack } from 'ec2-state-monitor';

new MonitorStack(new App(), 'Ec2StateMonitor', JSON.parse(process.argv[2] ?? '{}'));
