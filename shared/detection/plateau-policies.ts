import type { CpuShape } from '../model/cpu-signal.ts';
import { CPU_CLAIMS } from './cpu-claims.ts';
import { type Plateau, queryOf } from './plateau-shapes.ts';

/** The label of an alerting policy that says which shape its condition tests. */
export const SHAPE_LABEL = 'firebreak-cpu-shape';

/** An alerting policy of Cloud Monitoring on CPU use. Its incidents arrive as messages of topic `cpu`. */
type PlateauPolicy = {
  /** The name of the resource in Terraform. */
  id: string;
  title: string;
  query: string;
  labels: Record<string, string>;
  documentation: string;
};

const WATCHED = [
  {
    id: 'container',
    what: 'a container, as a share of its limit,',
    metric: 'kubernetes.io/container/cpu/limit_utilization',
    resource: 'k8s_container',
    shapes: ['strong-plateau', 'plateau-hour', 'strong-plateau-hour'],
  },
  {
    // A container without a limit may use its whole node. Its use shows in the node's, and the pod behind that is
    // looked for.
    id: 'node',
    what: 'a node, as a share of what it can allocate to pods,',
    metric: 'kubernetes.io/node/cpu/allocatable_utilization',
    resource: 'k8s_node',
    shapes: ['plateau-hour', 'strong-plateau-hour'],
  },
] as const satisfies ReadonlyArray<{
  id: string;
  what: string;
  metric: string;
  resource: string;
  shapes: ReadonlyArray<Plateau['shape']>;
}>;

const policyOf = (of: (typeof WATCHED)[number], shape: CpuShape): PlateauPolicy => ({
  id: `${of.id}-${shape}`,
  title: `Firebreak: CPU use of ${of.id === 'node' ? 'a node' : 'a container'}, ${shape}`,
  query: queryOf(shape, of.metric, of.resource) ?? '',
  labels: { [SHAPE_LABEL]: shape },
  documentation: `The CPU use of ${of.what} ${CPU_CLAIMS[shape].says}. detect-cryptomining reads the series and the pods behind it and scores them; CPU use alone never leads above the tier snapshot.`,
});

/** The alerting policies that find plateaus: one for each shape, since an incident carries only its policy's label. */
export const PLATEAU_POLICIES: readonly PlateauPolicy[] = WATCHED.flatMap((of) =>
  of.shapes.map((shape) => policyOf(of, shape)),
);
