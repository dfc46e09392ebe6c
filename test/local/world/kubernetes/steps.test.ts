import { kubernetesSteps } from '../../../contracts/kubernetes-steps.ts';
import { kubernetesWorkloads } from '../../../contracts/kubernetes-workloads.ts';
import { openSimulatedSite } from '../../../kit/site-simulated.ts';

kubernetesSteps('the simulated cluster', openSimulatedSite);
kubernetesWorkloads('the simulated cluster', openSimulatedSite);
