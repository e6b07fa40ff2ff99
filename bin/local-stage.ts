import type { TransitionDocument, TransitionsDocument } from '../lambda/contract/message.ts';
import { METRICS } from '../lambda/contract/metrics.ts';
import { STATES } from '../lambda/contract/states.ts';
import type { DeployedStack } from '../local/function/assembly.ts';
import type { Invocation } from '../local/function/process.ts';
import type { Cloud } from '../local/model/cloud.ts';
import type { PublishedMessage } from '../local/model/topics.ts';
import type { Verdict } from '../local/story/judge.ts';
import type { LocalOptions } from './local-options.ts';
import { columns } from './terminal/columns.ts';
import { type Paint, painterFor } from './terminal/paint.ts';
import { sparkline } from './terminal/sparkline.ts';

/** How many instances of the fleet are listed at the end, and how many problems. */
const LISTED_AT_MOST = 40;

/** Shows the story on a terminal as it goes, and keeps what was announced. */
export class Stage {
  readonly #stream: NodeJS.WriteStream;
  readonly #verbose: boolean;
  readonly #paint: Paint;
  readonly #transitions: TransitionDocument[] = [];
  #arrived: PublishedMessage[] = [];
  #failures = 0;
  #mails = 0;
  #documents = 0;

  constructor(stream: NodeJS.WriteStream, verbose: boolean) {
    this.#stream = stream;
    this.#verbose = verbose;
    this.#paint = painterFor(stream);
  }

  /** Every transition that machines were told of, in the order of its arrival. */
  get transitions(): readonly TransitionDocument[] {
    return this.#transitions;
  }

  /** How many sweeps ended in an error. */
  get failures(): number {
    return this.#failures;
  }

