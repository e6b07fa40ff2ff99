/** npm run preview: every kind of message, as mail, chat card and JSON, before anything is deployed. */
import { isTimezone } from '../lambda/contract/timezone.ts';
import { samples, sampleText } from './preview-samples.ts';

const USAGE =
  'npm run preview [-- TIMEZONE]: prints every kind of message; times in a zone of the IANA database such as Asia/Seoul, UTC unless given';

const [timezone = 'UTC', ...others] = process.argv.slice(2);
if (timezone === '--help') {
  console.log(USAGE);
} else if (others.length > 0 || !isTimezone(timezone)) {
  console.error(
    `'${process.argv.slice(2).join(' ')}' is not one time zone: npm run preview -- Asia/Seoul shows times there; UTC unless given.`,
  );
  process.exitCode = 2;
} else {
  console.log(samples(timezone).map(sampleText).join('\n\n'));
}
