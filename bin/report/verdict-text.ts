import { counted, durationText } from '../../lambda/core/tell/phrases.ts';
import type { ReportData } from './data.ts';

/** What the judge found, in one sentence or two. */
export function verdictText({ verdict: { problems }, failures }: Pick<ReportData, 'verdict' | 'failures'>): string {
  const broken = problems.length;
  const sentences = [
    ...(broken > 0 ? [`${counted(broken, 'promise')} ${broken === 1 ? 'was' : 'were'} not kept.`] : []),
    ...(failures > 0 ? [`${counted(failures, 'invocation')} failed.`] : []),
  ];
  return sentences.join(' ') || 'Everything that lasted was announced, in order, and nothing was invented.';
}

/** From how often the fleet changed to how much was announced: two numbers that differ although nothing is missing. */
export function sumsText({
  verdict,
  hints,
  delays,
  mails,
  documents,
}: Pick<ReportData, 'verdict' | 'hints' | 'delays' | 'mails' | 'documents'>): string {
  const { happened, announced, opened, closed, duplicates, problems } = verdict;
  const transitions =
    problems.length === 0
      ? `Changes of one instance between two looks count as one transition: that makes ${announced}, and all were announced`
      : `${counted(announced, 'transition')} ${announced === 1 ? 'was' : 'were'} announced`;
  const again =
    duplicates === 0 ? '' : ` ${duplicates} of all that ${duplicates === 1 ? 'was' : 'were'} announced more than once.`;
  const sent = `${counted(documents.length, 'message')} to machines and ${counted(mails.length, 'mail')}`;
  return `Instances changed state ${counted(happened, 'time')}. ${transitions}. ${counted(opened, 'condition')} opened, and ${closed} closed.${again} That took ${sent}.${hintsText(hints, delays)}`;
}

/** How soon changes were announced, and what hints had to do with it. */
function hintsText({ received, looks }: ReportData['hints'], { home, elsewhere }: ReportData['delays']): string {
  const medians = [
    ...(home.ms === undefined ? [] : [`${durationText(home.ms)} in ${home.region}, the region of the monitor`]),
    ...(elsewhere.ms === undefined ? [] : [`${durationText(elsewhere.ms)} elsewhere`]),
  ].join(', and ');
  const led = `${counted(received, 'hint')} led to ${counted(looks, 'look')} beside those of the sweeps.`;
  const delays = `From a change to its message, the median is ${medians}.`;
  return `${received === 0 ? '' : ` ${led}`}${medians === '' ? '' : ` ${delays}`}`;
}