  opens({ instances, regions, sweeps, seed }: LocalOptions): void {
    this.#say(
      this.#paint('title', 'EC2 State Monitor') + this.#paint('quiet', '  simulated AWS, on this machine only'),
    );
    this.#say(
      `${instances} instances in ${regions.join(', ')}; ${sweeps} sweeps, a simulated minute each; seed ${seed}`,
    );
    this.#say(this.#paint('quiet', 'Synthesizing the stack and bundling the function …'));
  }

  synthesized({ resources, function: { directory } }: DeployedStack): void {
    this.#say(this.#paint('quiet', `${resources} resources; the function runs from ${directory}`));
  }

  listens(url: string): void {
    this.#say(this.#paint('quiet', `Simulated AWS listens on ${url}`));
    this.#say('');
  }

  lingers(url: string, seconds: number): void {
    this.#say(this.#paint('quiet', `Simulated AWS stays on ${url} for ${seconds} seconds, or until Ctrl-C.`));
  }

  reported(file: string): void {
    this.#say(`The same as a page for a browser: ${file}`);
  }

  event(at: number, title: string): void {
    this.#say(`${clockTime(at)}  ${this.#paint('title', title)}`);
  }

  noSweep(at: number): void {
    this.#say(`${clockTime(at)}  ${this.#paint('quiet', 'no sweep')}`);
  }

  sweep(at: number, { value, error, logs, cold }: Invocation & { readonly cold: boolean }): void {
    if (error !== undefined) {
      this.#failures += 1;
      this.#say(`${clockTime(at)}  ${this.#paint('bad', `the sweep failed: ${error.name}: ${error.message}`)}`);
      for (const { message } of logs) this.#say(this.#paint('quiet', `       ${JSON.stringify(message)}`));
      this.#deliver();
      return;
    }
    const { states, failed, transitions, pending, durationMs } = value as SweepSummary;
    const counts = Object.entries(states).map(([state, count]) => this.#paint(state, `${count} ${state}`));
    const parts = [
      counts.join(', ') || 'nothing seen',
      ...(transitions > 0 ? [`${transitions} transitions`] : []),
      ...(pending > 0 ? [this.#paint('bad', `${pending} not announced`)] : []),
      ...failed.map((region) => this.#paint('bad', `${region} not seen`)),
      this.#paint('quiet', `${durationMs} ms${cold ? ', cold' : ''}`),
    ];
    this.#say(`${clockTime(at)}  sweep: ${parts.join('; ')}`);
    this.#deliver();
  }

  /** A message that arrived during a sweep. It is shown behind it. */
  message(message: PublishedMessage): void {
    this.#arrived.push(message);
  }

  interrupted(report: string | undefined): void {
    this.#say('Interrupted: everything that was started has been ended.');
    if (report !== undefined) this.#say('No page was written.');
  }

  /** The fleet, the metrics as charts, and whether all that happened was announced. */
  closes(
    cloud: Cloud,
    { account, region, stackName }: { account: string; region: string; stackName: string },
    verdict: Verdict,
  ): void {
    this.#say('');
    this.#fleet(cloud);
    this.#charts(cloud, { account, region, namespace: stackName });
    const { happened, announced, duplicates, problems } = verdict;
    this.#say(
      `${happened} changes of state happened, some of them between two looks. ${announced} transitions were announced, ${duplicates} of them again, ` +
        `in ${this.#documents} messages to machines and ${this.#mails} mails.`,
    );
    for (const problem of problems.slice(0, LISTED_AT_MOST)) this.#say(this.#paint('bad', `  ${problem}`));
    if (this.#failures > 0) this.#say(this.#paint('bad', `${this.#failures} sweeps failed.`));
    if (problems.length > 0) this.#say(this.#paint('bad', `${problems.length} promises were not kept.`));
    if (problems.length === 0 && this.#failures === 0) {
      this.#say(this.#paint('good', 'Everything that lasted was announced, in order, and nothing was invented.'));
    }
  }

  /** Shows each message as its reader gets it. */
  #deliver(): void {
    for (const { message, subject, attributes } of this.#arrived) {
      if (subject === null) this.#document(message, attributes['severity']?.value ?? '');
      else this.#mail(subject, message);
    }
    this.#arrived = [];
  }

  #mail(subject: string, body: string): void {
    this.#mails += 1;
    this.#say(`       ${this.#paint('notice', 'mail')}  ${this.#paint('title', subject)}`);
    for (const line of body.trimEnd().split('\n')) this.#say(`       ${this.#paint('quiet', '│')} ${line}`);
  }

  #document(text: string, severity: string): void {
    this.#documents += 1;
    const document: TransitionsDocument = JSON.parse(text);
    this.#transitions.push(...document.transitions);
    const { from, to, cause, region, transitions } = document;
    const bytes = Buffer.byteLength(text);
    this.#say(
      `       ${this.#paint('notice', 'json')}  ${transitions.length} × ${from} -> ${to}, ${cause}, ${severity}, ${region} ` +
        this.#paint('quiet', `(${bytes} bytes)`),
    );
    // One shows what all look like.
    if (!this.#verbose && this.#documents > 1) return;
    const shown = this.#verbose ? document : { ...document, transitions: transitions.slice(0, 1) };
    for (const line of JSON.stringify(shown, null, 2).split('\n'))
      this.#say(`       ${this.#paint('quiet', '│')} ${line}`);
  }

  #fleet(cloud: Cloud): void {
    const instances = cloud.fleet.instances();
    this.#say(this.#paint('title', 'The fleet as it truly is'));
    const rows = instances
      .slice(0, LISTED_AT_MOST)
      .map(({ instanceId, tags, state, type, zone }) => [
        tags['Name'] ?? '',
        instanceId,
        this.#paint(state, state),
        type,
        zone,
      ]);
    for (const line of columns(rows)) this.#say(`  ${line}`);
    if (instances.length > rows.length) this.#say(this.#paint('quiet', `  and ${instances.length - rows.length} more`));
    this.#say('');
  }

  #charts(cloud: Cloud, { account, region, namespace }: { account: string; region: string; namespace: string }): void {
    this.#say(this.#paint('title', 'The metrics as CloudWatch has them, one column a minute'));
    const identities = cloud.metrics
      .list()
      .filter((metric) => metric.namespace === namespace && metric.region === region);
    const points = identities.map((identity) => ({ identity, points: cloud.metrics.points(identity) }));
    const times = [...new Set(points.flatMap((each) => each.points.map(({ at }) => at)))].sort((a, b) => a - b);
    const first = times[0] ?? 0;
    const minutes = Math.round(((times.at(-1) ?? 0) - first) / 60_000) + 1;
    const row = (label: string, name: string, where: Readonly<Record<string, string>>, meaning = ''): string[] => {
      const matching = points.filter(
        ({ identity }) =>
          identity.name === name &&
          identity.dimensions.length === Object.keys(where).length &&
          identity.dimensions.every(
            (dimension) => where[dimension.name] === dimension.value || where[dimension.name] === '*',
          ),
      );
      const values: (number | undefined)[] = new Array(minutes).fill(undefined);
      for (const { points: series } of matching) {
        for (const { at, value } of series) {
          const minute = Math.round((at - first) / 60_000);
          values[minute] = (values[minute] ?? 0) + value;
        }
      }
      const known = values.filter((value) => value !== undefined);
      return [
        label,
        this.#paint(meaning, sparkline(values)),
        known.length === 0 ? 'no data' : `max ${Math.round(Math.max(...known))}, last ${Math.round(known.at(-1) ?? 0)}`,
      ];
    };
    const rows = [
      ...STATES.map((state) =>
        row(`${METRICS.instances.name} ${state}`, METRICS.instances.name, { Account: account, State: state }, state),
      ),
      row(METRICS.transitions.name, METRICS.transitions.name, { Account: account, Region: '*', To: '*' }),
      row(METRICS.scopeFailed.name, METRICS.scopeFailed.name, { Account: account, Region: '*' }, 'bad'),
      row(`${METRICS.oldestLook.name} s`, METRICS.oldestLook.name, {}),
      row(METRICS.transitionsPending.name, METRICS.transitionsPending.name, {}),
      row(`${METRICS.sweepDuration.name} ms`, METRICS.sweepDuration.name, {}),
      row(METRICS.sweeps.name, METRICS.sweeps.name, {}),
    ];
    for (const line of columns(rows)) this.#say(`  ${line}`);
    this.#say('');
  }

  #say(line: string): void {
    this.#stream.write(`${line}\n`);
  }
}

/** What the function returns, as far as it is shown. */
interface SweepSummary {
  readonly states: Readonly<Record<string, number>>;
  readonly failed: readonly string[];
  readonly transitions: number;
  readonly pending: number;
  readonly durationMs: number;
}

function clockTime(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}
