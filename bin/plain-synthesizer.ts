import { basename, join } from 'node:path';
import {
  CfnParameter,
  type DockerImageAssetLocation,
  type FileAssetLocation,
  type FileAssetSource,
  type ISynthesisSession,
  type Stack,
  StackSynthesizer,
  Stage,
} from 'aws-cdk-lib';

/** The parameters of the template: where the user has put the code of the function. */
export const CODE_PARAMETERS = { bucket: 'CodeBucket', key: 'CodeKey' } as const;

/**
 * Synthesizes a template that needs no CDK to be deployed: no bootstrap, no assets. It takes the code of the function from
 * an S3 object that its parameters name.
 */
export class PlainSynthesizer extends StackSynthesizer {
  #location: FileAssetLocation | undefined;
  #code: string | undefined;

  /** The folder with the code of the function. @throws Error before the stack has a function */
  get code(): string {
    if (this.#code === undefined) throw new Error('The stack has no function.');
    return this.#code;
  }

  override bind(stack: Stack): void {
    super.bind(stack);
    const { bucket, key } = CODE_PARAMETERS;
    const parameter = (id: string, description: string): string =>
      new CfnParameter(stack, id, { description, minLength: 1 }).valueAsString;
    this.#location = {
      bucketName: parameter(bucket, 'S3 bucket with the code of the function, in the region of the stack'),
      objectKey: parameter(
        key,
        'Key of the zip file in that bucket. CloudFormation only notices new code under a new key',
      ),
      httpUrl: '',
      s3ObjectUrl: '',
    };
  }

  /** @throws Error for a second asset: the template has parameters for one. */
  override addFileAsset({ fileName = '' }: FileAssetSource): FileAssetLocation {
    if (this.#location === undefined || this.#code !== undefined) throw new Error('A plain template takes one asset.');
    const outdir = Stage.of(this.boundStack)?.outdir ?? '';
    this.#code = join(outdir, basename(fileName));
    return this.#location;
  }

  override addDockerImageAsset(): DockerImageAssetLocation {
    throw new Error('A plain template takes no Docker image.');
  }

  override synthesize(session: ISynthesisSession): void {
    this.synthesizeTemplate(session);
    this.emitArtifact(session);
  }
}
