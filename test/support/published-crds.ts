import { readFileSync } from 'node:fs';
import type { Crd } from '../../src/operator/runtime/testing/install-crds.ts';

/** Where CRDs of other projects are, in JSON; README.md there says where each comes from. */
export const publishedCrds = 'test/support/published-crds';

/** @param name of its file, such as cert-manager-certificates */
export const publishedCrd = (name: string): Crd =>
  JSON.parse(readFileSync(`${publishedCrds}/${name}.json`, 'utf8')) as Crd;
