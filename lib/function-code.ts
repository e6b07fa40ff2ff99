import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';

const HERE = import.meta.dirname;

/**
 * The code of the function. One rule says where it is: bundled already, in the folder `function` beside this file, as the
 * package has it. Where there is no such folder, as in a checkout, it is bundled now, from the sources.
 */
export function functionCode(): Code {
  const prebuilt = join(HERE, 'function');
  if (existsSync(prebuilt)) return Code.fromAsset(prebuilt);
  // Reached by path only: the code of the function is no part of the app that deploys it.
  return Code.fromAsset(join(HERE, '..', 'lambda'), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: { image: DockerImage.fromRegistry('none'), local: { tryBundle: bundleFunction } },
  });
}

/**
 * Bundles with esbuild and plugins, which NodejsFunction does not take: see docs/decisions/0011-the-bundle.md.
 *
 * @throws Error where CDK would go on and try with Docker
 */
function bundleFunction(outputDirectory: string): true {
  const script = join(HERE, '..', 'build', 'bundle-function.mjs');
  const { status, stderr, error } = spawnSync(process.execPath, [script, outputDirectory], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The function could not be bundled: ${error?.message ?? stderr}`);
  return true;
}
