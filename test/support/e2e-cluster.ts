import { kubernetesPrograms } from '../../localcluster/artifacts/go-programs.ts';
import { ensure } from '../../localcluster/cache.ts';
import { kubeconfigFile, kubectlFor, type Kubectl } from '../../localcluster/cluster/kubectl.ts';
import { up } from '../../localcluster/cluster/up.ts';
import { settingsOf, type Settings } from '../../localcluster/settings.ts';

/** A running local cluster, and kubectl on it. */
export interface E2eCluster {
  readonly settings: Settings;
  readonly kubeconfig: string;
  readonly kubectl: Kubectl;
}

/** The cluster that the tests share, beside whatever else runs on the machine. */
export const e2eClusterName = 'kafka-events-e2e';

/** Brings a cluster up, or takes the one that an earlier file of tests brought up; the runner takes it down at the end. */
export async function e2eCluster(settings = settingsOf(e2eClusterName)): Promise<E2eCluster> {
  await up(settings);
  const kubectl = kubectlFor(settings, await ensure(settings, kubernetesPrograms));
  return { settings, kubeconfig: kubeconfigFile(settings), kubectl };
}
