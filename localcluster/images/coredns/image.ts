import { requiredVersion } from '../../artifacts/go-module.ts';
import { kubernetesPrograms } from '../../artifacts/go-programs.ts';
import type { Image } from '../image.ts';
import { programLayer } from '../program-layer.ts';

/** The cluster's DNS; it listens on a port above 1024, as it does not run as root. */
export const corednsImage: Image = {
  name: 'coredns',
  reference: `localhost/coredns:${requiredVersion('github.com/coredns/coredns')}`,
  layers: [programLayer(kubernetesPrograms, 'coredns')],
};
