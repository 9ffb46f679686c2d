import { parse } from 'yaml';
import {
  startControlPlane,
  type ControlPlane,
  type ControlPlaneRequest,
} from '../../localcluster/parts/control-plane.ts';
import { renderCrds } from '../../src/api/generate-crds.ts';
import { connect } from '../../src/operator/runtime/testing/connection.ts';
import { installCrds, type Crd } from '../../src/operator/runtime/testing/install-crds.ts';

/** A control plane that knows our kinds. */
export async function startControlPlaneWithCrds(request: ControlPlaneRequest = {}): Promise<ControlPlane> {
  const controlPlane = await startControlPlane(request);
  const { client, close } = connect(controlPlane.kubeconfig);
  try {
    await installCrds(
      client,
      [...renderCrds().values()].map((text) => parse(text) as Crd),
    );
    return controlPlane;
  } catch (error) {
    await controlPlane.stop();
    throw error;
  } finally {
    close();
  }
}
