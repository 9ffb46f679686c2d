import { execa } from 'execa';

/** Where the demo runs: the local cluster, or one that the user has. */
export interface Place {
  /** What a person calls it: "the local cluster kafka-events", "the cluster of context minikube". */
  readonly title: string;
  /** Values beside the chart's own that suit it, as arguments of helm. */
  readonly helmValues: readonly string[];
  kubectl(args: readonly string[]): Promise<string>;
  helm(args: readonly string[]): Promise<string>;
  /** Opens the ways to the API and to the brokers from this machine. */
  reach(namespace: string): Promise<Reach>;
  /** What to tell a user who wants to remove it all. */
  readonly removal: string;
}

/** Addresses that work from this machine. */
export interface Reach {
  /** Of the chat API and its page: http://127.0.0.1:16444 */
  readonly api: string;
  readonly bootstrapServers: readonly string[];
  /** How to get there again when the demo has ended, where that needs a command. */
  readonly commands: readonly string[];
  close(): Promise<void>;
}

/** Runs a program to its end and answers its stdout. @throws with what it printed on stderr */
export async function run(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const { stdout } = await execa(program, args, { env: environment, stdin: 'ignore' });
  return stdout;
}
