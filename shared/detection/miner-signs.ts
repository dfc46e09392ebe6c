import type { KubeObject } from '../kubernetes/object.ts';
import { podSpecOf } from '../kubernetes/pod-spec.ts';
import type { MinerSigns } from '../model/cpu-signal.ts';
import { quote } from '../text.ts';
import { minerInContainer, minerInName, wordOfMinersIn } from './miner-in-spec.ts';

export const NO_SIGNS: MinerSigns = { runs: [], image: [], words: [], name: [] };

const MAX_SIGNS = 6;

/** Signs of a miner in a running pod: in its commands, its images, its name and the names of its containers. */
export const minerSignsOf = (pod: KubeObject): MinerSigns => {
  const containers = podSpecOf('Pod', pod)?.containers ?? [];
  const names = [pod.metadata.name, ...containers.map(({ name }) => name)];
  return {
    runs: containers.flatMap((one) => minerInContainer(one) ?? []).slice(0, MAX_SIGNS),
    image: containers
      .flatMap(({ image }) =>
        image !== undefined && minerInName(image) ? [`its image ${quote(image, 255)} is named like a miner`] : [],
      )
      .slice(0, MAX_SIGNS),
    words: containers.flatMap((one) => wordOfMinersIn(one) ?? []).slice(0, MAX_SIGNS),
    name: names
      .filter(minerInName)
      .map((name) => `it is named ${quote(name, 253)}, like a miner`)
      .slice(0, MAX_SIGNS),
  };
};

/** Whether a pod shows any sign of a miner. */
export const hasSigns = ({ runs, image, words, name }: MinerSigns): boolean =>
  runs.length + image.length + words.length + name.length > 0;
