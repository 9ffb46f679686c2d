import { pauseProgram } from '../../artifacts/go-programs.ts';
import type { Image } from '../image.ts';
import { programLayer } from '../program-layer.ts';

/** The sandbox image: what containerd starts first in every pod. */
export const pauseImage: Image = {
  name: 'pause',
  reference: 'localhost/pause:1.0.0',
  layers: [programLayer(pauseProgram, 'pause')],
};
