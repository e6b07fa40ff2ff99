import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';

const HERE = import.meta.dirname;

/** The code of the function: as the package has it, in the folder `function` beside this file; in a checkout, bundled now. */
export function functionCode(): Code {
  const prebuilt = join(HERE, 'function');
  if (existsSync(prebuilt)) return Code.fromAsset(prebuilt);
  // Reached by path only: the code of the function is no part of the app that deploys it.
  return Code.fromAsset(join(HERE, '..', 'lambda'), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: { image: DockerImage.fromRegistry('none'), local: { tryBundle: bundleFunction } },
  });
}

/** With plugins, which NodejsFunction does not take. It throws, since CDK would go on and try with Docker. */
function bundleFunction(outputDirectory: string): true {
  const script = join(HERE, '..', 'build', 'bundle-function.mjs');
  const { status, stderr, error } = spawnSync(process.execPath, [script, outputDirectory], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The function could not be bundled: ${error?.message ?? stderr}`);
  return true;
}
