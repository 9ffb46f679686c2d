/** Runs a program of the user's, and answers what it printed. */
export type Run = (tool: string, args: readonly string[]) => Promise<string>;

const whereToGet = {
  kubectl: 'https://kubernetes.io/docs/tasks/tools/',
  helm: 'https://helm.sh/docs/intro/install/',
} as const;

/**
 * Looks before minutes go into an image that leads nowhere.
 *
 * @throws {Error} naming the tool that is not installed, or the contexts that there are
 */
export async function checkTools(context: string, run: Run): Promise<void> {
  const contexts = await use('kubectl', ['config', 'get-contexts', '--output=name'], run);
  await use('helm', ['version', '--short'], run);
  const known = contexts.split('\n').filter((name) => name !== '');
  if (known.includes(context)) return;
  const offer = known.length > 0 ? `It has: ${known.join(', ')}.` : 'It has none: start your cluster first.';
  throw new Error(`Your kubeconfig has no context "${context}". ${offer}`);
}

/** Without Docker, the image is made of the packages of Debian or Ubuntu, for Linux on x64. */
export async function buildsWithoutDocker(
  run: Run,
  { platform, arch }: Pick<NodeJS.Process, 'platform' | 'arch'> = process,
): Promise<boolean> {
  if (platform !== 'linux' || arch !== 'x64') return false;
  try {
    await run('apt-get', ['--version']);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return false;
  }
}

async function use(tool: keyof typeof whereToGet, args: readonly string[], run: Run): Promise<string> {
  try {
    return await run(tool, args);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(`${tool} is not installed: see ${whereToGet[tool]}`, { cause: error });
  }
}
