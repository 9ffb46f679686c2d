import type { LivingCluster } from './living-cluster.ts';

/** Something that happens to a cluster, and ends when all is well again. */
export type Happening = readonly [name: string, happen: (cluster: LivingCluster) => Promise<void>];

/** The same, while the operator is killed in the middle: `operator` among the words selects it. */
export const operatorKilled = ([name, happen]: Happening): Happening => [
  `${name}, operator killed`,
  (cluster) => cluster.withoutOperator(happen),
];
