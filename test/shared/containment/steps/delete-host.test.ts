import { deleteHost } from '../../../../shared/containment/steps/delete-host.ts';
import { stepContract } from '../../../contracts/step.ts';
import { podNamed, regionalSubject, subjectOf } from '../../../kit/containment.ts';

stepContract({
  step: deleteHost,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [
    regionalSubject,
    async (kit) => {
      const [subject] = await regionalSubject(kit);
      if (subject?.kind !== 'node') return [];
      const [url] = [...kit.world.compute.state.groups.keys()].filter((key) => key.includes('pool-2'));
      // The VM has left its group: it is deleted directly.
      if (url !== undefined) kit.world.compute.state.groups.delete(url);
      return [subject];
    },
  ],
  stranger: { because: 'a deleted VM does not come back under its id' },
});
