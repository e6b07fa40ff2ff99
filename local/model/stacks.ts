import { AwsError } from './aws-error.ts';

/** The stacks of one account, as far as others read them: their outputs. */
export class Stacks {
  readonly #outputs = new Map<string, Readonly<Record<string, string>>>();

  /** Creates a stack, or gives it other outputs. */
  create(region: string, name: string, outputs: Readonly<Record<string, string>>): void {
    this.#outputs.set(`${region}/${name}`, outputs);
  }

  /** The outputs of a stack. @throws AwsError ValidationError (400): "DescribeStacks", AWS CloudFormation API Reference */
  outputs(region: string, name: string): Readonly<Record<string, string>> {
    const outputs = this.#outputs.get(`${region}/${name}`);
    if (outputs === undefined) throw new AwsError('ValidationError', 400, `Stack with id ${name} does not exist`);
    return outputs;
  }
}
