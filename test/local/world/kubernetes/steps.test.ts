import { kubernetesNodes } from '../../../contracts/kubernetes-nodes.ts';
import { kubernetesSteps } from '../../../contracts/kubernetes-steps.ts';
import { kubernetesStory } from '../../../contracts/kubernetes-story.ts';
import { kubernetesWorkloads } from '../../../contracts/kubernetes-workloads.ts';
import { openSimulatedSite } from '../../../kit/site-simulated.ts';

kubernetesNodes('the simulated cluster', openSimulatedSite);
kubernetesSteps('the simulated cluster', openSimulatedSite);
kubernetesWorkloads('the simulated cluster', openSimulatedSite);
kubernetesStory('the simulated cluster', openSimulatedSite);
