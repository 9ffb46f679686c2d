import { execa } from 'execa';
import type { BuiltImage } from '../images/build.ts';

/** Brings an image into the containerd of the node whose first process this is, unless just that image is there. */
export async function importImage(pid: number, image: BuiltImage): Promise<void> {
  const { stdout } = await onNode(pid, [...ctr, 'images', 'ls', `name==${image.reference}`]);
  if (stdout.includes(image.digest)) return;
  await onNode(pid, [...ctr, 'images', 'import', '-'], image.archive);
}

/** Gives an image of the node a second name. */
export async function tagImage(pid: number, reference: string, other: string): Promise<void> {
  await onNode(pid, [...ctr, 'images', 'tag', '--force', reference, other]);
}

const ctr = ['ctr', '--namespace', 'k8s.io'];

/** @throws while containerd does not take commands: it is starting, or starting again after a crash */
export async function askContainerd(pid: number): Promise<void> {
  await onNode(pid, [...ctr, 'version']);
}

/** Runs a program as if it was started on the node: in its namespaces, with its root. */
function onNode(pid: number, command: readonly string[], inputFile?: string) {
  return execa('nsenter', [`--target=${pid}`, '--mount', '--uts', '--ipc', '--net', '--pid', '--', ...command], {
    ...(inputFile === undefined ? { stdin: 'ignore' as const } : { inputFile }),
  });
}
