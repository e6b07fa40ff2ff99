import { AwsError } from '../model/aws-error.ts';

/** Parameters of the query protocols: `Filter.1.Value.2=x`. "AWS query protocol" and "AWS EC2 query protocol", Smithy. */
export class Form {
  readonly #values: Map<string, string>;

  constructor(body: Buffer) {
    this.#values = new Map(new URLSearchParams(body.toString()));
  }

  /** The parameter, or `undefined` when it is absent. */
  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** The parameter. @throws AwsError MissingParameter (400) */
  need(name: string): string {
    const value = this.#values.get(name);
    if (value === undefined) {
      throw new AwsError('MissingParameter', 400, `The request must contain the parameter ${name}`);
    }
    return value;
  }

  /** The values of `name.1`, `name.2`, … */
  list(name: string): string[] {
    return this.entries(name).flatMap((prefix) => this.get(prefix) ?? []);
  }

  /** The prefixes `name.1`, `name.2`, … for which anything is given, in order. */
  entries(name: string): string[] {
    const numbers = new Set<number>();
    for (const key of this.#values.keys()) {
      const number = key.startsWith(`${name}.`) ? Number.parseInt(key.slice(name.length + 1), 10) : Number.NaN;
      if (!Number.isNaN(number)) {
        numbers.add(number);
      }
    }
    return [...numbers].sort((one, other) => one - other).map((number) => `${name}.${number}`);
  }
}

/** The refusal of an operation that is not simulated, in the words of the query protocols. */
export function unknownAction(service: string, operation: string, simulated: readonly string[]): AwsError {
  return new AwsError(
    'InvalidAction',
    400,
    `The action '${operation}' is not simulated for ${service}: there is ${simulated.join(', ')}.`,
  );
}
