/** npm run preview: every kind of message, as mail, chat card and JSON, before anything is deployed. */
import { isTimezone } from '../lambda/contract/timezone.ts';
import { samples, sampleText } from './preview-samples.ts';
import { OptionsError, optionsOrExit, type Program, readOptions } from './terminal/options.ts';

const PREVIEW = {
  command: 'npm run preview',
  purpose: 'prints every kind of message',
  options: {
    timezone: {
      kind: 'text',
      positional: true,
      placeholder: 'TIMEZONE',
      default: 'UTC',
      meaning: 'time zone of all times, by its name in the IANA database, such as Asia/Seoul',
    },
  },
} as const satisfies Program;

const { timezone } = optionsOrExit(PREVIEW, (args) => {
  const options = readOptions(PREVIEW, args);
  if (options === 'help' || isTimezone(options.timezone)) return options;
  throw new OptionsError(`'${options.timezone}' is not a time zone: give a name such as Asia/Seoul, or none for UTC.`);
});
console.log(samples(timezone).map(sampleText).join('\n\n'));
