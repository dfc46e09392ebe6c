import { killContainer } from '../../../../shared/containment/steps/kill-container.ts';
import { stepContract } from '../../../contracts/step.ts';
import { goneButRunning } from '../../../kit/containment.ts';

stepContract({
  step: killContainer,
  arrange: async (kit) => [await goneButRunning(kit)],
  stranger: { because: 'a killed process does not come back, and its pod cannot under its UID' },
});
