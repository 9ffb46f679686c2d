import { TestEnvironment } from 'jest-environment-node';
import { discardControlPlane, takeControlPlane } from './shared-control-plane.ts';

/** Jest loads it once in each worker, while a test file and all that it imports are loaded anew for each file. */
export default class IntegrationEnvironment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    Object.assign(this.global, { takeControlPlane, discardControlPlane });
  }
}
